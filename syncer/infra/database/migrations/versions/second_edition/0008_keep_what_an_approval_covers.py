"""Keep what an approval covers."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "0008"
down_revision: str | Sequence[str] | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go from the revision before to this one."""
    op.create_table(
        "shown",
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("pair", sa.Integer(), nullable=False),
        sa.Column("direction", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("run", "pair", "direction"),
    )
    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("approved_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("approved_counting", sa.Integer(), nullable=True))
        batch_op.create_index("runs_by_approval", ["approved_at"])


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.drop_index("runs_by_approval")
        batch_op.drop_column("approved_counting")
        batch_op.drop_column("approved_at")
    op.drop_table("shown")
