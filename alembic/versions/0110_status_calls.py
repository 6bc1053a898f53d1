"""Status round-ups: rounds, the units asked, their answers in versions, texts, summaries, repeats."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from alembic import op

revision = "0110_status_calls"
down_revision = "0100_supplies"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
KEY = sa.BigInteger()


def upgrade() -> None:
    _rounds()
    _answers()
    _notices()
    _kept()
    op.execute(
        "CREATE FUNCTION refuse_status_answer_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'answers to round-ups are append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER status_answer_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON status_answer "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_status_answer_change()"
    )


def _rounds() -> None:
    op.create_table(
        "status_call",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("series_id", KEY, sa.ForeignKey("status_call.id"), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("questions", JSONB(), nullable=False),
        sa.Column("incident_id", KEY, sa.ForeignKey("incident.id"), nullable=True),
        sa.Column("opens_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("remind_at", INSTANT, nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=True),
        sa.Column("reminded_at", INSTANT, nullable=True),
        sa.Column("escalated_at", INSTANT, nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.UniqueConstraint("series_id", "round", name="status_rounds_are_numbered_once"),
        sa.CheckConstraint("due_at > opens_at", name="a_round_is_due_after_it_is_asked"),
        sa.CheckConstraint(
            "state IN ('planned', 'open', 'closed', 'cancelled')", name="status_call_state_is_known"
        ),
    )
    op.create_index("ix_status_call_incident_id", "status_call", ["incident_id"])
    op.create_index(
        "status_call_running",
        "status_call",
        ["stream", "due_at"],
        postgresql_where=sa.text("state IN ('planned','open')"),
    )
    op.create_table(
        "status_recipient",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("call_id", KEY, sa.ForeignKey("status_call.id"), nullable=False),
        sa.Column("unit_id", KEY, sa.ForeignKey("org_unit.id"), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("read_at", INSTANT, nullable=True),
        sa.Column("read_by", sa.String(), nullable=False),
        sa.UniqueConstraint("call_id", "unit_id", name="a_unit_is_asked_once_a_round"),
    )
    op.create_index("ix_status_recipient_unit_id", "status_recipient", ["unit_id"])


def _answers() -> None:
    op.create_table(
        "status_answer",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("recipient_id", KEY, sa.ForeignKey("status_recipient.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("nothing", sa.Boolean(), nullable=False),
        sa.Column("told", JSONB(), nullable=False),
        sa.Column("doubts", JSONB(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("told_by", sa.String(), nullable=False),
        sa.Column("voucher", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("as_of", INSTANT, nullable=False),
        sa.Column("told_at", INSTANT, nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("late_minutes", sa.Integer(), nullable=False),
        sa.UniqueConstraint("recipient_id", "version", name="answer_versions_are_numbered_once"),
        sa.CheckConstraint("as_of <= told_at", name="figures_are_not_younger_than_their_telling"),
    )


def _notices() -> None:
    op.create_table(
        "status_notice",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("recipient_id", KEY, sa.ForeignKey("status_recipient.id"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("delivery_id", KEY, sa.ForeignKey("delivery.id"), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("person_id", KEY, sa.ForeignKey("person.id"), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("why_zh", sa.String(), nullable=False),
        sa.Column("why_en", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
    )
    op.create_index("ix_status_notice_recipient_id", "status_notice", ["recipient_id"])
    op.create_table(
        "status_text",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("call_id", KEY, sa.ForeignKey("status_call.id"), nullable=True),
        sa.Column("recipient_id", KEY, sa.ForeignKey("status_recipient.id"), nullable=True),
        sa.Column("device_id", KEY, sa.ForeignKey("device.id"), nullable=False),
        sa.Column("dedup_key", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("heard_at", INSTANT, nullable=False),
        sa.Column("taken", sa.Boolean(), nullable=False),
        sa.Column("reply", sa.String(), nullable=False),
    )
    op.create_index("ix_status_text_call_id", "status_text", ["call_id"])


def _kept() -> None:
    op.create_table(
        "status_summary",
        sa.Column("call_id", KEY, sa.ForeignKey("status_call.id"), primary_key=True),
        sa.Column("version", KEY, primary_key=True, autoincrement=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("detail", JSONB(), nullable=False),
    )
    op.create_table(
        "status_repeat",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("series_id", KEY, sa.ForeignKey("status_call.id"), nullable=False),
        sa.Column("every_hours", sa.Integer(), nullable=True),
        sa.Column("times", ARRAY(sa.Text()), nullable=False),
        sa.Column("lead_minutes", sa.Integer(), nullable=False),
        sa.Column("next_due_at", INSTANT, nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("set_at", INSTANT, nullable=False),
        sa.Column("stopped_by", sa.String(), nullable=True),
        sa.Column("stopped_at", INSTANT, nullable=True),
    )
    op.create_index(
        "a_series_repeats_once_at_a_time",
        "status_repeat",
        ["series_id"],
        unique=True,
        postgresql_where=sa.text("stopped_at IS NULL"),
    )
