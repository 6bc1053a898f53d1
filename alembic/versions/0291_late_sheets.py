"""Editions of the late-report sheet, kept as they were printed; what statistics of reporting read."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op

revision = "0291_late_sheets"
down_revision = "0290_report_messages"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "late_sheet",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("incident_id", sa.BigInteger(), sa.ForeignKey("incident.id"), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("scope", "receiver")),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("content_sha256", sa.String(), nullable=False),
        sa.Column("head_seq", sa.BigInteger(), nullable=False),
        sa.Column("head_hash", sa.String(), nullable=False),
        sa.Column("proof", JSONB(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), sa.ForeignKey("account.id"), nullable=False),
    )
    columns = ["incident_id", "scope", "receiver", "edition"]
    op.create_index("late_sheet_is_one", "late_sheet", columns, unique=True)
    op.create_index("late_sheet_of_stream", "late_sheet", ["stream", "head_seq"])
    op.create_table(
        "late_sheet_paper",
        sa.Column("sheet_id", sa.BigInteger(), sa.ForeignKey("late_sheet.id"), primary_key=True),
        sa.Column("form", sa.String(), primary_key=True),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
    )
    for table in ("late_sheet", "late_sheet_paper"):
        op.execute(
            f"CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_reporting_change()"
        )
    op.create_index("report_due_by_time", "report_due", ["stream", "due_at"])
    op.create_index("report_late_by_time", "report_late", ["due_at"])
    op.create_index("written_report_by_time", "written_report", ["stream", "drafted_at"])
    op.create_index("reporting_fact_by_time", "reporting_fact", ["stream", "entered_at"])


def downgrade() -> None:
    for index, table in (
        ("reporting_fact_by_time", "reporting_fact"),
        ("written_report_by_time", "written_report"),
        ("report_late_by_time", "report_late"),
        ("report_due_by_time", "report_due"),
    ):
        op.drop_index(index, table_name=table)
    for name in ("late_sheet_paper", "late_sheet"):
        op.drop_table(name)
