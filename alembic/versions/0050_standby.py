"""Readiness and standby: returns, names, head counts, exemptions, alerts, allowance sheets."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op

revision = "0050_standby"
down_revision = "0034_wishes"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def _key() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), primary_key=True)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _to(name: str, target: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), sa.ForeignKey(target), nullable=nullable)


def _day(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _at(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, INSTANT, nullable=nullable)


def _place(*, nullable: bool = False) -> sa.Column[str]:
    return sa.Column("region_code", sa.String(), sa.ForeignKey("region.code"), nullable=nullable)


def upgrade() -> None:
    _returns()
    _lists()
    _judgements()


def _returns() -> None:
    op.create_table(
        "readiness_return",
        _key(),
        _text("stream"),
        _to("team_id", "team.id"),
        _day("day"),
        _number("strength"),
        _number("on_post"),
        _number("on_leave"),
        _number("out"),
        _number("sick"),
        _text("note"),
        _flag("key_day"),
        _flag("late"),
        _number("revision"),
        _text("returned_by"),
        _at("returned_at"),
        sa.UniqueConstraint("team_id", "day", name="one_readiness_return_a_team_and_day"),
        sa.CheckConstraint(
            "on_post >= 0 AND on_leave >= 0 AND out >= 0 AND sick >= 0"
            " AND on_post + on_leave + out + sick = strength",
            name="readiness_return_adds_up",
        ),
    )


def _lists() -> None:
    op.create_table(
        "standby_list",
        _key(),
        _text("stream"),
        _place(),
        _day("day"),
        _to("team_id", "team.id", nullable=True),
        _number("version"),
        _number("required"),
        _flag("key_day"),
        _text("entered_by"),
        _at("entered_at"),
        _flag("late"),
        _text("accepted_by", nullable=True),
        _at("accepted_at", nullable=True),
        sa.Column("yuan_per_day", sa.Numeric(10, 2), nullable=True),
        sa.UniqueConstraint("region_code", "day", name="one_standby_list_a_place_and_day"),
    )
    op.create_table(
        "standby_person",
        _key(),
        sa.Column("list_id", sa.BigInteger(), sa.ForeignKey("standby_list.id"), nullable=False, index=True),
        _text("stream"),
        _day("day"),
        _text("name"),
        _text("phone"),
        _to("person_id", "person.id", nullable=True),
        _text("state"),
        _at("since"),
        _text("named_by"),
        _at("named_at"),
        _text("accepted_by", nullable=True),
        _at("accepted_at", nullable=True),
        _text("struck_by", nullable=True),
        _at("struck_at", nullable=True),
        _text("struck_reason"),
        sa.CheckConstraint("state IN ('named', 'accepted', 'struck')", name="standby_person_state_is_known"),
        sa.CheckConstraint(
            "(state = 'struck') = (struck_at IS NOT NULL)", name="standby_person_is_struck_at_a_time"
        ),
    )
    op.create_index(
        "standby_person_once_a_day",
        "standby_person",
        ["stream", "day", "person_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'struck' AND person_id IS NOT NULL"),
    )
    op.create_index(
        "standby_phone_once_a_day",
        "standby_person",
        ["stream", "day", "phone"],
        unique=True,
        postgresql_where=sa.text("state <> 'struck' AND phone <> ''"),
    )
    op.create_table(
        "standby_head_count",
        _key(),
        sa.Column("list_id", sa.BigInteger(), sa.ForeignKey("standby_list.id"), nullable=False, index=True),
        _text("method"),
        _number("listed"),
        _number("counted"),
        _text("remark"),
        _text("counted_by"),
        _at("counted_at"),
    )


def _judgements() -> None:
    op.create_table(
        "readiness_exemption",
        _key(),
        _text("stream"),
        _to("team_id", "team.id", nullable=True),
        _place(nullable=True),
        _day("first"),
        _day("until"),
        _number("floor"),
        _text("reason"),
        _text("granted_by"),
        _at("granted_at"),
        _text("revoked_by", nullable=True),
        _at("revoked_at", nullable=True),
        sa.CheckConstraint('"until" >= first', name="readiness_exemption_runs_forwards"),
        sa.CheckConstraint(
            "(team_id IS NULL) <> (region_code IS NULL)", name="readiness_exemption_is_for_one_subject"
        ),
    )
    op.create_table(
        "readiness_alert",
        _key(),
        _text("stream"),
        _text("subject"),
        _text("kind"),
        _day("day"),
        _number("required"),
        _number("present"),
        _at("opened_at"),
        _at("closed_at", nullable=True),
    )
    op.create_index(
        "readiness_alert_once_while_it_lasts",
        "readiness_alert",
        ["stream", "subject", "kind", "day"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "allowance_sheet",
        _key(),
        _text("stream"),
        _place(),
        _day("month"),
        _number("revision"),
        _number("person_days"),
        sa.Column("yuan", sa.Numeric(12, 2), nullable=False),
        sa.Column("lines", JSONB(), nullable=False),
        _text("approved_by"),
        _at("approved_at"),
        sa.UniqueConstraint("region_code", "month", "revision", name="allowance_sheet_revision_once"),
    )
