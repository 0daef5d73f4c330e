"""Remember since when a record is absent from reads by its ID, and which problem pairing found, and
that a change was missed."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "0012"
down_revision: str | Sequence[str] | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

COLUMNS = ("element_absent_since", "salesforce_absent_since")


def upgrade() -> None:
    """Go from the revision before to this one."""
    with op.batch_alter_table("pairs", schema=None) as batch_op:
        for name in COLUMNS:
            batch_op.add_column(sa.Column(name, sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(
            sa.Column("problem_code", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("missed", sa.Boolean(), nullable=False, server_default=sa.false()))
    # the defaults were for the rows that were there
    with op.batch_alter_table("pairs", schema=None) as batch_op:
        batch_op.alter_column("problem_code", server_default=None)
        batch_op.alter_column("missed", server_default=None)


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("pairs", schema=None) as batch_op:
        batch_op.drop_column("missed")
        batch_op.drop_column("problem_code")
        for name in COLUMNS:
            batch_op.drop_column(name)
