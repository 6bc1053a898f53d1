"""Who takes part in a drill; whom its notices and alarms concern; which stand still."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from alembic import op

revision = "0620_drill_parties"
down_revision = "0601_personal_reading"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drill_party",
        sa.Column("drill_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("role", sa.String(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.CheckConstraint(
            "role IN ('participant', 'observer', 'controller')",
            name="a_party_takes_part_looks_on_or_controls",
        ),
    )
    op.create_table(
        "drill_pause",
        sa.Column("drill_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
    )
    for table in ("alarm", "intake_notice"):
        op.add_column(table, sa.Column("readers", ARRAY(sa.Text()), nullable=False, server_default="{}"))
    op.create_index(
        "incident_named",
        "incident",
        ["stream"],
        postgresql_where=sa.text("readers <> '{}' AND NOT restricted"),
    )


def downgrade() -> None:
    op.drop_index("incident_named", "incident")
    for table in ("intake_notice", "alarm"):
        op.drop_column(table, "readers")
    op.drop_table("drill_pause")
    op.drop_table("drill_party")
