"""The duty log: entries made by hand, never altered, and the journal read by time."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from alembic import op

revision = "0071_duty_log"
down_revision = "0070_handover"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "log_entry",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("post_id", sa.BigInteger(), sa.ForeignKey("duty_post.id"), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_name", sa.String(), nullable=False),
        sa.Column("lines", ARRAY(sa.Text()), nullable=False),
        sa.Column("occurred_at", INSTANT, nullable=False),
        sa.Column("told_at", INSTANT, nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("incident_id", sa.BigInteger(), sa.ForeignKey("incident.id"), nullable=True),
        sa.Column("corrects_seq", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("occurred_at <= told_at", name="it_happens_before_it_is_told"),
    )
    op.create_index("log_entry_of_post", "log_entry", ["post_id", "entered_at"])
    op.execute(
        "CREATE FUNCTION refuse_log_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the duty log is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER log_entry_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_log_change()"
    )
    op.create_index("journal_by_time", "journal", ["stream", "at"])
