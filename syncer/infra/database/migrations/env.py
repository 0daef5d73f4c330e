"""Alembic's environment: it works on the open connection that `syncer.infra.database.alembic_commands` hands
over, in the caller's transaction."""

from alembic import context

from syncer.infra.database import tables  # noqa: F401  # importing it fills the metadata
from syncer.infra.database.table_row import TableRow

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=TableRow.metadata,
    render_as_batch=True,  # SQLite cannot alter a column in place
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
