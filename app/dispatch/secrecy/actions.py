"""Mark an incident sensitive or need-to-know, and name who may know it."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.dispatch.actions.incidents import StaleVersion
from app.dispatch.actions.permission import concern_of, incident_for_command
from app.dispatch.actions.tell import Learned, tell_learned
from app.dispatch.exercise.refusals import PartiesDecide
from app.dispatch.facts import IncidentFact, ReaderFact
from app.dispatch.secrecy import store
from app.dispatch.secrecy.commands import SecrecyIn
from app.dispatch.secrecy.spread import spread
from app.dispatch.secrecy.withdraw import withdrawn
from app.dispatch.store import incidents
from app.dispatch.tables import Incident
from app.org.rules.access import Viewer
from app.refusals import FieldFault, InvalidInput


async def set_secrecy(tx: Tx, by: Viewer, incident_id: int, told: SecrecyIn, now: datetime) -> IncidentFact:
    """Set the flags and the readers; who sets them is a reader himself.

    A sensitive incident is reported one step higher; a restricted one is seen by its readers alone, or,
    while none are named, by those whose role may. Raises StaleVersion, InvalidInput, NotFound.
    """
    incident = await incident_for_command(tx, by, incident_id)
    if incident.version != told.version:
        raise StaleVersion
    readers = await _readers(tx, by, incident, told)
    kind = await incidents.event_type(tx, incident.event_scheme, incident.event_code)
    if kind is not None and kind.restricted and not told.restricted:
        raise InvalidInput(
            FieldFault(
                "restricted",
                f"{kind.name_zh}一律限知,不能取消;要公开请先更改事件类型",
                f"{kind.name_en} is always need-to-know: change the type first",
            )
        )
    before = concern_of(incident)
    _set(incident, told, readers)
    after = concern_of(incident)
    assert incident.id is not None
    if after != before:
        await tx.flush()
        await spread(tx, incident.id, after)
    gone = withdrawn(incident.id, before, after)
    return await tell_learned(tx, by, incident, [_words(incident, told.reason)], now, gone)


def _set(incident: Incident, told: SecrecyIn, readers: list[ReaderFact]) -> None:
    incident.sensitive = told.sensitive
    incident.restricted_by_hand = incident.restricted = told.restricted
    incident.readers = [one.key for one in readers]
    incident.named_readers = [one.model_dump() for one in readers]
    incident.version += 1


async def _readers(tx: Tx, by: Viewer, incident: Incident, told: SecrecyIn) -> list[ReaderFact]:
    if incident.drill_id is not None and incident.readers:  # the drill says who knows of it
        if told.readers and set(told.readers) != set(incident.readers):
            raise PartiesDecide
        return [ReaderFact.model_validate(one) for one in incident.named_readers]
    if not told.readers:
        return []
    if not told.restricted:
        raise InvalidInput(
            FieldFault("readers", "指定知悉人须同时设为限知", "named readers need the restricted mark")
        )
    keys = list(dict.fromkeys(told.readers))
    found = await store.names_of(tx, by.stream, keys)
    if len(found) < len(keys):
        missing = ", ".join(sorted(set(keys) - {one.key for one in found}))
        raise InvalidInput(FieldFault("readers", f"没有这些知悉人:{missing}", f"no such readers: {missing}"))
    if not by.is_named(keys):  # nobody shuts himself out by mistake
        found.append(ReaderFact(key=f"account:{by.account_id}", name=by.name))
    return found


def _words(incident: Incident, reason: str) -> Learned:
    zh = [word for word, holds in (("敏感", incident.sensitive), ("限知", incident.restricted)) if holds]
    en = [
        word
        for word, holds in (("sensitive", incident.sensitive), ("need-to-know", incident.restricted))
        if holds
    ]
    who = f",知悉{len(incident.readers)}方" if incident.readers else ""
    who_en = f", {len(incident.readers)} readers" if incident.readers else ""
    return Learned(
        "incident.secrecy_set",
        f"设为{'、'.join(zh) or '公开'}{who}:{reason}",
        f"set {', '.join(en) or 'open'}{who_en}: {reason}",
    )
