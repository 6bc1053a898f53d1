"""An evening on which everything happens that can happen to a written report."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

from app.db import Tx
from app.dispatch.actions import incidents
from app.dispatch.commands import IncidentIn
from app.reporting.report.actions import countersigning, drafting, sending, signing
from app.reporting.report.actions.composing import Office
from app.reporting.report.actions.reasking import ask_again
from app.reporting.report.commands import (
    AddresseeIn,
    ReportConfirmIn,
    ReportEditIn,
    ReportIn,
    ReportReturnIn,
    ReportSendIn,
    ReportSignIn,
)
from app.reporting.report.rules.sheet import Sheet
from app.reporting.report.templates import shipped
from app.reporting.settings import load_reporting
from tests.world import EAST_BANK, OPEN_KIND, SECRET_KIND, STREAM, ZONE, World

Do = Callable[[Callable[[Tx], Awaitable[Any]]], Awaitable[Any]]
POLICY = load_reporting(None, "", ZONE)
OFFICE = Office(shipped(), "樟应信", ZONE, timedelta(minutes=15))
CITY = [AddresseeIn(node="P", name="市应急管理局")]


async def press(sheet: Sheet) -> Mapping[str, bytes]:
    """Print nothing but the number."""
    return {"docx": sheet.number.encode()}


async def report_evening(world: World, do: Do) -> None:
    """Bring about every kind of event of written reports, of an open and of a need-to-know incident."""
    officer, now = world.people["officer"], world.clock.now()
    for kind in (OPEN_KIND, SECRET_KIND):
        told = IncidentIn(event_code=kind, region_code=EAST_BANK, title="东岸村溺水", life_threat=True)
        incident = await do(lambda tx, told=told: incidents.open_by_hand(tx, officer, told, now, ZONE))  # type: ignore[misc]
        await _written(world, do, incident.id)
        await _spoken(world, do, incident.id)
        await _asked(world, do, incident.id)


async def _written(world: World, do: Do, incident_id: int) -> None:
    officer, lead, leader = (world.people[name] for name in ("officer", "lead", "leader"))
    now, told = world.clock.now(), ReportIn(kind="initial", addressees=CITY)
    other = await do(lambda tx: drafting.draft(tx, officer, incident_id, told, now, OFFICE))
    await do(lambda tx: drafting.drop(tx, officer, other.id, "重写", now))
    report = await do(lambda tx: drafting.draft(tx, officer, incident_id, told, now, OFFICE))
    back = ReportReturnIn(revision=1, remarks="写明水深")
    await do(lambda tx: drafting.send_back(tx, lead, report.id, back, now))
    edited = ReportEditIn(revision=2, title=report.title, text="水深1.6米。", addressees=CITY)
    await do(lambda tx: drafting.edit(tx, officer, report.id, edited, now, OFFICE))
    await do(lambda tx: drafting.review(tx, lead, report.id, 3, now))
    sign = ReportSignIn(revision=4)
    await do(lambda tx: signing.sign(tx, leader, report.id, sign, now, OFFICE, press))
    await _out(world, do, report.id)


async def _spoken(world: World, do: Do, incident_id: int) -> None:
    officer, leader, now = world.people["officer"], world.people["leader"], world.clock.now()
    told = ReportIn(kind="followup", addressees=CITY)
    report = await do(lambda tx: drafting.draft(tx, officer, incident_id, told, now, OFFICE))
    consent = ReportSignIn(revision=1, signed_as="oral_consent", consent_of="周敏", consent_at=now)
    await do(lambda tx: signing.sign(tx, officer, report.id, consent, now, OFFICE, press))
    await do(lambda tx: countersigning.countersign(tx, leader, report.id, 2, now, OFFICE, press))
    await _out(world, do, report.id)


async def _asked(world: World, do: Do, incident_id: int) -> None:
    officer, told = world.people["officer"], ReportIn(kind="followup", addressees=CITY)
    report = await do(lambda tx: drafting.draft(tx, officer, incident_id, told, world.clock.now(), OFFICE))
    world.later(minutes=15)
    await do(lambda tx: ask_again(tx, STREAM, POLICY, report.id, world.clock.now()))


async def _out(world: World, do: Do, report_id: int) -> None:
    officer, now = world.people["officer"], world.clock.now()
    sent = await do(lambda tx: sending.send(tx, officer, report_id, ReportSendIn(), now))
    receipt = ReportConfirmIn(confirmed_as="receipt")
    to = sent.addressees[0].id
    await do(lambda tx: sending.confirm(tx, officer, report_id, to, receipt, now))
