"""What is sent to a registered peer is put into the queue, in the transaction that sends it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.db import Tx
from app.dispatch.exercise.apart import DrillStaysHere
from app.dispatch.store import incidents
from app.reporting.exchange.message import FORMAT
from app.reporting.exchange.store import peers
from app.reporting.exchange.tables import ReceivedReport, ReportOutgoing
from app.reporting.report.actions.signing import author_of, signer_of
from app.reporting.report.store import reports
from app.reporting.report.tables import ReportAddressee, WrittenReport

_HOUSE = uuid.UUID("6f2f0a52-0c1b-5f0e-9b7d-6a6f0c9f2b31")
_REPORT = ("number", "kind", "seq", "version", "title", "text", "secrecy", "urgency", "contact")


async def enqueue(
    tx: Tx, report: WrittenReport, sent: Sequence[ReportAddressee], now: datetime
) -> list[ReportOutgoing]:
    """Queue a report for those among its addressees that are registered with a system or a mail box.

    Raises DrillStaysHere for the report of a drill: real addresses get nothing of it.
    """
    names = {(one.node, one.name) for one in sent}
    known = await peers.named(tx, report.stream, report.region_code, names)
    queued = []
    for one in sent:
        peer = known.get((one.node, one.name))
        if peer is None or peer.means == "file" or (peer.means == "system" and not peer.url):
            continue
        if report.drill:
            raise DrillStaysHere(one.name)
        if peer.means == "email":
            one.channel = "email"
        message = await message_of(tx, report, one)
        row = ReportOutgoing(
            stream=report.stream,
            peer_id=peer.id or 0,
            kind="report",
            message_id=message["id"],
            report_id=report.id,
            addressee_id=one.id,
            edition=await reports.last_edition(tx, report.id or 0),
            message=message,
            queued_at=now,
            next_at=now,
        )
        tx.add(row)
        queued.append(row)
    return queued


async def enqueue_acknowledgement(
    tx: Tx, received: ReceivedReport, peer_id: int, by: str, now: datetime
) -> ReportOutgoing:
    """Queue 收悉 for the peer a report came from."""
    told = {
        "format": "zhishou.acknowledgement/1",
        "id": str(uuid.uuid5(_HOUSE, f"ack/{received.stream}/{received.id}/{received.message_id}")),
        "report": received.message_id,
        "number": received.number,
        "by": by,
        "at": now.isoformat(),
    }
    row = ReportOutgoing(
        stream=received.stream,
        peer_id=peer_id,
        kind="acknowledgement",
        message_id=str(told["id"]),
        received_id=received.id,
        message=told,
        queued_at=now,
        next_at=now,
    )
    tx.add(row)
    return row


async def message_of(tx: Tx, report: WrittenReport, to: ReportAddressee) -> dict[str, Any]:
    """Return a signed report as it travels to an addressee, without the bytes of its papers.

    Its id is the same whichever way it goes, so that two ways bring it once.
    """
    seen = await incidents.seen(tx, report.stream, report.incident_id)
    assert seen is not None and report.signed_at is not None and report.number is not None
    what, edition = seen.fact, await reports.last_edition(tx, report.id or 0)
    papers = [one for one in await reports.papers(tx, report.id or 0) if one.edition == edition]
    key = f"{report.stream}/{report.id}/{to.id}/{edition}/{report.number}/{report.signed_at.isoformat()}"
    author = await author_of(tx, report)
    return {
        "format": FORMAT,
        "id": str(uuid.uuid5(_HOUSE, key)),
        "sender": {"name": author, "region_code": report.region_code},
        "to": {"node": to.node, "name": to.name, "is_copy": to.is_copy},
        "report": {
            **report.model_dump(include=set(_REPORT)),
            "author": report.author,
            "signer": signer_of(report),
            "signed_at": report.signed_at.isoformat(),
            "as_of": report.as_of.isoformat(),
        },
        "incident": {
            "number": what.number,
            "title": what.title,
            "event_code": what.event_code,
            "event_name": what.event_name_zh,
            "level": what.initial_level,
            "life_threat": what.life_threat,
            "restricted": what.restricted or bool(what.named_readers),
            "region_code": what.region_code,
            "region_path": what.region_path,
            "address": what.address[:200],
            "lon": what.lon,
            "lat": what.lat,
            "occurred_at": what.occurred_at.isoformat() if what.occurred_at else None,
            "received_at": what.received_at.isoformat(),
        },
        "papers": [{"form": one.form, "sha256": one.sha256, "data": ""} for one in papers],
    }
