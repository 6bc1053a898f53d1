"""A message of another platform: kept, and put before a person. It is never passed on by itself."""

from __future__ import annotations

from datetime import datetime

from app.broadcast.wire.rules.identity import content_hash
from app.broadcast.wire.store import incoming, wires
from app.broadcast.wire.tables import BroadcastIncoming, BroadcastPacket
from app.codecs.ebm.message import Message, MsgType, message_of
from app.codecs.ebm.packet import Packet
from app.db import Tx
from app.dispatch.inbox import actions as inbox
from app.dispatch.inbox.commands import IntakeNoticeIn
from app.dispatch.inbox.facts import NoticeSource
from app.org import store as org

MOST_TEXT = 3_500
_KINDS = {
    MsgType.BROADCAST: "应急广播消息",
    MsgType.CANCEL: "取消播发",
    MsgType.DRILL_PLATFORM: "【演练】应急广播平台演练",
    MsgType.DRILL_FRONT_END: "【演练】应急广播前端演练",
    MsgType.DRILL_TERMINAL: "【演练】应急广播终端演练",
}


async def receive(tx: Tx, stream: str, row: BroadcastPacket, packet: Packet, now: datetime) -> str:
    """Keep a message and tell the desk; a cancel marks what it names, also what comes after it."""
    message = message_of(packet.payload)
    if await incoming.known(tx, stream, message.ebm_id) is not None:
        return "消息此前已收到 / known"
    kept = _row(stream, row, message, content_hash(packet.payload), now)
    if kept.msg_type == MsgType.CANCEL:
        target = await incoming.known(tx, stream, kept.cancels)
        if target is not None and target.peer_id == kept.peer_id:
            target.state = "cancelled"
    elif await incoming.cancelled_before(tx, stream, kept.peer_id, kept.ebm_id):
        kept.state = "cancelled"
    kept.notice_id = await _tell(tx, stream, kept, now)
    tx.add(kept)
    await tx.flush()
    return "已转来报,由人处置 / put before a person"


def _row(
    stream: str, row: BroadcastPacket, message: Message, hashed: str, now: datetime
) -> BroadcastIncoming:
    assert row.id is not None
    assert row.peer_id is not None
    basics, content = message.basics, message.contents[0] if message.contents else None
    return BroadcastIncoming(
        stream=stream,
        peer_id=row.peer_id,
        packet_id=row.id,
        ebm_id=message.ebm_id,
        content_hash=hashed,
        msg_type=basics.msg_type if basics else int(MsgType.BROADCAST),
        cancels=message.related if basics and basics.msg_type == MsgType.CANCEL else "",
        sender=basics.sender_name if basics else "",
        title=content.title if content else "",
        text=content.text if content else "",
        severity=basics.severity if basics else 0,
        event_type=basics.event_type if basics else "",
        areas=list(content.areas) if content else [],
        starts_at=basics.start if basics else None,
        ends_at=basics.end if basics else None,
        received_at=now,
    )


async def _tell(tx: Tx, stream: str, kept: BroadcastIncoming, now: datetime) -> int | None:
    """Put a message into the intake queue, where an officer decides; return the notice."""
    known = await wires.one(tx, stream, kept.peer_id)
    assert known is not None
    kind = _KINDS.get(MsgType(kept.msg_type), "应急广播消息")
    lines = [
        kept.text[:MOST_TEXT],
        f"发布单位:{kept.sender}" if kept.sender else "",
        f"播发区域:{','.join(kept.areas)[:300]}" if kept.areas else "",
        f"取消的消息:{kept.cancels}" if kept.cancels else "",
        "该消息此前已被取消" if kept.state == "cancelled" else "",
        "本系统不自动转发,请人工决定是否播发。",
    ]
    notice = IntakeNoticeIn(
        their_id=kept.ebm_id,
        title=f"{kind}:{kept.title or kept.cancels}"[:200],
        text=_plain("\n".join(line for line in lines if line)),
        region_code=await _place(tx, stream, kept.areas),
        from_name=known.peer.name[:200],
        channel="system",
        voucher=f"EBM {kept.ebm_id}",
    )
    source: NoticeSource = "superior" if known.wire.superior else "subordinate"
    fact, _ = await inbox.receive(tx, inbox.Sender(stream, source, known.peer.name), notice, now)
    return fact.id


async def _place(tx: Tx, stream: str, areas: list[str]) -> str | None:
    """Return the one place of ours that a message is for, None for several or others."""
    if len(areas) != 1 or not areas[0].startswith(stream):
        return None
    return areas[0] if await org.region(tx, areas[0]) is not None else None


def _plain(told: str) -> str:
    return "".join(c if c == "\n" or c.isprintable() else " " for c in told)
