"""Begin with every table."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "0001"
down_revision: str | Sequence[str] | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go from the revision before to this one."""
    op.create_table(
        "catalogues",
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("read_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "connections",
        sa.Column("system", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("account", sa.JSON(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("message", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("secrets", sa.LargeBinary(), nullable=False),
        sa.Column("grant", sa.LargeBinary(), nullable=True),
        sa.Column("connected_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("paused_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("system"),
    )
    op.create_table(
        "entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("time", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("entity", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("direction", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("element_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("salesforce_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("retry_of", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.create_index("entries_by_element_id", ["element_id", "id"], unique=False)
        batch_op.create_index("entries_by_run", ["run", "id"], unique=False)
        batch_op.create_index("entries_by_salesforce_id", ["salesforce_id", "id"], unique=False)
        batch_op.create_index("entries_by_status", ["status", "id"], unique=False)

    op.create_table(
        "facts",
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "leases",
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("owner", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("expires_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "marks",
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("entity", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("system", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("cursor", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("began_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("reading_fields", sa.JSON(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("everything", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "entity", "system"),
    )
    op.create_table(
        "pairs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("entity", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("element_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("salesforce_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("element451", sa.JSON(), nullable=True),
        sa.Column("salesforce", sa.JSON(), nullable=True),
        sa.Column("element_state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("salesforce_state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("merged_into", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("element_link", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("salesforce_link", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("element_match", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("salesforce_match", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("contact_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("account", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("in_scope", sa.Boolean(), nullable=False),
        sa.Column("left_sync", sa.Boolean(), nullable=False),
        sa.Column("by_values", sa.Boolean(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("former", sa.JSON(), nullable=True),
        sa.Column("rewrites", sa.JSON(), nullable=True),
        sa.Column("failures", sa.JSON(), nullable=True),
        sa.Column("failing", sa.Boolean(), nullable=False),
        sa.Column("element_changed", sa.Boolean(), nullable=False),
        sa.Column("salesforce_changed", sa.Boolean(), nullable=False),
        sa.Column("due", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("tried_in", sa.Integer(), nullable=False),
        sa.Column("element_generation", sa.Integer(), nullable=False),
        sa.Column("salesforce_generation", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("pairs", schema=None) as batch_op:
        batch_op.create_index("pairs_by_contact", ["contact_id"], unique=False)
        batch_op.create_index("pairs_by_element_id", ["kind", "entity", "element_id"], unique=True)
        batch_op.create_index("pairs_by_element_link", ["kind", "entity", "element_link"], unique=False)
        batch_op.create_index("pairs_by_element_match", ["kind", "entity", "element_match"], unique=False)
        batch_op.create_index("pairs_by_salesforce_id", ["kind", "entity", "salesforce_id"], unique=True)
        batch_op.create_index("pairs_by_salesforce_link", ["kind", "entity", "salesforce_link"], unique=False)
        batch_op.create_index(
            "pairs_by_salesforce_match", ["kind", "entity", "salesforce_match"], unique=False
        )
        batch_op.create_index("pairs_due", ["kind", "entity", "due", "id"], unique=False)
        batch_op.create_index("pairs_failing", ["kind", "entity", "failing"], unique=False)

    op.create_table(
        "runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("trigger", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("started_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("calls", sa.JSON(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("numbers", sa.JSON(), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("progress", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "sending",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("entry", sa.JSON(), nullable=False),
        sa.Column("outgoing", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("sending", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sending_run"), ["run"], unique=False)

    op.create_table(
        "sign_ins",
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("secrets", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("expires_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("used_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("state"),
    )
    op.create_table(
        "versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("author", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_table("versions")
    op.drop_table("sign_ins")
    with op.batch_alter_table("sending", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sending_run"))

    op.drop_table("sending")
    op.drop_table("runs")
    with op.batch_alter_table("pairs", schema=None) as batch_op:
        batch_op.drop_index("pairs_failing")
        batch_op.drop_index("pairs_due")
        batch_op.drop_index("pairs_by_salesforce_match")
        batch_op.drop_index("pairs_by_salesforce_link")
        batch_op.drop_index("pairs_by_salesforce_id")
        batch_op.drop_index("pairs_by_element_match")
        batch_op.drop_index("pairs_by_element_link")
        batch_op.drop_index("pairs_by_element_id")
        batch_op.drop_index("pairs_by_contact")

    op.drop_table("pairs")
    op.drop_table("marks")
    op.drop_table("leases")
    op.drop_table("facts")
    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.drop_index("entries_by_status")
        batch_op.drop_index("entries_by_salesforce_id")
        batch_op.drop_index("entries_by_run")
        batch_op.drop_index("entries_by_element_id")

    op.drop_table("entries")
    op.drop_table("connections")
    op.drop_table("catalogues")
