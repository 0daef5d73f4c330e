"""Alert people, and list the logs by time."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "0003"
down_revision: str | Sequence[str] | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BY = ("status", "element_id", "salesforce_id", "run")
WITH_CODE = sa.text("code <> ''")


def upgrade() -> None:
    """Go from the revision before to this one."""
    op.create_table(
        "alerts",
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("told_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("untold", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    for name in BY:
        op.drop_index(f"entries_by_{name}", "entries")
        op.create_index(f"entries_by_{name}", "entries", [name, "time", "id"])
    op.create_index("entries_by_time", "entries", ["time", "id"])
    op.create_index("entries_by_direction", "entries", ["direction", "time", "id"])
    op.create_index("entries_by_run_and_status", "entries", ["run", "status", "time", "id"])
    op.create_index(
        "entries_by_code",
        "entries",
        ["code", "time", "id"],
        sqlite_where=WITH_CODE,
        postgresql_where=WITH_CODE,
    )


def downgrade() -> None:
    """Go back to the revision before."""
    for name in ("code", "run_and_status", "direction", "time"):
        op.drop_index(f"entries_by_{name}", "entries")
    for name in BY:
        op.drop_index(f"entries_by_{name}", "entries")
        op.create_index(f"entries_by_{name}", "entries", [name, "id"])
    op.drop_table("alerts")
