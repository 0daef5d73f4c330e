"""Count what was blanked and deactivated without anybody's approval."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "0009"
down_revision: str | Sequence[str] | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go from the revision before to this one."""
    op.create_table(
        "unasked",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("time", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("field", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("unasked", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unasked_time"), ["time"], unique=False)


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("unasked", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unasked_time"))
    op.drop_table("unasked")
