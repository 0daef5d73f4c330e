"""Say of a failed entry by which run it was resolved."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | Sequence[str] | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go from the revision before to this one."""
    # not by a copy of the table, which is large
    op.add_column("entries", sa.Column("resolved_by", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.drop_column("resolved_by")
