"""Written reports of incidents: their versions, addressees, papers and numbers."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op

revision = "0255_written_reports"
down_revision = "0260_handoffs"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)


def _text(*names: str, null: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=null) for name in names]


def _times(*names: str, null: bool = True) -> list[sa.Column[object]]:
    return [sa.Column(name, AT, nullable=null) for name in names]


def upgrade() -> None:
    op.create_table(
        "report_number",
        sa.Column("stream", sa.String(), primary_key=True),
        sa.Column("series", sa.String(), primary_key=True),
        sa.Column("year", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("last", sa.Integer(), nullable=False),
    )
    _reports()
    op.create_table(
        "report_addressee",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("report_id", sa.BigInteger(), sa.ForeignKey("written_report.id"), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        *_text("node", "name", "sent_by", "channel", "confirmed_by", "confirmed_number"),
        *_text("confirmed_entered_by"),
        sa.Column("is_copy", sa.Boolean(), nullable=False),
        *_text("confirmed_as", null=True),
        *_times("sent_at", "confirmed_at"),
    )
    op.create_index("report_addressee_of_report", "report_addressee", ["report_id", "ordinal"])
    op.create_table(
        "report_paper",
        sa.Column("report_id", sa.BigInteger(), sa.ForeignKey("written_report.id"), primary_key=True),
        sa.Column("edition", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("form", sa.String(), primary_key=True),
        *_text("sha256"),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", AT, nullable=False),
    )


def _reports() -> None:
    op.create_table(
        "written_report",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("incident_id", sa.BigInteger(), sa.ForeignKey("incident.id"), nullable=False),
        sa.Column("region_code", sa.String(), sa.ForeignKey("region.code"), nullable=False),
        *_text("stream", "kind", "state", "title", "text", "secrecy", "urgency", "author", "contact"),
        *_text("skip_reason", "drafted_by", "remarks", "consent_of", "dropped_reason"),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("seq", "version", "revision", "incident_version", "returns")
        ),
        *(sa.Column(name, JSONB(), nullable=False) for name in ("narrative", "points", "told", "unknown")),
        *_times("as_of", "drafted_at", null=False),
        *_text("reviewed_by", "returned_by", "series", "number", null=True),
        *_text("signed_as", "signed_by", "countersigned_by", "dropped_by", null=True),
        sa.Column("year", sa.Integer()),
        sa.Column("running", sa.Integer()),
        *_times("reask_at", "reviewed_at", "returned_at", "consent_at", "signed_at"),
        *_times("countersigned_at", "sent_at"),
        sa.UniqueConstraint("stream", "series", "year", "running", name="a_report_number_is_given_once"),
    )
    op.create_index("ix_written_report_incident_id", "written_report", ["incident_id"])
    op.create_index(
        "one_live_version_of_a_report",
        "written_report",
        ["incident_id", "region_code", "version"],
        unique=True,
        postgresql_where=sa.text("state <> 'dropped'"),
    )
    op.create_index(
        "one_unfinished_report",
        "written_report",
        ["incident_id", "region_code"],
        unique=True,
        postgresql_where=sa.text("state IN ('draft', 'returned', 'reviewed', 'signed')"),
    )


def downgrade() -> None:
    for name in ("report_paper", "report_addressee", "written_report", "report_number"):
        op.drop_table(name)
