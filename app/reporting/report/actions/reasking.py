"""Ask again for what a report says is being verified: every so often, until somebody knows (B5, 9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.db import Tx
from app.delivery.notices import actions as notices
from app.delivery.notices.actions import Matter
from app.dispatch.facts import IncidentFact
from app.dispatch.store import incidents
from app.dispatch.store.incidents import IncidentSeen
from app.duty.roster import on_duty
from app.duty.roster.facts import PostOnDuty
from app.journal import store as journal
from app.journal.store import Entry
from app.reporting.actions.seats import seated
from app.reporting.report.actions.access import concern_of
from app.reporting.report.actions.composing import points_now
from app.reporting.report.events import ReportChanged
from app.reporting.report.rules.asking import next_ask, still_unknown, whom_to_ask
from app.reporting.report.rules.points import unknown
from app.reporting.report.rules.record import Narrative
from app.reporting.report.store import reports
from app.reporting.report.tables import WrittenReport
from app.reporting.rulebook.in_force import in_force
from app.reporting.settings import Reporting


async def ask_again(tx: Tx, stream: str, policy: Reporting, report_id: int, now: datetime) -> bool:
    """Let the desk that wrote a version ask again; False where nothing is to be asked of it any more.

    Nothing is asked of a version that was dropped or followed, nor once the incident is over, nor more often
    than the rules say. The row is locked: of two nodes one asks.
    """
    report = await reports.locked(tx, stream, report_id)
    if report is None or report.reask_at is None or report.reask_at > now:
        return False
    seen = await incidents.seen(tx, stream, report.incident_id)
    policy = await in_force(tx, policy, stream, now)
    semantics = policy.rules.semantics
    fields = await _open(tx, report, seen, policy, now) if seen is not None else ()
    if seen is None or not fields or report.asked >= semantics.messages.asks:
        report.reask_at = None
        return False
    report.asked += 1
    report.reask_at = next_ask(
        report.asked, semantics.messages.asks, semantics.unknown_field_recheck, report.reask_at
    )
    if report.reask_at is not None and report.reask_at <= now:  # a house that slept asks once
        report.reask_at = now + semantics.unknown_field_recheck
    await _tell(tx, report, seen, fields, policy, now)
    return True


async def _open(
    tx: Tx, report: WrittenReport, seen: IncidentSeen, policy: Reporting, now: datetime
) -> Sequence[str]:
    over = report.state == "dropped" or seen.fact.state != "open"
    if over or await reports.is_followed(tx, report):
        return ()
    points = await points_now(tx, seen.fact, Narrative(**report.narrative), now, policy.rules.zone)
    return still_unknown(report.unknown, unknown(points))


async def _tell(
    tx: Tx, report: WrittenReport, seen: IncidentSeen, fields: Sequence[str], policy: Reporting, now: datetime
) -> None:
    """Ring on the desk's consoles and tell its people; of a need-to-know incident the consoles alone tell."""
    fact = seen.fact
    post = await _desk_of_place(tx, report, fact, policy, now)
    whom = whom_to_ask(
        str(report.narrative.get("commander", "")),
        [(one.name, one.phone) for one in fact.callers],
        (post.name, post.phone) if post is not None else ("", ""),
        fact.region_path,
    )
    said = "、".join(fields)
    if not fact.restricted:
        people = await seated(tx, report.stream, report.region_code, now, policy.rules.zone)
        words = (
            f"{fact.number} {report.title}仍有未核实项:{said}。请向{whom}核实并续报(第{report.asked}次提醒)"
        )
        matter = Matter(
            "reporting",
            f"reask:{report.id}:{report.asked}:{now.isoformat()}",
            words,
            (report.region_code,),
            report.incident_id,
            by_sms=False,
            text_en=f"{fact.number} {report.title}: still to be verified {said}. "
            f"Ask {whom} and report again (reminder {report.asked})",
        )
        told = people["desk"] + people["shift_lead"] if people is not None else []
        await notices.tell(tx, report.stream, told, matter, now)
    event = ReportChanged(type="report.reasked", report=reports.brief(report), addressee=whom, words=said)
    entry = Entry(event, concern_of(report, seen.concern), report.incident_id)
    await journal.append(tx, report.stream, now, [entry])


async def _desk_of_place(
    tx: Tx, report: WrittenReport, fact: IncidentFact, policy: Reporting, now: datetime
) -> PostOnDuty | None:
    """Return the duty desk of the incident's township, None where there is none or it asks itself."""
    place = f"{fact.region_code[:9]}000"
    if place == report.region_code:
        return None
    posts = await on_duty.on_duty(tx, report.stream, place[:9], now, zone=policy.rules.zone)
    return next((post for post in posts if post.region_code == place), None)
