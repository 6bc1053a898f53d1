"""Spot checks: drawn posts, calls, failures to be put right, circulars with receipts, appeals."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0060_spot_check"
down_revision = "0050_standby"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def _key() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), primary_key=True)


def _of(name: str, table: str, key: str = "id", **options: object) -> sa.Column[int]:
    options = {"nullable": False, **options}
    return sa.Column(name, sa.BigInteger(), sa.ForeignKey(f"{table}.{key}"), **options)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _at(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, INSTANT, nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "spot_check",
        _key(),
        _text("stream"),
        _text("title"),
        _text("ordered_by"),
        _at("starts_at"),
        _at("ends_at"),
        sa.Column("pool", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("pool_ranks", postgresql.JSONB(), nullable=False),
        _text("weighting"),
        _text("seed"),
        sa.Column("response_level", sa.Integer(), nullable=True),
        _text("state"),
        _text("opened_by"),
        _at("opened_at"),
        _text("finished_by", nullable=True),
        _at("finished_at", nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name="spot_check_has_a_length"),
    )
    op.create_index("spot_check_of_stream", "spot_check", ["stream", "id"])
    op.create_table(
        "spot_finding",
        _key(),
        _of("spot_check_id", "spot_check"),
        _of("post_id", "duty_post"),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        _text("method"),
        _text("state"),
        _at("retry_due_at", nullable=True),
        sa.Column("roster", postgresql.JSONB(), nullable=False),
        _text("answered_by"),
        _text("relation", nullable=True),
        sa.Column("result", postgresql.JSONB(), nullable=True),
        sa.Column("leader", postgresql.JSONB(), nullable=True),
        sa.Column("failures", postgresql.ARRAY(sa.Text()), nullable=False),
        _at("judged_at", nullable=True),
        _text("judged_by"),
        sa.UniqueConstraint("spot_check_id", "post_id", name="a_post_is_drawn_once"),
    )
    op.create_index("spot_finding_of_post", "spot_finding", ["post_id", "judged_at"])
    op.create_table(
        "spot_attempt",
        _key(),
        _of("finding_id", "spot_finding"),
        sa.Column("number", sa.Integer(), nullable=False),
        _at("called_at"),
        _text("called_by"),
        sa.Column("answered", sa.Boolean(), nullable=True),
        _at("ended_at", nullable=True),
        sa.Column("rings", sa.Integer(), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.UniqueConstraint("finding_id", "number", name="an_attempt_has_its_number"),
    )
    _what_follows()


def _what_follows() -> None:
    op.create_table(
        "rectification",
        _key(),
        _text("stream"),
        _of("finding_id", "spot_finding"),
        _of("post_id", "duty_post"),
        _text("failure"),
        _at("opened_at"),
        _at("due_at"),
        _text("state"),
        _text("evidence"),
        _text("reported_by", nullable=True),
        _at("reported_at", nullable=True),
        _text("remark"),
        _text("confirmed_by", nullable=True),
        _at("confirmed_at", nullable=True),
        sa.UniqueConstraint("finding_id", "failure", name="a_failure_is_rectified_once"),
    )
    op.create_table(
        "spot_circular",
        _of("spot_check_id", "spot_check", primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _text("title"),
        _text("body"),
        _text("state"),
        _text("drafted_by"),
        _at("drafted_at"),
        _text("signed_by", nullable=True),
        _at("signed_at", nullable=True),
        _text("issued_by", nullable=True),
        _at("issued_at", nullable=True),
    )
    op.create_table(
        "spot_receipt",
        _of("spot_check_id", "spot_circular", "spot_check_id", primary_key=True),
        _of("post_id", "duty_post", primary_key=True),
        _text("received_by", nullable=True),
        _at("received_at", nullable=True),
    )
    op.create_table(
        "spot_appeal",
        _key(),
        _text("stream"),
        _of("finding_id", "spot_finding"),
        _text("failure"),
        _text("evidence"),
        _text("asked_by"),
        _at("asked_at"),
        _text("state"),
        _text("decided_by", nullable=True),
        _at("decided_at", nullable=True),
        _text("remark"),
    )
    op.create_index(
        "a_failure_is_appealed_once_at_a_time",
        "spot_appeal",
        ["finding_id", "failure"],
        unique=True,
        postgresql_where=sa.text("state IN ('asked', 'upheld')"),
    )
