"""Keep whom each plan of a dry run is about, and how soon somebody has to look at them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | Sequence[str] | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_COLUMNS = ("person", "urgency")


def upgrade() -> None:
    """Go from the revision before to this one."""
    with op.batch_alter_table("planned", schema=None) as batch_op:
        for name in _COLUMNS:
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    # the default was for the rows that were there
    with op.batch_alter_table("planned", schema=None) as batch_op:
        for name in _COLUMNS:
            batch_op.alter_column(name, server_default=None)
    op.execute("UPDATE planned SET person = id")
    op.create_index("planned_by_person", "planned", ["run", "person", "id"])
    op.create_index("planned_by_urgency", "planned", ["run", "urgency", "person"])


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_index("planned_by_urgency", table_name="planned")
    op.drop_index("planned_by_person", table_name="planned")
    with op.batch_alter_table("planned", schema=None) as batch_op:
        for name in _COLUMNS:
            batch_op.drop_column(name)
