"""Hand-over: who owns a desk, sheets with their items, teams and signatures, matters handed on."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from alembic import op

revision = "0070_handover"
down_revision = "0041_offices"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
BIG = sa.BigInteger()


def text(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(), nullable=nullable)


def at(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, INSTANT, nullable=nullable)


def to(name: str, target: str, **more: object) -> sa.Column:
    return sa.Column(name, BIG, sa.ForeignKey(target), nullable=False, **more)


def upgrade() -> None:
    op.create_table(
        "desk_ownership",
        sa.Column("id", BIG, primary_key=True),
        text("stream"),
        to("post_id", "duty_post.id"),
        to("lead_person_id", "person.id"),
        sa.Column("team_person_ids", ARRAY(BIG), nullable=False),
        at("since"),
    )
    op.create_index("desk_ownership_of_post", "desk_ownership", ["post_id", "since"])
    op.create_table(
        "handover",
        sa.Column("id", BIG, primary_key=True),
        text("stream"),
        to("post_id", "duty_post.id"),
        at("change_at"),
        text("state"),
        text("opened_by"),
        at("opened_at"),
        at("completed_at", nullable=True),
        sa.UniqueConstraint("post_id", "change_at", name="a_change_is_handed_over_once"),
    )
    op.create_index(
        "one_open_handover_per_post",
        "handover",
        ["post_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    _items()
    _members()
    op.create_table(
        "handover_signature",
        to("handover_id", "handover.id", primary_key=True, autoincrement=False),
        sa.Column("part", sa.String(), primary_key=True),
        to("person_id", "person.id"),
        text("person_name"),
        text("typed_by", nullable=True),
        text("reason"),
        at("signed_at"),
        sa.UniqueConstraint("handover_id", "person_id", name="nobody_signs_twice"),
    )
    _matters()


def _items() -> None:
    op.create_table(
        "handover_item",
        sa.Column("id", BIG, primary_key=True),
        to("handover_id", "handover.id"),
        text("key"),
        text("kind"),
        text("zh"),
        text("en"),
        at("due_at", nullable=True),
        sa.Column("incident_id", BIG, nullable=True),
        at("added_at"),
        at("altered_at", nullable=True),
        at("gone_at", nullable=True),
        text("opened_by", nullable=True),
        at("opened_at", nullable=True),
        text("ticked_by", nullable=True),
        sa.Column("ticked_person_id", BIG, nullable=True),
        at("ticked_at", nullable=True),
        sa.Column("in_order", sa.Boolean(), nullable=True),
        text("remark"),
        sa.UniqueConstraint("handover_id", "key", name="an_item_stands_once_on_a_sheet"),
    )


def _members() -> None:
    op.create_table(
        "handover_member",
        to("handover_id", "handover.id", primary_key=True, autoincrement=False),
        to("person_id", "person.id", primary_key=True, autoincrement=False),
        text("side"),
        to("seat_id", "duty_seat.id"),
        text("role"),
        at("starts_at"),
        at("ends_at"),
        at("arrived_at", nullable=True),
        sa.Column("late_min", sa.Integer(), nullable=True),
        at("left_at", nullable=True),
        sa.Column("overtime_min", sa.Integer(), nullable=True),
        sa.Column("left_before_relief", sa.Boolean(), nullable=False),
        text("remark"),
        sa.CheckConstraint("side IN ('outgoing', 'incoming')", name="a_member_has_a_side"),
    )


def _matters() -> None:
    op.create_table(
        "desk_matter",
        sa.Column("id", BIG, primary_key=True),
        text("stream"),
        to("post_id", "duty_post.id"),
        text("kind"),
        text("text"),
        at("due_at", nullable=True),
        text("made_by"),
        at("made_at"),
        text("closed_by", nullable=True),
        at("closed_at", nullable=True),
        text("outcome"),
    )
    op.create_index(
        "desk_matter_open",
        "desk_matter",
        ["post_id", "id"],
        postgresql_where=sa.text("closed_at IS NULL"),
    )
