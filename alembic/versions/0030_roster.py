"""Seats of the duty posts, rotations, published months, overrides, temporary schedules, shifts."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0030_roster"
down_revision = "0020_gateways"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column(
        "duty_post",
        sa.Column("lines", postgresql.ARRAY(sa.Text()), nullable=False, server_default="{}"),
    )
    op.create_table(
        "duty_seat",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("post_id", sa.BigInteger(), sa.ForeignKey("duty_post.id"), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("qualification", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.UniqueConstraint("post_id", "role", name="a_post_has_a_kind_of_seat_once"),
        sa.CheckConstraint("needed BETWEEN 0 AND 50", name="duty_seat_needed_is_sane"),
    )
    op.create_table(
        "seat_rotation",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("seat_id", sa.BigInteger(), sa.ForeignKey("duty_seat.id"), nullable=False, index=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("groups", postgresql.JSONB(), nullable=False),
        sa.Column("on_days", postgresql.JSONB(), nullable=True),
        sa.Column("windows", postgresql.JSONB(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint("length BETWEEN 1 AND 400", name="rotation_length_is_sane"),
    )
    op.create_table(
        "roster_month",
        sa.Column("post_id", sa.BigInteger(), sa.ForeignKey("duty_post.id"), primary_key=True),
        sa.Column("month", sa.Date(), primary_key=True),
        sa.Column("draft", postgresql.JSONB(), nullable=True),
        sa.Column("draft_version", sa.Integer(), nullable=False),
        sa.Column("draft_by", sa.String(), nullable=False),
        sa.Column("draft_at", INSTANT, nullable=True),
        sa.Column("published", postgresql.JSONB(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("published_by", sa.String(), nullable=False),
        sa.Column("published_at", INSTANT, nullable=True),
    )
    op.create_table(
        "roster_override",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("seat_id", sa.BigInteger(), sa.ForeignKey("duty_seat.id"), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("add_person_id", sa.BigInteger(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("remove_person_id", sa.BigInteger(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("swap_id", sa.BigInteger(), nullable=True, index=True),
        sa.Column("leave_id", sa.BigInteger(), nullable=True, index=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("revoked_by", sa.String(), nullable=True),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name="override_has_a_length"),
        sa.CheckConstraint(
            "add_person_id IS NOT NULL OR remove_person_id IS NOT NULL", name="override_does_something"
        ),
        sa.CheckConstraint(
            "add_person_id IS DISTINCT FROM remove_person_id", name="override_changes_somebody"
        ),
    )
    for what, name in (("add", "override_adds_a_person_once"), ("remove", "override_removes_a_person_once")):
        op.execute(
            f"""
            ALTER TABLE roster_override ADD CONSTRAINT {name} EXCLUDE USING gist (
              int8range(seat_id, seat_id, '[]') WITH &&,
              int8range({what}_person_id, {what}_person_id, '[]') WITH &&,
              tstzrange(starts_at, ends_at) WITH &&)
            WHERE (revoked_at IS NULL AND {what}_person_id IS NOT NULL)
            """
        )
    op.create_table(
        "temporary_schedule",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("seat_id", sa.BigInteger(), sa.ForeignKey("duty_seat.id"), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("shifts", postgresql.JSONB(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("revoked_by", sa.String(), nullable=True),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name="temporary_has_a_length"),
    )
    op.execute(
        """
        ALTER TABLE temporary_schedule ADD CONSTRAINT temporary_schedules_do_not_overlap EXCLUDE USING gist (
          int8range(seat_id, seat_id, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&)
        WHERE (revoked_at IS NULL)
        """
    )
    op.create_table(
        "shift",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("post_id", sa.BigInteger(), sa.ForeignKey("duty_post.id"), nullable=False),
        sa.Column("seat_id", sa.BigInteger(), sa.ForeignKey("duty_seat.id"), nullable=False),
        sa.Column("person_id", sa.BigInteger(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("cancelled_at", INSTANT, nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name="shift_has_a_length"),
        sa.CheckConstraint("ends_at - starts_at <= interval '93 days'", name="shift_is_not_endless"),
    )
    op.create_index(
        "shift_of_seat", "shift", ["seat_id", "starts_at"], postgresql_where=sa.text("state = 'planned'")
    )
    op.execute(
        """
        ALTER TABLE shift ADD CONSTRAINT shift_one_person_one_place EXCLUDE USING gist (
          int8range(person_id, person_id, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&)
        WHERE (state = 'planned')
        """
    )
    op.execute("CREATE INDEX shift_span ON shift USING gist (tstzrange(starts_at, ends_at))")
