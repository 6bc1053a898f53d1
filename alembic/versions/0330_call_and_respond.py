"""Call-and-respond: rounds, frozen lists, calls, reports; the standing list, its filing, the minutes."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from alembic import op

revision = "0330_call_and_respond"
down_revision = "0301_rules_withdrawn"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)


def _text(*names: str, null: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=null) for name in names]


def _at(*names: str, null: bool = True) -> list[sa.Column[object]]:
    return [sa.Column(name, AT, nullable=null) for name in names]


def _to(name: str, where: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), sa.ForeignKey(where), nullable=null)


def upgrade() -> None:
    _rounds()
    _targets()
    _people()
    _settings()


def _rounds() -> None:
    op.create_table(
        "callout_round",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        *_text("stream", "kind", "cause_kind", "title", "colour", "hazard", "expected", "area", "harm"),
        *_text("state", "started_by", "drawn_by", "draw_seed", "ended_by", "ended_words"),
        sa.Column("cause_id", sa.BigInteger(), nullable=True),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("region_codes", ARRAY(sa.Text()), nullable=False),
        sa.Column("limits", JSONB(), nullable=False),
        sa.Column("limits_version", sa.Integer(), nullable=False),
        _to("same_as_id", "callout_round.id", null=True),
        *_at("started_at", null=False),
        *_at("drawn_at", "ended_at"),
    )
    running = "state = 'running'"
    op.create_index("callout_running", "callout_round", ["stream"], postgresql_where=sa.text(running))
    op.create_index(
        "a_cause_is_called_once_at_a_time",
        "callout_round",
        ["stream", "cause_kind", "cause_id", "colour"],
        unique=True,
        postgresql_where=sa.text(f"{running} AND cause_id IS NOT NULL AND kind = 'alert'"),
    )


def _targets() -> None:
    op.create_table(
        "callout_target",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        _to("round_id", "callout_round.id"),
        *_text("tier", "name", "caller", "answered_by", "answered_means", "answered_words"),
        *_text("verified_by", "verified_words"),
        *_text("outcome", null=True),
        sa.Column("region_code", sa.String(), sa.ForeignKey("region.code"), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("gaps", ARRAY(sa.Text()), nullable=False),
        sa.Column("tried", sa.Integer(), nullable=False),
        sa.Column("drawn", sa.Boolean(), nullable=False),
        *_at("due_at", null=False),
        *_at("failed_at", "next_at", "overdue_at", "answered_at", "acted_at", "feedback_due_at"),
        *_at("feedback_asked_at", "fed_back_at", "verified_at"),
        sa.UniqueConstraint("round_id", "tier", "region_code", "ordinal", name="a_target_is_called_once"),
    )
    op.create_index("ix_callout_target_round_id", "callout_target", ["round_id"])
    op.create_index(
        "callout_target_next",
        "callout_target",
        ["next_at"],
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )


def _people() -> None:
    op.create_table(
        "callout_person",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        _to("target_id", "callout_target.id"),
        _to("person_id", "person.id", null=True),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        *_text("role", "name", "title", "mobile", "call_sign", "satellite_number", "beidou_number", "code"),
        sa.Column("phones", ARRAY(sa.Text()), nullable=False),
        sa.Column("app", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "callout_call",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        _to("target_id", "callout_target.id"),
        _to("person_row_id", "callout_person.id", null=True),
        _to("delivery_id", "delivery.id", null=True),
        *_text("name", "number", "means", "purpose", "result", "words", "by", "owner"),
        sa.Column("attempt", sa.Integer(), nullable=False),
        *_at("at", "entered_at", null=False),
        *_at("due_at"),
    )
    op.create_table(
        "callout_report",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        _to("target_id", "callout_target.id"),
        *_text("kind", "words", "means", "told_by", "entered_by"),
        sa.Column("done", sa.Integer(), nullable=True),
        sa.Column("planned", sa.Integer(), nullable=True),
        sa.Column("feedback", sa.Boolean(), nullable=False),
        *_at("at", null=False),
    )
    for table in ("callout_person", "callout_call", "callout_report"):
        op.create_index(f"ix_{table}_target_id", table, ["target_id"])
    op.create_index("ix_callout_person_person_id", "callout_person", ["person_id"])


def _settings() -> None:
    op.create_table(
        "callout_limits",
        sa.Column("stream", sa.String(), primary_key=True),
        sa.Column("version", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("limits", JSONB(), nullable=False),
        *_text("reason", "made_by"),
        *_at("made_at", null=False),
    )
    op.create_table(
        "callout_listed",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        *_text("stream", "role"),
        sa.Column("region_code", sa.String(), sa.ForeignKey("region.code"), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        _to("person_id", "person.id", null=True),
        _to("office_id", "office.id", null=True),
        sa.UniqueConstraint("region_code", "ordinal", name="the_list_has_an_order"),
    )
    op.create_table(
        "callout_filing",
        sa.Column("stream", sa.String(), primary_key=True),
        sa.Column("year", sa.BigInteger(), primary_key=True, autoincrement=False),
        *_at("reminded_at", "overdue_at", "filed_at"),
        *_text("filed_by"),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("gaps", ARRAY(sa.Text()), nullable=False),
        sa.Column("snapshot", JSONB(), nullable=False),
    )
