"""Enter figures and choose the official ones; the level rule runs on every change of an official figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.db import Tx
from app.dispatch.actions.permission import incident_for_command
from app.dispatch.actions.tell import Learned, tell_learned
from app.dispatch.commands import earlier
from app.dispatch.facts import Casualties, IncidentFact
from app.dispatch.figures import store
from app.dispatch.figures.commands import FigureChoiceIn, FigureIn
from app.dispatch.figures.facts import FigureBook, FigureFact
from app.dispatch.figures.kinds import MEASURES, FigureKind
from app.dispatch.figures.rules import Told, changed, conflicts, fault, in_words
from app.dispatch.figures.tables import FigureChoice, IncidentFigure
from app.dispatch.level.actions import regrade
from app.dispatch.rules.steps import IllegalStep
from app.dispatch.store import incidents
from app.dispatch.tables import Incident
from app.org.rules.access import Viewer, may_see
from app.refusals import InvalidInput, NotFound


@dataclass(frozen=True, slots=True)
class Origin:
    """Where figures come from that were typed together with other facts of an incident."""

    source: str
    channel: str
    told_at: datetime
    reason: str


async def book(tx: Tx, by: Viewer, incident_id: int) -> FigureBook:
    """Return everything told and chosen of an incident this person may see. Raises NotFound."""
    seen = await incidents.seen(tx, by.stream, incident_id)
    if seen is None or not may_see(by, seen.concern):
        raise NotFound("该事件", "incident")
    told = await store.told(tx, incident_id)
    words = [Told(one.kind, one.source, one.value, one.told_at) for one in told]
    return FigureBook(
        figures=told, choices=await store.choices(tx, incident_id), conflicts=list(conflicts(words))
    )


async def tell_figure(tx: Tx, by: Viewer, incident_id: int, told: FigureIn, now: datetime) -> IncidentFact:
    """Enter a figure somebody told; the first of its kind is official at once.

    Raises InvalidInput, NotFound, IllegalStep when closed.
    """
    incident = await _open_incident(tx, by, incident_id)
    if wrong := fault(told.kind, told.value):
        raise InvalidInput(wrong)
    row = _row(by, incident, told, now)
    tx.add(row)
    await tx.flush()
    held = await store.official(tx, incident_id)
    becomes = told.official if told.official is not None else held.get(told.kind, (None, None))[0] is None
    learned = [_told(row, official=becomes)]
    if becomes:
        tx.add(_choice(by, incident_id, told.kind, row.id, told.note, now))
        await tx.flush()
        learned += await _derive(tx, incident, now)
    incident.version += 1
    return await tell_learned(tx, by, incident, learned, now)


async def choose_figure(
    tx: Tx, by: Viewer, incident_id: int, told: FigureChoiceIn, now: datetime
) -> IncidentFact:
    """Choose which of the figures told is official. Raises NotFound, IllegalStep when closed."""
    incident = await _open_incident(tx, by, incident_id)
    row = None
    if told.figure_id is not None:
        row = await store.figure(tx, incident_id, told.figure_id)
        if row is None or row.kind != told.kind:
            raise NotFound("该数字", "figure")
    tx.add(_choice(by, incident_id, told.kind, told.figure_id, told.reason, now))
    await tx.flush()
    risen = await _derive(tx, incident, now)
    zh, en = in_words(told.kind, row.value if row else None)
    source = f"({row.source})" if row else ""
    learned = Learned(
        "incident.figure_chosen",
        f"采用{zh}{source}:{told.reason}",
        f"official: {en}{source}: {told.reason}",
        figure=_fact(row, official=True) if row else None,
    )
    incident.version += 1
    return await tell_learned(tx, by, incident, [learned, *risen], now)


async def take_over(
    tx: Tx, by: Viewer, incident: Incident, figures: Casualties, origin: Origin, now: datetime
) -> None:
    """Enter figures that were typed with other facts, official by the word of who typed them.

    The caller runs the level rule and tells the journal.
    """
    assert incident.id is not None
    for kind, value in changed(incident.casualties, figures.model_dump(mode="json")):
        row = None
        if value is not None:
            if wrong := fault(kind, value):
                raise InvalidInput(wrong)
            said = FigureIn(
                kind=kind, value=value, source=origin.source, channel=origin.channel, told_at=origin.told_at
            )
            row = _row(by, incident, said, now)
            tx.add(row)
            await tx.flush()
        tx.add(_choice(by, incident.id, kind, row.id if row else None, origin.reason, now))
    incident.casualties = figures.model_dump(mode="json")
    await tx.flush()


async def _open_incident(tx: Tx, by: Viewer, incident_id: int) -> Incident:
    incident = await incident_for_command(tx, by, incident_id)
    if incident.state != "open":
        raise IllegalStep(incident.state, "amend")
    return incident


async def _derive(tx: Tx, incident: Incident, now: datetime) -> Sequence[Learned]:
    """Let the incident's figures be the official ones, and ask the level table."""
    assert incident.id is not None
    chosen = await store.official(tx, incident.id)
    values = {
        kind: int(value) if value is not None and MEASURES[kind].whole else value
        for kind in MEASURES
        for _, value in [chosen.get(kind, (None, None))]
    }
    incident.casualties = Casualties(**values).model_dump(mode="json")
    return regrade(incident, now)


def _row(by: Viewer, incident: Incident, told: FigureIn, now: datetime) -> IncidentFigure:
    assert incident.id is not None
    told_at = earlier(told.told_at, now)
    return IncidentFigure(
        stream=incident.stream,
        incident_id=incident.id,
        kind=told.kind,
        value=told.value,
        source=told.source,
        channel=told.channel,
        note=told.note,
        happened_at=min(told.happened_at, told_at) if told.happened_at else None,
        told_at=told_at,
        entered_at=now,
        entered_by=by.name,
        account_id=by.account_id,
    )


def _choice(
    by: Viewer, incident_id: int, kind: FigureKind, figure_id: int | None, reason: str, now: datetime
) -> FigureChoice:
    return FigureChoice(
        incident_id=incident_id,
        kind=kind,
        figure_id=figure_id,
        reason=reason,
        chosen_by=by.name,
        account_id=by.account_id,
        chosen_at=now,
    )


def _fact(row: IncidentFigure, *, official: bool) -> FigureFact:
    return FigureFact(**row.model_dump(exclude={"stream", "incident_id", "account_id"}), official=official)


def _told(row: IncidentFigure, *, official: bool) -> Learned:
    zh, en = in_words(row.kind, row.value)  # type: ignore[arg-type]
    mark_zh, mark_en = ("", "") if official else ("(未采用)", " (not official)")
    return Learned(
        "incident.figure_told",
        f"{row.source}报{zh}{mark_zh}",
        f"{row.source} tells {en}{mark_en}",
        figure=_fact(row, official=official),
    )
