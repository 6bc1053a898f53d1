"""Move the level of an incident: by its figures upwards, by a named person with a reason downwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from app.db import Tx
from app.dispatch.actions.permission import incident_for_command
from app.dispatch.actions.tell import Learned, tell_learned
from app.dispatch.facts import ClauseFact, GradingFact, IncidentFact
from app.dispatch.level.commands import KeyFacilityIn, LevelIn
from app.dispatch.level.rules import LEVEL_EN, LEVEL_ZH, Clause, propose, risen
from app.dispatch.level.table import level_table
from app.dispatch.rules.steps import IllegalStep
from app.dispatch.tables import Incident
from app.org.rules.access import Viewer
from app.refusals import FieldFault, InvalidInput


def regrade(incident: Incident, now: datetime, *, new_kind: bool = False) -> list[Learned]:
    """Ask the table anew after figures or the type changed; the level may rise, never fall.

    Returns what is to be told: that the level rose, that 较大涉险 fired.
    """
    held = GradingFact.model_validate(incident.grading)
    figures = {kind: float(str(told)) for kind, told in incident.casualties.items() if told is not None}
    found = propose(level_table(), incident.event_code, figures, _age(incident, now), held.key_facility)
    level = risen(incident.initial_level, None if new_kind else held.proposed, found.level)
    learned = []
    if level < incident.initial_level:
        was_zh, was_en = LEVEL_ZH[incident.initial_level], LEVEL_EN[incident.initial_level]
        learned.append(
            Learned(
                "incident.level_raised",
                f"级别{was_zh}→{LEVEL_ZH[level]}:{found.clauses[0].zh}",
                f"level {was_en} → {LEVEL_EN[level]}: {found.clauses[0].en}",
            )
        )
        held = held.model_copy(
            update={"confirmed_by": None, "confirmed_at": None, "lowered_by": None, "lowered_reason": None}
        )
    incident.initial_level = level
    if found.larger_risk and not held.larger_risk:
        learned.append(_larger_risk(found.larger_risk))
    incident.grading = held.model_copy(
        update={
            "version": found.version,
            "family": found.family,
            "proposed": found.level,
            "clauses": _facts(found.clauses),
            "larger_risk": _facts(found.larger_risk),
        }
    ).model_dump(mode="json")
    return learned


def _age(incident: Incident, now: datetime) -> timedelta:
    return now - (incident.occurred_at or incident.received_at)


def _facts(clauses: Sequence[Clause]) -> list[ClauseFact]:
    return [ClauseFact(**asdict(one)) for one in clauses]


def _larger_risk(clauses: Sequence[Clause]) -> Learned:
    zh, en = ";".join(one.zh for one in clauses), "; ".join(one.en for one in clauses)
    return Learned("incident.larger_risk", f"达到较大涉险:{zh}", f"larger risk: {en}")


async def set_key_facility(
    tx: Tx, by: Viewer, incident_id: int, told: KeyFacilityIn, now: datetime
) -> IncidentFact:
    """Say which key facility is endangered, or with a reason that none is any more.

    Raises InvalidInput, IllegalStep when closed, NotFound.
    """
    incident = await incident_for_command(tx, by, incident_id)
    if incident.state != "open":
        raise IllegalStep(incident.state, "amend")
    held = GradingFact.model_validate(incident.grading)
    if not told.name and not told.reason:
        zh, en = "解除危及须写明理由", "say why it is endangered no more"
        raise InvalidInput(FieldFault("reason", zh, en))
    incident.grading = held.model_copy(update={"key_facility": told.name}).model_dump(mode="json")
    learned = [_endangered(told), *regrade(incident, now)]
    incident.version += 1
    return await tell_learned(tx, by, incident, learned, now)


def inherit_key_facility(into: Incident, other: Incident) -> None:
    """Let an incident that takes up another know what that one endangers, unless it names one itself."""
    named = into.grading.get("key_facility") or other.grading.get("key_facility") or ""
    into.grading = {**into.grading, "key_facility": named}


def _endangered(told: KeyFacilityIn) -> Learned:
    zh, en = f"危及重要场所设施:{told.name}", f"a key facility is endangered: {told.name}"
    if not told.name:
        zh, en = "不再危及重要场所设施", "no key facility is endangered any more"
    why_zh, why_en = (f",理由:{told.reason}", f" ({told.reason})") if told.reason else ("", "")
    return Learned("incident.key_facility", zh + why_zh, en + why_en)


async def set_level(tx: Tx, by: Viewer, incident_id: int, told: LevelIn, now: datetime) -> IncidentFact:
    """Confirm the level as it stands, raise it, or lower it with a reason. Raises InvalidInput, NotFound."""
    incident = await incident_for_command(tx, by, incident_id)
    if incident.state != "open":
        raise IllegalStep(incident.state, "amend")
    before, reason = incident.initial_level, told.reason
    if told.level > before and not reason:
        raise InvalidInput(reason_missing())
    held = GradingFact.model_validate(incident.grading)
    lowered = told.level > before
    incident.initial_level = told.level
    incident.grading = held.model_copy(
        update={
            "confirmed_by": by.name,
            "confirmed_at": now,
            "lowered_by": by.name if lowered else held.lowered_by if told.level == before else None,
            "lowered_reason": reason if lowered else held.lowered_reason if told.level == before else None,
        }
    ).model_dump(mode="json")
    incident.version += 1
    return await tell_learned(tx, by, incident, [_judged(before, told.level, reason)], now)


def reason_missing() -> FieldFault:
    """Return the fault of lowering a level without saying why."""
    return FieldFault("reason", "降低级别须写明理由", "say why the level is lowered")


def _judged(before: int, level: int, reason: str) -> Learned:
    zh, en = LEVEL_ZH[level], LEVEL_EN[level]
    why_zh, why_en = (f",理由:{reason}", f": {reason}") if reason else ("", "")
    if level == before:
        return Learned("incident.level_confirmed", f"级别确认为{zh}{why_zh}", f"level confirmed {en}{why_en}")
    name = "incident.level_raised" if level < before else "incident.level_lowered"
    return Learned(name, f"级别{LEVEL_ZH[before]}→{zh}{why_zh}", f"level {LEVEL_EN[before]} → {en}{why_en}")
