"""Reports between houses: peers, the outgoing queue, reports that came in, nonces."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op

revision = "0270_exchange"
down_revision = "0250_reporting"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)


def _text(*names: str, null: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=null) for name in names]


def _times(*names: str, null: bool = True) -> list[sa.Column[object]]:
    return [sa.Column(name, AT, nullable=null) for name in names]


def _id(name: str, of: str, *, null: bool = True) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), sa.ForeignKey(of), nullable=null)


def upgrade() -> None:
    op.create_table(
        "report_peer",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("region_code", sa.String(), sa.ForeignKey("region.code"), nullable=False),
        *_text("stream", "node", "name", "means", "url", "email", "key_id", "scope", "phone"),
        *_text("registered_by"),
        *_text("retired_by", null=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        *_times("registered_at", null=False),
        *_times("retired_at"),
    )
    op.create_index(
        "one_peer_of_a_name",
        "report_peer",
        ["stream", "region_code", "node", "name"],
        unique=True,
        postgresql_where=sa.text("active"),
    )
    op.create_index(
        "one_peer_of_a_key",
        "report_peer",
        ["stream", "key_id"],
        unique=True,
        postgresql_where=sa.text("active AND key_id <> ''"),
    )
    _received()
    _outgoing()
    op.create_table(
        "exchange_nonce",
        sa.Column("key_id", sa.String(), primary_key=True),
        sa.Column("nonce", sa.String(), primary_key=True),
        *_times("at", null=False),
    )
    op.create_index("ix_exchange_nonce_at", "exchange_nonce", ["at"])


def _received() -> None:
    op.create_table(
        "received_report",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("region_code", sa.String(), sa.ForeignKey("region.code"), nullable=False),
        _id("peer_id", "report_peer.id"),
        _id("notice_id", "intake_notice.id"),
        *_text("stream", "number", "message_id", "content_hash", "body_sha256", "means", "from_node"),
        *_text("from_name", "their_number", "their_incident", "kind", "title", "text", "secrecy"),
        *_text("urgency", "author", "contact", "signer", "region_path", "entered_by", "state"),
        *_text("acknowledged_by", null=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("signed", sa.Boolean(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("message", JSONB(), nullable=False),
        *_times("signed_at", "received_at", null=False),
        *_times("acknowledged_at"),
    )
    op.create_index(
        "received_report_once",
        "received_report",
        ["stream", sa.text("coalesce(peer_id, 0)"), "message_id"],
        unique=True,
    )
    op.create_index("received_report_latest", "received_report", ["stream", "id"])
    op.create_index("received_report_of_incident", "received_report", ["from_name", "their_incident"])
    op.create_table(
        "received_paper",
        sa.Column("received_id", sa.BigInteger(), sa.ForeignKey("received_report.id"), primary_key=True),
        sa.Column("form", sa.String(), primary_key=True),
        *_text("sha256"),
        sa.Column("data", sa.LargeBinary(), nullable=False),
    )


def _outgoing() -> None:
    op.create_table(
        "report_outgoing",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        _id("peer_id", "report_peer.id", null=False),
        _id("report_id", "written_report.id"),
        sa.Column("addressee_id", sa.BigInteger()),
        _id("received_id", "received_report.id"),
        *_text("stream", "kind", "message_id", "state", "trouble", "trouble_detail", "receipt_number"),
        *_text("body_sha256", "acknowledged_by"),
        sa.Column("edition", sa.Integer()),
        sa.Column("message", JSONB(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        *_times("queued_at", null=False),
        *_times("tried_at", "next_at", "alarm_at", "delivered_at", "receipt_at", "acknowledged_at"),
    )
    op.create_index("report_outgoing_once", "report_outgoing", ["peer_id", "kind", "message_id"], unique=True)
    op.create_index(
        "report_outgoing_due",
        "report_outgoing",
        ["stream", "next_at"],
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index("report_outgoing_of_report", "report_outgoing", ["report_id"])


def downgrade() -> None:
    for name in ("exchange_nonce", "report_outgoing", "received_paper", "received_report", "report_peer"):
        op.drop_table(name)
