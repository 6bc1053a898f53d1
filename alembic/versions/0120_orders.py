"""Orders with recipients, tasks, answers and supervision; leaders' instructions."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from alembic import op

revision = "0120_orders"
down_revision = "0110_status_calls"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def _id() -> sa.Column:
    return sa.Column("id", sa.BigInteger(), primary_key=True)


def _text(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(), nullable=nullable)


def _at(name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, INSTANT, nullable=nullable)


def _of(name: str, table: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), sa.ForeignKey(f"{table}.id"), nullable=nullable)


def _count(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def upgrade() -> None:
    op.add_column("delivery", sa.Column("order_recipient_id", sa.BigInteger(), nullable=True))
    op.create_index("ix_delivery_order_recipient_id", "delivery", ["order_recipient_id"])
    op.create_table(
        "order_number",
        sa.Column("stream", sa.String(), primary_key=True),
        sa.Column("series", sa.String(), primary_key=True),
        sa.Column("year", sa.Integer(), primary_key=True, autoincrement=False),
        _count("last"),
    )
    op.create_table(
        "leader_instruction",
        _id(),
        _text("stream"),
        sa.Column("region_code", sa.String(), sa.ForeignKey("region.code"), nullable=False),
        *(_text(name) for name in ("leader_name", "leader_post", "text", "told_how", "photo_ref")),
        _of("incident_id", "incident", nullable=True),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        *(_at(name, nullable=False) for name in ("said_at", "told_at", "entered_at")),
        _text("written_by"),
        _text("state"),
        _text("closed_by", nullable=True),
        _at("closed_at"),
        _text("outcome"),
    )
    op.create_index("ix_leader_instruction_incident_id", "leader_instruction", ["incident_id"])
    op.create_index("leader_instruction_state", "leader_instruction", ["stream", "state", "id"])
    op.create_table(
        "dispatch_order",
        _id(),
        _text("stream"),
        sa.Column("region_code", sa.String(), sa.ForeignKey("region.code"), nullable=False),
        _text("series", nullable=True),
        _count("year", nullable=True),
        _count("running", nullable=True),
        _text("number", nullable=True),
        _count("version"),
        _count("revision"),
        *(_text(name) for name in ("state", "title", "text", "basis", "basis_text")),
        _of("incident_id", "incident", nullable=True),
        _of("instruction_id", "leader_instruction", nullable=True),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        _text("report_requirement"),
        _at("report_due_at"),
        _count("ack_within_s"),
        _text("issued_as", nullable=True),
        _text("consent_of"),
        _at("consent_at"),
        _text("drafted_by"),
        _at("drafted_at", nullable=False),
        _text("issued_by", nullable=True),
        _at("issued_at"),
        _at("closed_at"),
        _text("withdrawn_by", nullable=True),
        _at("withdrawn_at"),
        _text("withdrawn_reason"),
        sa.UniqueConstraint("stream", "series", "year", "running", name="an_order_number_is_given_once"),
        sa.CheckConstraint("(number IS NULL) = (issued_at IS NULL)", name="an_issued_order_has_a_number"),
    )
    op.create_index("dispatch_order_state", "dispatch_order", ["stream", "state", "id"])
    for name in ("incident_id", "instruction_id"):
        op.create_index(f"ix_dispatch_order_{name}", "dispatch_order", [name])
    op.create_table(
        "order_version",
        sa.Column("order_id", sa.BigInteger(), sa.ForeignKey("dispatch_order.id"), primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("content", JSONB(), nullable=False),
        _text("reason"),
        _text("made_by"),
        _at("made_at", nullable=False),
    )
    _recipients()
    op.create_table(
        "order_task",
        _id(),
        _of("order_id", "dispatch_order"),
        _of("recipient_id", "order_recipient"),
        _count("ordinal"),
        _text("kind"),
        _text("text"),
        _at("due_at"),
        _text("state"),
    )
    op.create_index("ix_order_task_order_id", "order_task", ["order_id"])
    op.create_index("order_task_of_recipient", "order_task", ["recipient_id", "ordinal"])
    op.create_table(
        "order_answer",
        _id(),
        _of("recipient_id", "order_recipient"),
        _count("version"),
        _text("kind"),
        _text("text"),
        sa.Column("task_ids", ARRAY(sa.BigInteger()), nullable=False),
        *(_text(name) for name in ("channel", "voucher", "by")),
        *(_at(name, nullable=False) for name in ("happened_at", "told_at", "entered_at")),
    )
    op.create_index("order_answer_of_recipient", "order_answer", ["recipient_id", "id"])
    op.create_table(
        "order_supervision",
        _id(),
        _of("recipient_id", "order_recipient"),
        _count("round"),
        _text("about"),
        _count("step"),
        _at("due_at", nullable=False),
        _at("fired_at", nullable=False),
        sa.Column("called", JSONB(), nullable=False),
        sa.UniqueConstraint("recipient_id", "round", "about", "step", name="a_supervision_fires_once"),
    )


def _recipients() -> None:
    op.create_table(
        "order_recipient",
        _id(),
        _text("stream"),
        _of("order_id", "dispatch_order"),
        _count("ordinal"),
        _of("unit_id", "org_unit", nullable=True),
        _of("team_id", "team", nullable=True),
        _of("person_id", "person", nullable=True),
        *(_text(name) for name in ("name", "region_code", "state", "reach")),
        _count("round"),
        _at("sent_at"),
        _at("ack_due_at"),
        _at("acknowledged_at"),
        _text("acknowledged_by"),
        _text("ack_channel", nullable=True),
        _count("acked_version", nullable=True),
        _at("report_due_at"),
        _at("reported_at"),
        _at("closed_at"),
        _text("closed_by"),
        _count("ack_told"),
        _count("report_told"),
        _at("next_step_at"),
        sa.CheckConstraint("num_nonnulls(unit_id, team_id, person_id) = 1", name="order_recipient_is_one"),
    )
    op.create_index(
        "order_recipient_due",
        "order_recipient",
        ["next_step_at"],
        postgresql_where=sa.text("next_step_at IS NOT NULL"),
    )
    op.create_index("order_recipient_of_order", "order_recipient", ["order_id", "ordinal"])
