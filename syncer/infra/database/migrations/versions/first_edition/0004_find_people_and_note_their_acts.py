"""Find contacts by name, keep the plans of a dry run, and note who did what."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "0004"
down_revision: str | Sequence[str] | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go from the revision before to this one."""
    text = sqlmodel.sql.sqltypes.AutoString
    op.add_column("pairs", sa.Column("search", text(), nullable=True))
    op.create_index("pairs_by_search", "pairs", ["kind", "entity", "search"])
    op.create_table(
        "planned",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("direction", text(), nullable=False),
        sa.Column("kind", text(), nullable=False),
        sa.Column("status", text(), nullable=False),
        sa.Column("element_id", text(), nullable=True),
        sa.Column("salesforce_id", text(), nullable=True),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("planned_by_status", "planned", ["run", "status", "id"])
    op.create_index("planned_by_run", "planned", ["run", "id"])
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("time", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("person", text(), nullable=False),
        sa.Column("role", text(), nullable=False),
        sa.Column("act", text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_table("audit")
    op.drop_table("planned")
    op.drop_index("pairs_by_search", "pairs")
    with op.batch_alter_table("pairs") as batch:
        batch.drop_column("search")
