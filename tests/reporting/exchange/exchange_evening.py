"""An evening on which everything happens that can happen between houses."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from app.db import Tx
from app.dispatch.actions import incidents
from app.dispatch.commands import IncidentIn
from app.reporting.exchange.actions import acknowledging, peers, settling
from app.reporting.exchange.actions.receiving import Arrival, receive
from app.reporting.exchange.commands import PeerIn
from app.reporting.exchange.message import ReportMessage
from app.reporting.exchange.post import ReceiptIn
from app.reporting.exchange.rules.trouble import Trouble
from app.reporting.report.actions import drafting, sending, signing
from app.reporting.report.commands import AddresseeIn, ReportIn, ReportSendIn, ReportSignIn
from tests.reporting.report.report_evening import OFFICE, press
from tests.world import COUNTY, EAST_BANK, OPEN_KIND, SECRET_KIND, STREAM, ZONE, World

Do = Callable[[Callable[[Tx], Awaitable[Any]]], Awaitable[Any]]
CITY = "市值班系统"


def nobody(_: str) -> bool:
    """Know no key."""
    return False


async def exchange_evening(world: World, do: Do) -> None:
    """Bring about every kind of event between houses, of an open and of a need-to-know incident."""
    lead, now = world.people["lead"], world.clock.now()
    told = PeerIn(node="P", name=CITY, url="https://10.0.0.1", key_id="city", scope=STREAM)
    peer = await do(lambda tx: peers.register(tx, lead, told, now, nobody))
    await do(lambda tx: peers.amend(tx, lead, peer.id, told, now, nobody))
    for kind in (OPEN_KIND, SECRET_KIND):
        await _goes_out(world, do, kind, peer.id)
        await _comes_in(world, do, kind)
    await do(lambda tx: peers.retire(tx, lead, peer.id, now, nobody))


async def _goes_out(world: World, do: Do, kind: str, peer_id: int) -> None:
    officer, lead, leader = (world.people[name] for name in ("officer", "lead", "leader"))
    now = world.clock.now()
    about = IncidentIn(event_code=kind, region_code=EAST_BANK, title="东岸村溺水")
    incident = await do(lambda tx: incidents.open_by_hand(tx, officer, about, now, ZONE))
    told = ReportIn(kind="initial", addressees=[AddresseeIn(node="P", name=CITY)])
    report = await do(lambda tx: drafting.draft(tx, officer, incident.id, told, now, OFFICE))
    await do(lambda tx: drafting.review(tx, lead, report.id, 1, now))
    sign = ReportSignIn(revision=2)
    await do(lambda tx: signing.sign(tx, leader, report.id, sign, now, OFFICE, press))
    sent = await do(lambda tx: sending.send(tx, officer, report.id, ReportSendIn(), now))
    delivery = sent.addressees[0].delivery
    assert delivery is not None
    trouble = Trouble("refused", "HTTP 403")
    await do(lambda tx: settling.failed(tx, STREAM, delivery.id, trouble, now))
    await do(lambda tx: settling.alarm(tx, STREAM, delivery.id, ZONE, now))
    receipt = ReceiptIn(number="收报〔2025〕1号", received_at=now, sha256="0" * 64)
    await do(lambda tx: settling.delivered(tx, STREAM, delivery.id, receipt, "0" * 64, now))
    rows = await world.rows("SELECT message_id FROM report_outgoing WHERE id = :id", id=delivery.id)
    id_ = str(rows[0]["message_id"])
    await do(lambda tx: settling.acknowledged(tx, STREAM, peer_id, id_, "收报1号", "赵科", now, now))


async def _comes_in(world: World, do: Do, kind: str) -> None:
    officer, now = world.people["officer"], world.clock.now()
    how = Arrival(STREAM, COUNTY, None, "file", "0" * 64, ZONE, officer)
    message = a_message(kind, now.isoformat())
    came, _ = await do(lambda tx: receive(tx, how, message, {}, now))
    await do(lambda tx: acknowledging.acknowledge(tx, officer, came.id, now))


def a_message(kind: str, at: str) -> ReportMessage:
    """A report of the east township, without papers."""
    return ReportMessage.model_validate(
        {
            "format": "zhishou.report/1",
            "id": str(uuid.uuid5(uuid.NAMESPACE_URL, kind)),
            "sender": {"name": "东镇", "region_code": "990181100000"},
            "to": {"node": "C", "name": "县应急指挥中心"},
            "report": {
                "number": "东镇应信初〔2025〕1号",
                "kind": "initial",
                "seq": 0,
                "version": 1,
                "title": "东镇东岸村洪水事件初报",
                "text": "3人被困。",
                "secrecy": "internal",
                "urgency": "urgent",
                "author": "王五",
                "contact": "0790-220",
                "signer": "赵六",
                "signed_at": at,
                "as_of": at,
            },
            "incident": {
                "number": "E-1",
                "title": "东岸村洪水",
                "event_code": kind,
                "event_name": "洪水",
                "level": 4,
                "life_threat": True,
                "restricted": False,
                "region_code": EAST_BANK,
                "region_path": "樟川市东镇东岸村",
                "address": "",
                "lon": 118.21,
                "lat": 28.51,
                "occurred_at": None,
                "received_at": at,
            },
            "papers": [],
        }
    )
