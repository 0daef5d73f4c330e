"""Alembic's environment: it works on the open connection that `syncer.infra.database.alembic_commands` hands
over, in the caller's transaction."""

from alembic import context
from sqlmodel import SQLModel

from syncer.infra.database import tables  # noqa: F401  # importing it fills the metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,  # SQLite cannot alter a column in place
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
