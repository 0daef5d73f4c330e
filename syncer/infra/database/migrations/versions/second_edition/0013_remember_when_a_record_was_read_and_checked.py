"""Remember when each side of a record was read last, and which run found that all its values agree."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "0013"
down_revision: str | Sequence[str] | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TIMES = ("element_read_at", "salesforce_read_at", "checked_at")


def upgrade() -> None:
    """Go from the revision before to this one."""
    with op.batch_alter_table("pairs", schema=None) as batch_op:
        for name in TIMES:
            batch_op.add_column(sa.Column(name, sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("checked_in", sa.Integer(), nullable=False, server_default="0"))
    # the default was for the rows that were there
    with op.batch_alter_table("pairs", schema=None) as batch_op:
        batch_op.alter_column("checked_in", server_default=None)


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("pairs", schema=None) as batch_op:
        batch_op.drop_column("checked_in")
        for name in TIMES:
            batch_op.drop_column(name)
