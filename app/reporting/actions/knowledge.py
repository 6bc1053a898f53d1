"""Enter what the deadlines hang on, or correct it: the old entry stays, with who corrected it and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.db import Tx
from app.dispatch.actions.permission import concern_of, incident_for_command
from app.dispatch.commands import earlier
from app.dispatch.rules.steps import IllegalStep
from app.journal import store as journal
from app.journal.store import Entry
from app.org.rules.access import Viewer, actor
from app.refusals import FieldFault, InvalidInput
from app.reporting.actions.recompute import recompute
from app.reporting.actions.situation import HOUSE
from app.reporting.commands import ReportKnownIn
from app.reporting.events import ReportKnown
from app.reporting.rulebook.in_force import in_force
from app.reporting.rules.terms import EVENTS, FLAGS, NODES
from app.reporting.settings import Reporting
from app.reporting.store import situation as store
from app.reporting.tables import ReportingFact

MOST = 300


async def note_known(
    tx: Tx, by: Viewer, policy: Reporting, incident_id: int, told: ReportKnownIn, now: datetime
) -> None:
    """Enter one fact; the dues are reckoned anew in the same breath.

    Raises InvalidInput, IllegalStep for an incident that is planned or merged, NotFound, NotPermitted.
    """
    incident = await incident_for_command(tx, by, incident_id)
    if incident.state == "scheduled" or incident.merged_into_id is not None:
        raise IllegalStep(incident.state, "amend")
    policy = await in_force(tx, policy, by.stream, now)
    rows = await store.facts(tx, incident_id)
    before = _corrected(rows, told)
    _check(told, policy, rows)
    row = ReportingFact(
        stream=by.stream,
        incident_id=incident_id,
        kind=told.kind,
        name=told.name,
        at=None if before and told.at is None else earlier(told.at, now),
        value=told.value,
        corrects_id=before.id if before else None,
        reason=told.reason,
        evidence=told.evidence,
        entered_at=now,
        entered_by=by.name,
        account_id=by.account_id,
    )
    tx.add(row)
    await tx.flush()
    shapes = {one.id: one for one in store.known_facts([*rows, row])}
    event = ReportKnown(
        type="report.fact_corrected" if before else "report.fact_noted",
        incident_id=incident_id,
        incident_number=incident.number,
        known=shapes[row.id or 0],
        before=shapes[before.id or 0] if before else None,
    )
    entries = [Entry(event, concern_of(incident), incident_id)]
    entries += await recompute(tx, policy, incident, now)
    await journal.append(tx, by.stream, now, entries, actor(by))


def _corrected(rows: Sequence[ReportingFact], told: ReportKnownIn) -> ReportingFact | None:
    """Return the entry that is corrected; what stands of the same thing may only be corrected."""
    corrected = {row.corrects_id for row in rows}
    standing = {row.id: row for row in rows if row.id not in corrected and row.kind not in HOUSE}
    if told.corrects is None:
        once = told.kind in ("learned", "received", "milestone", "scope")
        same = [row for row in standing.values() if (row.kind, row.name) == (told.kind, told.name)]
        if once and any(row.at is not None for row in same):
            raise InvalidInput(
                FieldFault(
                    "corrects",
                    "该项已有记录,只能以更正方式修改,原值、修改人和理由一并保留",
                    "it is entered already: correct that entry, the old value is kept",
                )
            )
        return None
    found = standing.get(told.corrects)
    if found is None or (found.kind, found.name) != (told.kind, told.name):
        raise InvalidInput(
            FieldFault(
                "corrects", "没有可更正的该项记录,请刷新后重试", "no such entry to correct: look again"
            )
        )
    if not told.reason:
        raise InvalidInput(FieldFault("reason", "更正须写明理由", "say why it is corrected"))
    return found


def _check(told: ReportKnownIn, policy: Reporting, rows: Sequence[ReportingFact]) -> None:
    if len(rows) >= MOST:
        raise InvalidInput(FieldFault("kind", f"最多记{MOST}条", f"{MOST} entries at most"))
    names = {
        "learned": frozenset(NODES),
        "received": frozenset(NODES),
        "figure": frozenset({"hot_pixels"}),
        "flag": FLAGS - set(HOUSE),
        "happening": frozenset(EVENTS) - {"casualty_change", "level_change", "reopened"},
        "milestone": frozenset({"fire_out", "stable"}),
        "scope": frozenset(policy.rules.scopes),
        "evidence": frozenset(NODES),
    }[told.kind]
    if told.name not in names:
        known = ", ".join(sorted(names))
        raise InvalidInput(FieldFault("name", f"须为以下之一:{known}", f"one of {known}"))
    if told.kind == "evidence" and not told.evidence:
        raise InvalidInput(FieldFault("evidence", "请写明依据来源", "say where it is seen"))
    if told.kind == "figure" and told.value is None and told.corrects is None:
        raise InvalidInput(FieldFault("value", "请填写数值", "give the value"))
