"""Let values that a value map does not list pass, in versions from before that was a choice."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | Sequence[str] | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_VERSIONS = sa.table("versions", sa.column("id", sa.Integer), sa.column("document", sa.JSON))


def upgrade() -> None:
    """Go from the revision before to this one."""
    _change(lambda row: {**row, "unlisted": "pass"} if row.get("values") else row)


def downgrade() -> None:
    """Go back to the revision before, which knows no such choice."""
    _change(lambda row: {name: part for name, part in row.items() if name != "unlisted"})


def _change(change: Any) -> None:
    """Write each version's document anew, one at a time, with every mapped field ``change``d."""
    connection = op.get_bind()
    for number in connection.execute(sa.select(_VERSIONS.c.id).order_by(_VERSIONS.c.id)).scalars().all():
        of_number = _VERSIONS.c.id == number
        document = connection.execute(sa.select(_VERSIONS.c.document).where(of_number)).scalar_one()
        mappings = {kind: [change(row) for row in rows] for kind, rows in document["mappings"].items()}
        changed = {**document, "mappings": mappings}
        connection.execute(sa.update(_VERSIONS).where(of_number).values(document=changed))
