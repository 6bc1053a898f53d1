"""What a packet that was receipted asks for: done in the order they came, told in a new connection."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.broadcast import ports
from app.broadcast.wire.actions import answering, receiving
from app.broadcast.wire.manners import Manners, manners_of
from app.broadcast.wire.rules import reports
from app.broadcast.wire.store import errands, packets, wires
from app.broadcast.wire.store.wires import Known
from app.broadcast.wire.tables import BroadcastPacket
from app.codecs.ebm import packet as reader
from app.codecs.ebm.archive import unpack
from app.codecs.ebm.fields import Fields, many, text
from app.codecs.ebm.packet import Packet
from app.db import Tx

ANSWER_USEFUL = timedelta(hours=1)


async def process(tx: Tx, stream: str, packet_id: int, now: datetime) -> bool:
    """Do what one packet asks for; False when another node has it. Raises: it waits for `give_up`."""
    row = await packets.claimed(tx, packet_id)
    if row is None:
        return False
    known = await wires.one(tx, stream, row.peer_id or 0)
    packet = None if known is None else _read(row, manners_of(known.wire))
    if known is None or packet is None:
        row.state, row.words = (
            "failed",
            "对接平台已删除或内容无法再次读取 / its peer is gone, or it reads no longer",
        )
        return True
    row.words = await _do(tx, stream, row, known, packet, now)
    row.state = "done"
    await tx.flush()
    return True


async def give_up(tx: Tx, packet_id: int, why: str) -> None:
    """Mark a packet nobody could take up: one that cannot be stored may not hold up those behind it."""
    row = await packets.claimed(tx, packet_id)
    if row is not None:
        row.state, row.words = "failed", why[:500]


def _read(row: BroadcastPacket, manners: Manners) -> Packet | None:
    files = unpack(row.data)
    return reader.read(files[f"EBDB_{row.ebd_id}.xml"], manners.profile).message


async def _do(tx: Tx, stream: str, row: BroadcastPacket, known: Known, packet: Packet, now: datetime) -> str:
    manners, region = manners_of(known.wire), known.peer.region_code
    match packet.kind:
        case "EBM":
            return await receiving.receive(tx, stream, row, packet, now)
        case "EBMStateRequest" | "OMDRequest":
            return await answering.answer(tx, stream, manners, packet, now)
        case "EBMStateResponse":
            return await _state(tx, stream, known, packet.payload, now)
        case "EBMBrdLog":
            told = [await _state(tx, stream, known, one, now) for one in many(packet.payload, "EBMBrdItem")]
            return "; ".join(dict.fromkeys(told))[:500]
        case "EBRDTInfo":
            entries = reports.within(region, reports.terminals(packet.payload, manners.peer_id))
            return _noted(await ports.note_terminals(tx, stream, entries, now), len(entries))
        case "EBRDTState":
            states = reports.within(region, reports.terminal_states(packet.payload))
            return _noted(await ports.note_terminal_states(tx, stream, states, now), len(states))
        case _:
            return "已存档 / kept"


async def _state(tx: Tx, stream: str, known: Known, told: Fields, now: datetime) -> str:
    """Note what a platform says of a message that it was given, and of terminals that are its own."""
    manners = manners_of(known.wire)
    theirs = text(told, "EBM", "EBMID")
    ebm_id = theirs
    if manners.legacy and theirs.startswith(manners.our_code):
        ebm_id = await errands.ours(tx, stream, theirs[-12:]) or theirs
    if not await errands.was_given(tx, stream, ebm_id, manners.peer_id):
        return f"没有交给该平台的消息 / no message of this platform: {ebm_id}"
    at = min(reports.reported_at(told) or now, now)
    results = reports.within(known.peer.region_code, reports.results(told))
    if results:
        await ports.note_results(tx, ebm_id, results, at, now=now)
    code, words = int(text(told, "BrdStateCode")), text(told, "BrdStateDesc")
    words = words[:200]
    await ports.note_message_state(tx, ebm_id, code, words, at, peer_id=manners.peer_id, now=now)
    return f"状态 / state {code}, {len(results)} 个终端 / terminals"


def _noted(noted: ports.Noted, rows: int) -> str:
    unknown = f", 未登记 / not ours {len(noted.unknown)}" if noted.unknown else ""
    return f"{rows} 行 / rows, 更新 / changed {noted.changed}{unknown}"
