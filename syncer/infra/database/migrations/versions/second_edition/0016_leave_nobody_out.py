"""Give every stored configuration the filter that it had so far: none."""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | Sequence[str] | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_VERSIONS = sa.table("versions", sa.column("id", sa.Integer), sa.column("document", sa.JSON))
NOBODY: dict[str, list[Any]] = {"salesforce": [], "element451": []}


def upgrade() -> None:
    """Go from the revision before to this one."""
    _change(lambda preferences: {"filter": NOBODY, **preferences})


def downgrade() -> None:
    """Go back to the revision before, which knows no filters."""
    _change(lambda preferences: {name: part for name, part in preferences.items() if name != "filter"})


def _change(change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Write each version's document anew, one at a time, with its preferences ``change``d."""
    connection = op.get_bind()
    for number in connection.execute(sa.select(_VERSIONS.c.id).order_by(_VERSIONS.c.id)).scalars().all():
        of_number = _VERSIONS.c.id == number
        document = connection.execute(sa.select(_VERSIONS.c.document).where(of_number)).scalar_one()
        if "preferences" in document:
            changed = {**document, "preferences": change(document["preferences"])}
            connection.execute(sa.update(_VERSIONS).where(of_number).values(document=changed))
