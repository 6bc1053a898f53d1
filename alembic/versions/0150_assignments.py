"""Assignments in depth: ladder, acknowledgements, steps as told, safety clock, diverting."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op

revision = "0150_assignments"
down_revision = "0140_forces"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
# Whoever was called before is a leader on duty whom the ladder's end asked.
CALLED = """
UPDATE assignment SET called = (
  SELECT jsonb_agg(one || jsonb_build_object('capacity', 'duty_leader', 'rung', 'leader',
                                             'asked_at', coalesce(leader_alerted_at, assigned_at)))
    FROM jsonb_array_elements(called) AS one)
 WHERE jsonb_array_length(called) > 0
"""


def upgrade() -> None:
    op.add_column(
        "assignment", sa.Column("escalation_taken", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column(
        "assignment", sa.Column("escalation_round", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("assignment", sa.Column("escalation_began_at", INSTANT, nullable=True))
    op.execute(
        "UPDATE assignment SET escalation_began_at = assigned_at, escalation_taken = escalation_step + 1"
    )
    op.alter_column("assignment", "escalation_began_at", nullable=False)
    op.add_column("assignment", sa.Column("escalation_stopped_by", sa.String(), nullable=True))
    op.add_column("assignment", sa.Column("escalation_stopped_reason", sa.String(), nullable=True))
    op.add_column("assignment", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.execute(CALLED)
    for column in (
        sa.Column("returned_at", INSTANT, nullable=True),
        sa.Column("terms", JSONB, nullable=False, server_default="{}"),
        sa.Column("acks_required", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("ack_people", JSONB, nullable=False, server_default="[]"),
        sa.Column("acks", JSONB, nullable=False, server_default="[]"),
        sa.Column("watch_at", INSTANT, nullable=True),
        sa.Column("depart_due_at", INSTANT, nullable=True),
        sa.Column("depart_reminded", sa.Boolean(), nullable=False, server_default="false"),
        sa.Column("remind_at", INSTANT, nullable=True),
        sa.Column("safety_since", INSTANT, nullable=True),
        sa.Column("safety_stage", sa.String(), nullable=False, server_default=""),
        sa.Column("safety_confirmed_at", INSTANT, nullable=True),
        sa.Column("safety_confirmed_by", sa.String(), nullable=True),
        sa.Column("safety_confirmed_channel", sa.String(), nullable=True),
        sa.Column("diverted_to_id", sa.BigInteger(), sa.ForeignKey("incident.id"), nullable=True),
        sa.Column("diverted_from_id", sa.BigInteger(), sa.ForeignKey("assignment.id"), nullable=True),
    ):
        op.add_column("assignment", column)
    op.create_index(
        "assignment_watch", "assignment", ["watch_at"], postgresql_where=sa.text("watch_at IS NOT NULL")
    )
    op.create_table(
        "assignment_step",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("assignment_id", sa.BigInteger(), sa.ForeignKey("assignment.id"), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("from_state", sa.String(), nullable=False),
        sa.Column("to_state", sa.String(), nullable=False),
        sa.Column("milestones", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("happened_at", INSTANT, nullable=False),
        sa.Column("told_at", INSTANT, nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("account_id", sa.BigInteger(), sa.ForeignKey("account.id"), nullable=True),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("proxy", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.Column("undone_by", sa.String(), nullable=True),
        sa.Column("undone_reason", sa.String(), nullable=True),
    )
    op.create_index("ix_assignment_step_assignment_id", "assignment_step", ["assignment_id"])
    op.create_table(
        "reservation",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("incident_id", sa.BigInteger(), sa.ForeignKey("incident.id"), nullable=False),
        sa.Column("team_id", sa.BigInteger(), sa.ForeignKey("team.id"), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("look_at", INSTANT, nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("reserved_by", sa.String(), nullable=False),
        sa.Column("reserved_at", INSTANT, nullable=False),
        sa.Column("assignment_id", sa.BigInteger(), sa.ForeignKey("assignment.id"), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
    )
    op.create_index("ix_reservation_incident_id", "reservation", ["incident_id"])
    op.create_index(
        "one_open_reservation_of_a_team_for_an_incident",
        "reservation",
        ["team_id", "incident_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('reserved', 'blocked')"),
    )
    op.create_index(
        "reservation_look", "reservation", ["look_at"], postgresql_where=sa.text("look_at IS NOT NULL")
    )
