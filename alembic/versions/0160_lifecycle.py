"""The life of incidents: ties, planned incidents, command bodies."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op

revision = "0160_lifecycle"
down_revision = "0190_readers"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
ACTIVE = sa.text("undone_at IS NULL")


def upgrade() -> None:
    op.add_column("incident", sa.Column("scheduled_for", INSTANT, nullable=True))
    op.add_column(
        "incident", sa.Column("scheduled_by_id", sa.BigInteger(), sa.ForeignKey("account.id"), nullable=True)
    )
    op.add_column(
        "incident", sa.Column("merged_into_id", sa.BigInteger(), sa.ForeignKey("incident.id"), nullable=True)
    )
    op.create_index(
        "incident_due", "incident", ["scheduled_for"], postgresql_where=sa.text("state = 'scheduled'")
    )
    op.create_table(
        "incident_link",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("from_id", sa.BigInteger(), sa.ForeignKey("incident.id"), nullable=False),
        sa.Column("to_id", sa.BigInteger(), sa.ForeignKey("incident.id"), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("undone_by", sa.String(), nullable=True),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.Column("undone_reason", sa.String(), nullable=True),
        sa.Column("moved", JSONB, nullable=False),
        sa.Column("before", JSONB, nullable=False),
        sa.CheckConstraint("from_id <> to_id", name="incident_link_joins_two"),
    )
    op.create_index("ix_incident_link_from_id", "incident_link", ["from_id"])
    op.create_index("ix_incident_link_to_id", "incident_link", ["to_id"])
    op.create_index(
        "one_tie_of_a_kind_between_two_incidents",
        "incident_link",
        ["kind", "from_id", "to_id"],
        unique=True,
        postgresql_where=ACTIVE,
    )
    op.create_index(
        "one_parent_of_an_incident",
        "incident_link",
        ["from_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'child' AND undone_at IS NULL"),
    )
    _command_bodies()


def _command_bodies() -> None:
    op.create_table(
        "command_body",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("hazards", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("posts", JSONB, nullable=False),
        sa.Column("member_unit_ids", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("retired_at", INSTANT, nullable=True),
    )
    op.create_index("ix_command_body_stream", "command_body", ["stream"])
    op.create_table(
        "command_activation",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("incident_id", sa.BigInteger(), sa.ForeignKey("incident.id"), nullable=False),
        sa.Column("body_id", sa.BigInteger(), sa.ForeignKey("command_body.id"), nullable=False),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("activated_at", INSTANT, nullable=False),
        sa.Column("told_at", INSTANT, nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("voucher", sa.String(), nullable=False),
        sa.Column("stood_down_at", INSTANT, nullable=True),
        sa.Column("stood_down_by", sa.String(), nullable=True),
        sa.Column("stood_down_reason", sa.String(), nullable=True),
    )
    op.create_index("ix_command_activation_incident_id", "command_activation", ["incident_id"])
    op.create_index(
        "one_active_command_of_a_body_at_an_incident",
        "command_activation",
        ["incident_id", "body_id"],
        unique=True,
        postgresql_where=sa.text("stood_down_at IS NULL"),
    )
    op.create_table(
        "command_holding",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("activation_id", sa.BigInteger(), sa.ForeignKey("command_activation.id"), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("from_at", INSTANT, nullable=False),
        sa.Column("to_at", INSTANT, nullable=True),
        sa.Column("told_at", INSTANT, nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("voucher", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
    )
    op.create_index("ix_command_holding_activation_id", "command_holding", ["activation_id"])
