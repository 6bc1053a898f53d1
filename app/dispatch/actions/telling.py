"""Note that somebody above was told of an incident (报, the second of the four verbs 接报传跟)."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.dispatch.actions.incidents import StaleVersion
from app.dispatch.actions.permission import incident_for_command
from app.dispatch.actions.tell import Learned, tell_learned
from app.dispatch.commands import TellingIn, earlier
from app.dispatch.facts import IncidentFact, ReportNode, TellingFact
from app.dispatch.rules.steps import IllegalStep
from app.dispatch.rules.tellings import missing_of
from app.dispatch.store import incidents
from app.dispatch.tables import Incident
from app.org.rules.access import Viewer
from app.refusals import FieldFault, InvalidInput

MOST = 100  # they ride along with every event of the incident


async def note_telling(tx: Tx, by: Viewer, incident_id: int, told: TellingIn, now: datetime) -> IncidentFact:
    """Note who was told, at the version that was told.

    A report that counts may follow the close: the final report does. Raises IllegalStep, InvalidInput,
    StaleVersion for a version the incident never had, NotFound.
    """
    incident = await incident_for_command(tx, by, incident_id)
    return await _note(tx, by, incident, _with_sender(told, by), now)


async def note_receipt(
    tx: Tx, incident: Incident, told: TellingIn, entered_by: str, now: datetime
) -> IncidentFact:
    """Note a telling that no person here entered: the receiver's system says that it has the report.

    The incident is locked; `told` names its sender. Raises as `note_telling`.
    """
    return await _note(tx, None, incident, told, now, entered_by)


async def _note(
    tx: Tx, by: Viewer | None, incident: Incident, told: TellingIn, now: datetime, entered_by: str = ""
) -> IncidentFact:
    closed = incident.state == "closed" and incident.merged_into_id is None and told.receiver is not None
    if incident.state != "open" and not closed:
        raise IllegalStep(incident.state, "amend")
    if len(incident.tellings) >= MOST:
        raise InvalidInput(
            FieldFault("whom", f"最多记{MOST}次,请改记值班日志", f"{MOST} at most: use the duty log")
        )
    if told.receiver is not None and (faults := missing_of(told)):
        raise InvalidInput(*faults)
    fact = await _fact(tx, incident, told, by.name if by else entered_by, now)
    incident.tellings = [*incident.tellings, fact.model_dump(mode="json")]
    incident.version += 1
    learned = Learned(
        "incident.reported",
        f"已报告{fact.whom}(第{fact.version}版)",
        f"told {fact.whom} (version {fact.version})",
    )
    return await tell_learned(tx, by, incident, [learned], now)


def _with_sender(told: TellingIn, by: Viewer) -> TellingIn:
    if told.sender is not None or told.receiver is None:
        return told
    own: ReportNode = "T" if len(by.scope) > len(by.stream) else "C"
    return told.model_copy(update={"sender": own})


async def _fact(tx: Tx, incident: Incident, told: TellingIn, entered_by: str, now: datetime) -> TellingFact:
    version = told.version or incident.version
    if version > incident.version:
        raise StaleVersion
    as_of = None
    if version < incident.version:
        as_of = await incidents.version_at(tx, incident.stream, incident.id or 0, version)
    return TellingFact(
        whom=told.whom,
        channel=told.channel,
        version=version,
        told_at=earlier(told.told_at, now),
        entered_at=now,
        entered_by=entered_by,
        sender=told.sender if told.receiver else None,
        receiver=told.receiver,
        kind=told.kind,
        number=told.number,
        receipt=told.receipt,
        as_of=as_of,
    )
