"""The clocks of reporting: facts, dues and late flags that nobody deletes."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op

revision = "0250_reporting"
down_revision = "0255_written_reports"
branch_labels = None
depends_on = None


def _at(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "reporting_fact",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        *_text("stream"),
        sa.Column("incident_id", sa.BigInteger(), sa.ForeignKey("incident.id"), nullable=False),
        *_text("kind", "name"),
        _at("at", nullable=True),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("corrects_id", sa.BigInteger(), sa.ForeignKey("reporting_fact.id"), nullable=True),
        *_text("reason", "evidence"),
        _at("entered_at"),
        *_text("entered_by"),
        sa.Column("account_id", sa.BigInteger(), sa.ForeignKey("account.id"), nullable=True),
    )
    op.create_index("reporting_fact_of_incident", "reporting_fact", ["incident_id", "id"])
    op.create_table(
        "report_due",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        *_text("stream"),
        sa.Column("incident_id", sa.BigInteger(), sa.ForeignKey("incident.id"), nullable=False),
        *_text("sender", "receiver", "channel", "kind"),
        sa.Column("round", sa.Integer(), nullable=False),
        _at("begins_at"),
        _at("due_at"),
        *_text("rule_id", "profile", "mark", "grade", "anchor"),
        _at("anchor_at"),
        *_text("applied", "rules_version"),
        sa.Column("explanation", JSONB(), nullable=False),
        *_text("state"),
        _at("done_at", nullable=True),
        sa.Column("done_version", sa.Integer(), nullable=True),
        _at("alarmed_at", nullable=True),
        _at("next_alarm_at", nullable=True),
        sa.UniqueConstraint(
            "incident_id", "sender", "receiver", "channel", "kind", "round", name="report_due_is_one"
        ),
    )
    still_open = sa.text("state = 'open'")
    op.create_index("report_due_open", "report_due", ["stream", "due_at"], postgresql_where=still_open)
    op.create_index(
        "report_due_alarm", "report_due", ["stream", "next_alarm_at"], postgresql_where=still_open
    )
    op.create_table(
        "report_late",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("due_id", sa.BigInteger(), sa.ForeignKey("report_due.id"), nullable=False),
        *_text("kind"),
        _at("due_at"),
        _at("done_at", nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        *_text("rule_id", "reason"),
        _at("noted_at"),
        *_text("noted_by"),
        sa.Column("account_id", sa.BigInteger(), sa.ForeignKey("account.id"), nullable=True),
    )
    op.create_index("ix_report_late_due_id", "report_late", ["due_id"])
    op.execute(
        "CREATE FUNCTION refuse_reporting_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'what was late, and what was known, is append-only'; END $$"
    )
    for table in ("report_late", "reporting_fact"):
        op.execute(
            f"CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_reporting_change()"
        )
    op.execute(
        "CREATE TRIGGER report_due_is_kept BEFORE DELETE OR TRUNCATE ON report_due "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_reporting_change()"
    )


def downgrade() -> None:
    for table in ("report_late", "report_due", "reporting_fact"):
        op.drop_table(table)
    op.execute("DROP FUNCTION refuse_reporting_change()")
