"""Working in the dark: contact, the centre's network, messengers, entries after the fact, pairs."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from alembic import op

revision = "0220_dark"
down_revision = "0230_register_versions"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    for name in ("channel", "voucher"):
        op.add_column("intake_notice", sa.Column(name, sa.String(), nullable=False, server_default=""))
    _network()
    _contact()
    _errands()
    _accounts()


def _network() -> None:
    op.create_table(
        "centre_network",
        sa.Column("stream", sa.String(), primary_key=True),
        sa.Column("state", sa.String(), nullable=False, server_default="online"),
        sa.Column("since", AT, nullable=False),
        sa.Column("found_by", sa.String(), nullable=False, server_default=""),
        sa.Column("by_name", sa.String(), nullable=False, server_default=""),
        sa.Column("channels", ARRAY(sa.Text()), nullable=False, server_default="{}"),
        sa.Column("probed_at", AT),
        sa.Column("trusted_at", AT),
    )
    op.create_table(
        "late_decision",
        sa.Column(
            "delivery_id",
            sa.BigInteger(),
            sa.ForeignKey("delivery.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("decision", sa.String()),
        sa.Column("reason", sa.String(), nullable=False, server_default=""),
        sa.Column("by_name", sa.String(), nullable=False, server_default=""),
        sa.Column("decided_at", AT),
        sa.Column("again_id", sa.BigInteger(), sa.ForeignKey("delivery.id")),
    )
    op.create_index(
        "late_decision_open", "late_decision", ["stream"], postgresql_where=sa.text("decided_at IS NULL")
    )


def _contact() -> None:
    op.create_table(
        "contact_watch",
        sa.Column("stream", sa.String(), primary_key=True),
        sa.Column("looked_at", AT, nullable=False),
        sa.Column("listening_since", AT, nullable=False),
    )
    op.create_table(
        "contact_sign",
        sa.Column("stream", sa.String(), primary_key=True),
        sa.Column("unit", sa.String(), primary_key=True),
        sa.Column("means", sa.String(), primary_key=True),
        sa.Column("at", AT, nullable=False),
    )
    op.create_table(
        "unit_contact",
        sa.Column("stream", sa.String(), primary_key=True),
        sa.Column("unit", sa.String(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("since", AT, nullable=False),
        sa.Column("heartbeat_at", AT, nullable=False),
        sa.Column("means", ARRAY(sa.Text()), nullable=False, server_default="{}"),
        sa.Column("frozen", JSONB(), nullable=False),
    )
    op.create_table(
        "contact_task",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("opened_at", AT, nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("closed_at", AT),
        sa.Column("closed_by", sa.String(), nullable=False),
        sa.Column("closed_how", sa.String(), nullable=False),
    )
    op.create_index(
        "one_open_task_per_unit",
        "contact_task",
        ["stream", "unit"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "contact_attempt",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("task_id", sa.BigInteger(), sa.ForeignKey("contact_task.id"), nullable=False),
        sa.Column("means", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("voucher", sa.String(), nullable=False),
        sa.Column("happened_at", AT, nullable=False),
        sa.Column("told_at", AT, nullable=False),
        sa.Column("entered_at", AT, nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
    )
    op.create_index("ix_contact_attempt_task_id", "contact_attempt", ["task_id"])


def _errands() -> None:
    op.create_table(
        "messenger_run",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("messenger", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("region_code", sa.String(), sa.ForeignKey("region.code"), nullable=False),
        sa.Column("villages", ARRAY(sa.Text()), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("by_means", sa.String(), nullable=False),
        sa.Column("incident_id", sa.BigInteger(), sa.ForeignKey("incident.id")),
        sa.Column("left_at", AT, nullable=False),
        sa.Column("expected_at", AT, nullable=False),
        sa.Column("arrived_at", AT),
        sa.Column("back_at", AT),
        sa.Column("overdue_at", AT),
        sa.Column("report", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("voucher", sa.String(), nullable=False),
        sa.Column("sent_by", sa.String(), nullable=False),
        sa.Column("entered_at", AT, nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("readers", ARRAY(sa.Text()), nullable=False, server_default="{}"),
        sa.CheckConstraint("expected_at > left_at", name="a_messenger_is_expected_after_leaving"),
    )
    op.create_index(
        "messenger_out",
        "messenger_run",
        ["stream", "expected_at"],
        postgresql_where=sa.text("back_at IS NULL"),
    )


def _accounts() -> None:
    op.create_table(
        "late_entry",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ref_id", sa.BigInteger(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("incident_id", sa.BigInteger(), sa.ForeignKey("incident.id")),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("voucher", sa.String(), nullable=False),
        sa.Column("happened_at", AT, nullable=False),
        sa.Column("told_at", AT, nullable=False),
        sa.Column("entered_at", AT, nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.CheckConstraint(
            "happened_at <= told_at AND told_at <= entered_at", name="it_happens_is_told_is_entered"
        ),
    )
    op.create_index("late_entry_at", "late_entry", ["stream", "entered_at"])
    op.create_table(
        "suspected_pair",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("left_kind", sa.String(), nullable=False),
        sa.Column("left_id", sa.BigInteger(), nullable=False),
        sa.Column("right_kind", sa.String(), nullable=False),
        sa.Column("right_id", sa.BigInteger(), nullable=False),
        sa.Column("why_zh", sa.String(), nullable=False),
        sa.Column("why_en", sa.String(), nullable=False),
        sa.Column("found_at", AT, nullable=False),
        sa.Column("decision", sa.String()),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", AT),
        sa.UniqueConstraint(
            "stream", "left_kind", "left_id", "right_kind", "right_id", name="a_pair_is_suspected_once"
        ),
    )
    op.create_index(
        "suspected_pair_open", "suspected_pair", ["stream"], postgresql_where=sa.text("decision IS NULL")
    )


def downgrade() -> None:
    for table in (
        "suspected_pair",
        "late_entry",
        "messenger_run",
        "contact_attempt",
        "contact_task",
        "unit_contact",
        "contact_sign",
        "contact_watch",
        "late_decision",
        "centre_network",
    ):
        op.drop_table(table)
    for name in ("voucher", "channel"):
        op.drop_column("intake_notice", name)
