"""Let a Retry that was asked for name the field and the value that fail, and count quickly who is in step."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | Sequence[str] | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go from the revision before to this one."""
    op.add_column("requests", sa.Column("field", sa.String(), nullable=True))
    op.add_column("requests", sa.Column("value", sa.Text(), nullable=True))
    op.create_index(
        "pairs_left",
        "pairs",
        ["kind", "entity"],
        sqlite_where=sa.text("left_sync = 1"),
        postgresql_where=sa.text("left_sync"),
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_index("pairs_left", table_name="pairs")
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.drop_column("value")
        batch_op.drop_column("field")
