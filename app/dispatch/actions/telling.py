"""Note that somebody above was told of an incident (报, the second of the four verbs 接报传跟)."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.dispatch.actions.permission import incident_for_command
from app.dispatch.actions.tell import Learned, tell_learned
from app.dispatch.commands import TellingIn, earlier
from app.dispatch.facts import IncidentFact, TellingFact
from app.dispatch.rules.steps import IllegalStep
from app.org.rules.access import Viewer
from app.refusals import FieldFault, InvalidInput

MOST = 100  # they ride along with every event of the incident


async def note_telling(tx: Tx, by: Viewer, incident_id: int, told: TellingIn, now: datetime) -> IncidentFact:
    """Note who was told, at the version the incident has now. Raises IllegalStep, InvalidInput, NotFound."""
    incident = await incident_for_command(tx, by, incident_id)
    if incident.state != "open":
        raise IllegalStep(incident.state, "amend")
    if len(incident.tellings) >= MOST:
        raise InvalidInput(
            FieldFault("whom", f"最多记{MOST}次,请改记值班日志", f"{MOST} at most: use the duty log")
        )
    fact = TellingFact(
        whom=told.whom,
        channel=told.channel,
        version=incident.version,
        told_at=earlier(told.told_at, now),
        entered_at=now,
        entered_by=by.name,
    )
    incident.tellings = [*incident.tellings, fact.model_dump(mode="json")]
    incident.version += 1
    learned = Learned(
        "incident.reported",
        f"已报告{fact.whom}(第{fact.version}版)",
        f"told {fact.whom} (version {fact.version})",
    )
    return await tell_learned(tx, by, incident, [learned], now)
