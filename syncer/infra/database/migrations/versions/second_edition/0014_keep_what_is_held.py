"""Keep what is held, by whom, and until when."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "0014"
down_revision: str | Sequence[str] | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TEXT = sqlmodel.sql.sqltypes.AutoString
TIME = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    """Go from the revision before to this one."""
    op.create_table(
        "holds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", TEXT(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_by", TEXT(), nullable=False),
        sa.Column("placed_at", TIME(), nullable=False),
        sa.Column("until", TIME(), nullable=True),
        sa.Column("run", sa.Integer(), nullable=True),
        sa.Column("ended_at", TIME(), nullable=True),
        sa.Column("ended_by", TEXT(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("holds_by_end", "holds", ["ended_at", "until"])
    op.create_index("holds_by_run", "holds", ["run"])
    op.create_table(
        "held",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hold", sa.Integer(), nullable=False),
        sa.Column("pair", sa.Integer(), nullable=False),
        sa.Column("what", TEXT(), nullable=False),
        sa.Column("system", TEXT(), nullable=False),
        sa.Column("element451", TEXT(), nullable=False),
        sa.Column("salesforce", TEXT(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("held_by_hold", "held", ["hold", "id"])
    op.create_index("held_by_pair", "held", ["pair"])
    with op.batch_alter_table("pairs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held", sa.Boolean(), nullable=False, server_default=sa.false()))
    # the default was for the rows that were there
    with op.batch_alter_table("pairs", schema=None) as batch_op:
        batch_op.alter_column("held", server_default=None)


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("pairs", schema=None) as batch_op:
        batch_op.drop_column("held")
    op.drop_table("held")
    op.drop_table("holds")
