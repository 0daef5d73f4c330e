"""Remember of each record which of its fields hold text that cannot be decoded."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | Sequence[str] | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

COLUMNS = ("element_damaged", "salesforce_damaged")


def upgrade() -> None:
    """Go from the revision before to this one."""
    for name in COLUMNS:
        op.add_column("pairs", sa.Column(name, sa.JSON(), nullable=True))


def downgrade() -> None:
    """Go back to the revision before."""
    for name in COLUMNS:
        op.drop_column("pairs", name)
