"""The wire to broadcast platforms: how they are reached, links, packets, errands, what they send us."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from alembic import op

revision = "0350_broadcast_wire"
down_revision = "0340_broadcast"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _ints(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


def _flags(*names: str) -> list[sa.Column[bool]]:
    return [sa.Column(name, sa.Boolean(), nullable=False) for name in names]


def _at(*names: str, null: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, AT, nullable=null) for name in names]


def _peer(*, null: bool = False) -> sa.Column[int]:
    return sa.Column("peer_id", sa.BigInteger(), sa.ForeignKey("broadcast_wire.peer_id"), nullable=null)


def upgrade() -> None:
    op.execute("CREATE SEQUENCE broadcast_ebd_running")
    op.create_table(
        "broadcast_wire",
        sa.Column("peer_id", sa.BigInteger(), sa.ForeignKey("broadcast_peer.id"), primary_key=True),
        *_text("stream", "code", "our_code", "url", "door", "dialect"),
        *_flags("extensions", "signs", "append_time", "time_is_counter"),
        *_ints("window_s", "heartbeat_s", "poll_s"),
        *[
            sa.Column(name, ARRAY(sa.Text()), nullable=False)
            for name in ("allowed", "authorities", "certificates")
        ],
        *_text("key_id"),
        *_flags("superior"),
        *_text("written_by"),
        *_at("written_at"),
    )
    op.create_index("broadcast_wire_once", "broadcast_wire", ["stream", "code"], unique=True)
    op.create_table(
        "broadcast_link",
        sa.Column("peer_id", sa.BigInteger(), sa.ForeignKey("broadcast_wire.peer_id"), primary_key=True),
        *_at("beat_at", "answered_at", "heard_at", "failed_at", null=True),
        *_text("trouble", "trouble_detail"),
        *_at("asked_at", "polled_at", null=True),
    )
    _packet()
    _errand()
    _incoming()


def _packet() -> None:
    op.create_table(
        "broadcast_packet",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        *_text("stream"),
        _peer(null=True),
        *_text("direction", "state", "source", "ebd_id", "kind", "related", "ebm_id", "message_hash"),
        *_at("at"),
        *_text("address", "sha256"),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        *_ints("result"),
        sa.Column("findings", JSONB(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        *_text("words"),
    )
    op.create_index(
        "broadcast_packet_once",
        "broadcast_packet",
        ["stream", "source", "ebd_id"],
        unique=True,
        postgresql_where=sa.text("direction = 'in' AND state IN ('waiting', 'done', 'failed', 'known')"),
    )
    op.create_index(
        "broadcast_packet_waiting",
        "broadcast_packet",
        ["stream", "id"],
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index("broadcast_packet_latest", "broadcast_packet", ["stream", "at"])
    op.create_index("broadcast_packet_of_message", "broadcast_packet", ["ebm_id"])


def _errand() -> None:
    op.create_table(
        "broadcast_errand",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        *_text("stream"),
        _peer(),
        sa.Column("handover_id", sa.BigInteger(), sa.ForeignKey("broadcast_handover.id"), nullable=True),
        *_text("kind"),
        sa.Column("payload", JSONB(), nullable=False),
        *_text("related", "state"),
        *_at("queued_at"),
        *_at("useful_until", null=True),
        *_ints("attempts"),
        *_at("tried_at", "next_at", "packed_at", null=True),
        sa.Column("packed", sa.LargeBinary(), nullable=True),
        *_text("ebd_id"),
        sa.Column("result", sa.Integer(), nullable=True),
        *_text("trouble", "trouble_detail"),
    )
    op.create_index(
        "broadcast_errand_due",
        "broadcast_errand",
        ["stream", "next_at"],
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index("broadcast_errand_once", "broadcast_errand", ["handover_id"], unique=True)


def _incoming() -> None:
    op.create_table(
        "broadcast_incoming",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        *_text("stream"),
        _peer(),
        sa.Column("packet_id", sa.BigInteger(), sa.ForeignKey("broadcast_packet.id"), nullable=False),
        *_text("ebm_id", "content_hash"),
        *_ints("msg_type"),
        *_text("cancels", "sender", "title", "text"),
        *_ints("severity"),
        *_text("event_type"),
        sa.Column("areas", ARRAY(sa.Text()), nullable=False),
        *_at("starts_at", "ends_at", null=True),
        *_at("received_at"),
        *_text("state"),
        sa.Column("notice_id", sa.BigInteger(), sa.ForeignKey("intake_notice.id"), nullable=True),
    )
    op.create_index("broadcast_incoming_once", "broadcast_incoming", ["stream", "ebm_id"], unique=True)
    op.create_index("broadcast_incoming_cancels", "broadcast_incoming", ["stream", "cancels"])
