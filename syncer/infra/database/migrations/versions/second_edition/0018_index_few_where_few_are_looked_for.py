"""Index only the rows that anybody looks for: those that fail, left the sync, have a problem or a value to be
found by. What is due is counted from its index alone."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | Sequence[str] | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_KIND = ["kind", "entity"]
_FILLED = ("element_link", "salesforce_link", "element_match", "salesforce_match")


def upgrade() -> None:
    """Go from the revision before to this one."""
    for name in ("pairs_due", "pairs_failing", "pairs_by_contact", *(f"pairs_by_{name}" for name in _FILLED)):
        op.drop_index(name, "pairs")
    op.create_index("pairs_due", "pairs", [*_KIND, "due", "id", "try_after"])
    for column in _FILLED:
        _create(f"pairs_by_{column}", [*_KIND, column], f"{column} IS NOT NULL")
    _create("pairs_by_contact", ["contact_id"], "contact_id IS NOT NULL")
    _create("pairs_failing", [*_KIND, "id"], "failing")
    _create("pairs_with_problem", [*_KIND, "id"], "problem IS NOT NULL")


def _create(name: str, columns: Sequence[str], where: str) -> None:
    flag = "" if " " in where else " = 1"  # SQLite has no truth values
    op.create_index(
        name, "pairs", columns, sqlite_where=sa.text(f"{where}{flag}"), postgresql_where=sa.text(where)
    )


def downgrade() -> None:
    """Go back to the revision before."""
    few = ("pairs_failing", "pairs_with_problem", "pairs_by_contact")
    for name in (*few, "pairs_due", *(f"pairs_by_{name}" for name in _FILLED)):
        op.drop_index(name, "pairs")
    op.create_index("pairs_due", "pairs", [*_KIND, "due", "id"])
    op.create_index("pairs_failing", "pairs", [*_KIND, "failing"])
    op.create_index("pairs_by_contact", "pairs", ["contact_id"])
    for column in _FILLED:
        op.create_index(f"pairs_by_{column}", "pairs", [*_KIND, column])
