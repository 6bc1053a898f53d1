"""What platforms ask of us is answered in a new connection, with the number of what they asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.broadcast.wire.manners import Manners
from app.broadcast.wire.store import errands, incoming
from app.codecs.ebm.fields import Field, Fields, text
from app.codecs.ebm.packet import Packet, time_text
from app.db import Tx
from app.org import store as org

USEFUL = timedelta(hours=1)
_PLATFORM = ("EBRPSInfo", "EBRPSState")


async def answer(tx: Tx, stream: str, manners: Manners, packet: Packet, now: datetime) -> str:
    """Owe the answer to an EBMStateRequest or OMDRequest. Return what was done in words."""
    if packet.kind == "EBMStateRequest":
        kind, payload = await _message_state(tx, stream, packet.payload, now)
    else:
        kind, payload = await _list(tx, stream, manners, text(packet.payload, "OMDType"), now)
    if not manners.url:
        return "对方没有登记地址,无法回送 / the peer has no address to answer to"
    await errands.owe(tx, stream, manners.peer_id, kind, payload, now, USEFUL, related=packet.ebd_id)
    return f"将回送 {kind} / {kind} will be sent"


async def _message_state(tx: Tx, stream: str, asked: Fields, now: datetime) -> tuple[str, Fields]:
    """Say what became of a message they sent: a person decides, nothing is played by itself."""
    ebm_id = text(asked, "EBM", "EBMID")
    found = await incoming.known(tx, stream, ebm_id)
    if found is None:
        return "EBDNotify", {"ResultCode": "5", "ResultDesc": f"没有收到过消息 {ebm_id}"}
    cancelled = found.state == "cancelled"
    return "EBMStateResponse", {
        "RptTime": time_text(now),
        "EBM": {"EBMID": ebm_id},
        "BrdStateCode": "5" if cancelled else "0",
        "BrdStateDesc": "已取消" if cancelled else "已收到,由值班人员处置,本平台不自动播发",
        "ResBrdInfo": {},
    }


async def _list(tx: Tx, stream: str, manners: Manners, kind: str, now: datetime) -> tuple[str, Fields]:
    """Say who we are; of what we do not have the list is empty, not silence."""
    if kind not in _PLATFORM:
        return kind, {}
    row: dict[str, Field] = {"RptTime": time_text(now), "EBRID": manners.our_code}
    if kind == "EBRPSState":
        return kind, {"EBRPS": (row | {"StateCode": "1", "StateDesc": "运行"},)}
    region = await org.region(tx, stream.ljust(12, "0"))
    name = f"{region.name_zh if region else ''}应急指挥中心"
    told = {"RptType": "Sync", "EBRName": name, "Address": "", "Contact": "", "PhoneNumber": ""}
    return kind, {"EBRPS": (row | told | {"Longitude": "", "Latitude": "", "URL": ""},)}
