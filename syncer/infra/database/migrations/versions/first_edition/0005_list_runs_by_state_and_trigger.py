"""List runs by state, by trigger and by time."""

from collections.abc import Sequence

from alembic import op

revision: str = "0005"
down_revision: str | Sequence[str] | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INDEXES = {
    "runs_by_state": ["state", "id"],
    "runs_by_trigger": ["trigger", "id"],
    "runs_by_time": ["started_at"],
}


def upgrade() -> None:
    """Go from the revision before to this one."""
    for name, columns in INDEXES.items():
        op.create_index(name, "runs", columns)


def downgrade() -> None:
    """Go back to the revision before."""
    for name in INDEXES:
        op.drop_index(name, "runs")
