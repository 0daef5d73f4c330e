"""List the logs by what was done: contacts imported, contacts exported, conversations exported."""

from collections.abc import Sequence

from alembic import op

revision: str = "0006"
down_revision: str | Sequence[str] | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go from the revision before to this one."""
    op.drop_index("entries_by_direction", "entries")
    op.create_index("entries_by_kind", "entries", ["kind", "direction", "time", "id"])
    op.create_index("entries_by_kind_and_status", "entries", ["kind", "direction", "status", "time", "id"])


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_index("entries_by_kind_and_status", "entries")
    op.drop_index("entries_by_kind", "entries")
    op.create_index("entries_by_direction", "entries", ["direction", "time", "id"])
