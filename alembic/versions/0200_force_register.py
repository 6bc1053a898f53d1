"""The register of forces: equipment with its readiness, experts and their calls; teams are amended."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from alembic import op

revision = "0200_force_register"
down_revision = "0220_dark"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("team", sa.Column("phone", sa.String(), nullable=False, server_default=""))
    op.add_column("team", sa.Column("active", sa.Boolean(), nullable=False, server_default="true"))
    op.add_column("team", sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("team", sa.Column("changed_by", sa.String(), nullable=False, server_default=""))
    op.add_column("team", sa.Column("changed_at", _INSTANT, nullable=True))
    op.create_table(
        "equipment",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), sa.ForeignKey("team.id"), nullable=True),
        sa.Column("unit_id", sa.BigInteger(), sa.ForeignKey("org_unit.id"), nullable=True),
        sa.Column("operator_ids", ARRAY(sa.BigInteger()), nullable=False, server_default="{}"),
        sa.Column("plate", sa.String(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("load_kg", sa.Integer(), nullable=True),
        sa.Column("fuel", sa.String(), nullable=False),
        sa.Column("licence_due", sa.Date(), nullable=True),
        sa.Column("readiness", sa.String(), nullable=False),
        sa.Column("ready_since", _INSTANT, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("inspection_due", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("changed_at", _INSTANT, nullable=False),
        sa.CheckConstraint("num_nonnulls(team_id, unit_id) = 1", name="equipment_has_one_keeper"),
        sa.CheckConstraint(
            "readiness IN ('ready', 'limited', 'in_repair', 'missing')", name="equipment_readiness_is_known"
        ),
    )
    op.create_index(
        "equipment_number_once",
        "equipment",
        ["stream", "number"],
        unique=True,
        postgresql_where=sa.text("active"),
    )
    op.create_index("equipment_of_team", "equipment", ["team_id"], postgresql_where=sa.text("active"))
    op.create_table(
        "expert",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("sector", sa.String(), nullable=False),
        sa.Column("speciality", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("workplace", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("region_code", sa.String(), sa.ForeignKey("region.code"), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("changed_at", _INSTANT, nullable=False),
    )
    op.create_index("expert_sector", "expert", ["stream", "sector"])
    op.create_table(
        "expert_call",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("expert_id", sa.BigInteger(), sa.ForeignKey("expert.id"), nullable=False),
        sa.Column("incident_id", sa.BigInteger(), sa.ForeignKey("incident.id"), nullable=False),
        sa.Column("called_by", sa.String(), nullable=False),
        sa.Column("called_at", _INSTANT, nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("advice", sa.String(), nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("entered_at", _INSTANT, nullable=False),
    )
    op.create_index("ix_expert_call_incident_id", "expert_call", ["incident_id"])


def downgrade() -> None:
    op.drop_table("expert_call")
    op.drop_table("expert")
    op.drop_table("equipment")
    for column in ("changed_at", "changed_by", "revision", "active", "phone"):
        op.drop_column("team", column)
