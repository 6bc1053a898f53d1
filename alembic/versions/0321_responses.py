"""Responses with their decisions and consultations, and the duty that follows."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from alembic import op

revision = "0321_responses"
down_revision = "0320_plans"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "response",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("event_code", sa.String(), nullable=False),
        sa.Column("hazard", sa.String(), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=True),
        sa.Column("run_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("event_level", sa.String(), nullable=True),
        sa.Column("warning_colour", sa.String(), nullable=True),
        sa.Column("cause_kind", sa.String(), nullable=False),
        sa.Column("cause_id", sa.BigInteger(), nullable=True),
        sa.Column("cause_words", sa.String(), nullable=False),
        sa.Column("incident_id", sa.BigInteger(), nullable=True),
        sa.Column("region_codes", ARRAY(sa.Text()), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(level IS NULL) = (state IN ('proposed', 'refused'))", name="an_active_response_has_a_level"
        ),
        sa.CheckConstraint("level BETWEEN 1 AND 4", name="a_response_level_is_1_to_4"),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"]),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"]),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"]),
        sa.ForeignKeyConstraint(["run_id"], ["plan_run.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_response_incident_id", "response", ["incident_id"], unique=False)
    op.create_index("ix_response_run_id", "response", ["run_id"], unique=False)
    op.create_index(
        "one_response_to_a_hazard",
        "response",
        ["stream", "event_code", "drill"],
        unique=True,
        postgresql_where=sa.text("state IN ('proposed', 'active')"),
    )
    op.create_index("response_of_county", "response", ["stream", "state", "id"], unique=False)
    op.create_table(
        "response_duty",
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("region_codes", ARRAY(sa.Text()), nullable=False),
        sa.Column("hazards", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("round_up_id", sa.BigInteger(), nullable=True),
        sa.Column("period_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["period_id"], ["declared_period.id"]),
        sa.ForeignKeyConstraint(["round_up_id"], ["status_call.id"]),
        sa.PrimaryKeyConstraint("stream", "drill"),
    )
    op.create_table(
        "response_consultation",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("response_id", sa.BigInteger(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chaired_by", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_response_consultation_response_id", "response_consultation", ["response_id"], unique=False
    )
    op.create_table(
        "response_step",
        sa.Column("response_id", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("level_before", sa.Integer(), nullable=True),
        sa.Column("proposed_level", sa.Integer(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("warning_colour", sa.String(), nullable=True),
        sa.Column("event_level", sa.String(), nullable=True),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_as", sa.String(), nullable=True),
        sa.Column("decided_account", sa.BigInteger(), nullable=True),
        sa.Column("consent_of", sa.String(), nullable=False),
        sa.Column("consent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remark", sa.String(), nullable=False),
        sa.Column("signed_by", sa.String(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("paragraphs", ARRAY(sa.Text()), nullable=False),
        sa.Column("sent", JSONB(), nullable=False),
        sa.Column("withdrawn", JSONB(), nullable=False),
        sa.Column("unresolved", ARRAY(sa.Text()), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["dispatch_order.id"]),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"]),
        sa.PrimaryKeyConstraint("response_id", "step"),
    )
    op.create_index(
        "one_open_proposal_of_a_response",
        "response_step",
        ["response_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )


def downgrade() -> None:
    op.drop_table("response_step")
    op.drop_table("response_duty")
    op.drop_table("response_consultation")
    op.drop_table("response")
