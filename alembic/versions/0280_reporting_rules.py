"""The county's rules of reporting as versions; each due keeps its own; what ended is remembered."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op

revision = "0280_reporting_rules"
down_revision = "0270_exchange"
branch_labels = None
depends_on = None


def _at(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "reporting_rules",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        *_text("stream"),
        sa.Column("number", sa.Integer(), nullable=False),
        *_text("label", "text", "sha256"),
        sa.Column("profiles", JSONB(), nullable=False),
        *_text("state"),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("base_id", sa.BigInteger(), sa.ForeignKey("reporting_rules.id"), nullable=True),
        *_text("author"),
        sa.Column("account_id", sa.BigInteger(), sa.ForeignKey("account.id"), nullable=True),
        _at("created_at"),
        *_text("edited_by"),
        _at("edited_at"),
        *_text("reason"),
        sa.Column("published_by", sa.String(), nullable=True),
        _at("published_at", nullable=True),
        _at("holds_from", nullable=True),
        sa.UniqueConstraint("stream", "number", name="reporting_rules_are_counted"),
    )
    op.create_index("reporting_rules_in_force", "reporting_rules", ["stream", "state", "holds_from"])
    op.create_table(
        "reporting_reckoned",
        sa.Column("incident_id", sa.BigInteger(), sa.ForeignKey("incident.id"), primary_key=True),
        *_text("key"),
    )
    op.add_column(
        "report_due",
        sa.Column("rules_id", sa.BigInteger(), sa.ForeignKey("reporting_rules.id"), nullable=True),
    )
    op.add_column("report_due", _at("before_at", nullable=True))
    op.execute(
        "CREATE FUNCTION refuse_rules_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF OLD.state = 'published' THEN "
        "RAISE EXCEPTION 'published rules are append-only'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER published_rules_stay BEFORE UPDATE OR DELETE ON reporting_rules "
        "FOR EACH ROW EXECUTE FUNCTION refuse_rules_change()"
    )
    # What is closed has ended: a reopening is known as one from now on.
    op.execute(
        "INSERT INTO reporting_fact "
        "(stream, incident_id, kind, name, at, reason, evidence, entered_at, entered_by) "
        "SELECT stream, id, 'ended', 'ended', closed_at, '', '', closed_at, '' FROM incident "
        "WHERE state = 'closed' AND merged_into_id IS NULL AND closed_at IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_column("report_due", "before_at")
    op.drop_column("report_due", "rules_id")
    op.drop_table("reporting_reckoned")
    op.drop_table("reporting_rules")
    op.execute("DROP FUNCTION refuse_rules_change()")
