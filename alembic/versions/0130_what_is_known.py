"""What is known of incidents: figures, level, need-to-know readers, places, attachments, notices waiting."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from alembic import op

revision = "0130_what_is_known"
down_revision = "0120_orders"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    for table in ("journal", "incident", "delivery"):
        op.add_column(table, sa.Column("readers", ARRAY(sa.Text()), nullable=False, server_default="{}"))
    op.add_column("incident", sa.Column("sensitive", sa.Boolean(), nullable=False, server_default="false"))
    op.add_column(
        "incident", sa.Column("restricted_by_hand", sa.Boolean(), nullable=False, server_default="false")
    )
    for name, empty in (("named_readers", "[]"), ("grading", "{}"), ("tellings", "[]")):
        op.add_column("incident", sa.Column(name, JSONB(), nullable=False, server_default=empty))
    op.add_column("incident", sa.Column("place", JSONB(), nullable=True))
    op.create_index("incident_sealed", "incident", ["stream"], postgresql_where=sa.text("restricted"))
    _figures()
    _notices()
    _attachments()


def _figures() -> None:
    op.create_table(
        "incident_figure",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("incident_id", sa.BigInteger(), sa.ForeignKey("incident.id"), nullable=False, index=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("happened_at", INSTANT, nullable=True),
        sa.Column("told_at", INSTANT, nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), sa.ForeignKey("account.id"), nullable=False),
        sa.CheckConstraint("value >= 0", name="incident_figure_is_no_debt"),
    )
    op.create_table(
        "figure_choice",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("incident_id", sa.BigInteger(), sa.ForeignKey("incident.id"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("figure_id", sa.BigInteger(), sa.ForeignKey("incident_figure.id"), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("chosen_by", sa.String(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("chosen_at", INSTANT, nullable=False),
    )
    op.create_index("figure_choice_latest", "figure_choice", ["incident_id", "kind", "id"])


def _notices() -> None:
    op.create_table(
        "partner",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.Column("revoked_by", sa.String(), nullable=True),
    )
    op.create_table(
        "intake_notice",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False, server_default="waiting"),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("from_name", sa.String(), nullable=False),
        sa.Column("from_phone", sa.String(), nullable=False),
        sa.Column("partner_id", sa.BigInteger(), sa.ForeignKey("partner.id"), nullable=True),
        sa.Column("their_id", sa.String(), nullable=True),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("event_code", sa.String(), nullable=True),
        sa.Column("region_code", sa.String(), sa.ForeignKey("region.code"), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("accuracy_m", sa.Double(), nullable=True),
        sa.Column("happened_at", INSTANT, nullable=True),
        sa.Column("told_at", INSTANT, nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), sa.ForeignKey("account.id"), nullable=True),
        sa.Column("judged_by", sa.String(), nullable=True),
        sa.Column("judged_at", INSTANT, nullable=True),
        sa.Column("reason", sa.String(), nullable=False, server_default=""),
        sa.Column("incident_id", sa.BigInteger(), sa.ForeignKey("incident.id"), nullable=True),
        sa.CheckConstraint(
            "(state = 'waiting') = (judged_at IS NULL)", name="intake_notice_is_judged_by_somebody"
        ),
    )
    op.create_index("intake_notice_of_incident", "intake_notice", ["incident_id"])
    op.create_index("intake_notice_waiting", "intake_notice", ["stream", "state", "id"])
    op.create_index(
        "intake_notice_once",
        "intake_notice",
        ["stream", "source", sa.text("coalesce(partner_id, 0)"), "their_id"],
        unique=True,
        postgresql_where=sa.text("their_id IS NOT NULL"),
    )


def _attachments() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("incident_id", sa.BigInteger(), sa.ForeignKey("incident.id"), nullable=True, index=True),
        sa.Column("notice_id", sa.BigInteger(), sa.ForeignKey("intake_notice.id"), nullable=True, index=True),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("caption", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("happened_at", INSTANT, nullable=True),
        sa.Column("told_at", INSTANT, nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.Column("withdrawn_by", sa.String(), nullable=True),
        sa.Column("withdrawn_reason", sa.String(), nullable=False, server_default=""),
        sa.CheckConstraint(
            "num_nonnulls(incident_id, notice_id) > 0", name="attachment_belongs_to_something"
        ),
    )
