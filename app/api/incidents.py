"""Incidents: open, amend, close, assign, print."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from app.api.after_action_page import after_action_page
from app.api.causes import must_run
from app.api.house import By, InHouse, InTx
from app.api.pages import timeline_page
from app.api.route import DeskRoute
from app.commands import RowId
from app.desk.after_action.facts import AfterAction
from app.desk.after_action.reading import after_action as report_of
from app.desk.stages import Stage
from app.desk.timeline import Timeline
from app.desk.timeline import timeline as timeline_of
from app.dispatch.actions import incidents
from app.dispatch.actions.assign import assign
from app.dispatch.actions.telling import note_telling
from app.dispatch.assignment_facts import AssignmentFact
from app.dispatch.commands import AssignIn, IncidentIn, IncidentPatch, ReasonIn, TellingIn
from app.dispatch.facts import IncidentFact, IncidentState
from app.dispatch.figures import actions as figures
from app.dispatch.figures.commands import FigureChoiceIn, FigureIn
from app.dispatch.figures.facts import FigureBook
from app.dispatch.level.actions import set_key_facility, set_level
from app.dispatch.level.commands import KeyFacilityIn, LevelIn
from app.dispatch.places.actions import locate
from app.dispatch.places.commands import PlaceIn
from app.dispatch.secrecy.actions import set_secrecy
from app.dispatch.secrecy.commands import SecrecyIn
from app.dispatch.store import assignments
from app.dispatch.store import incidents as store
from app.org.rules.access import may_see
from app.refusals import NotFound

router = APIRouter(prefix="/api/incidents", tags=["incidents"], route_class=DeskRoute)


@router.get("")
async def listed(
    by: By,
    tx: InTx,
    state: IncidentState = "open",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> list[IncidentFact]:
    """Return the incidents of a state, newest first."""
    return [seen.fact for seen in await store.by_state(tx, by, state, limit)]


@router.post("", status_code=201)
async def open_by_hand(told: IncidentIn, by: By, tx: InTx, house: InHouse) -> IncidentFact:
    """Open an incident from a telephone call or another source."""
    await must_run(tx, by, told.drill_id)
    return await incidents.open_by_hand(tx, by, told, house.clock.now(), house.settings.zone)


@router.get("/{incident_id}")
async def one(incident_id: RowId, by: By, tx: InTx) -> IncidentFact:
    """Return one incident."""
    seen = await store.seen(tx, by.stream, incident_id)
    if seen is None or not may_see(by, seen.concern):
        raise NotFound("该事件", "incident")
    return seen.fact


@router.get("/{incident_id}/assignments")
async def sent(incident_id: RowId, by: By, tx: InTx) -> list[AssignmentFact]:
    """Return every team that was ever sent to it, those that are back too."""
    await one(incident_id, by, tx)
    return await assignments.of_incidents(tx, [incident_id])


@router.patch("/{incident_id}")
async def amend(incident_id: RowId, patch: IncidentPatch, by: By, tx: InTx, house: InHouse) -> IncidentFact:
    """Change what is known; `version` is the one the editor saw."""
    return await incidents.amend(tx, by, incident_id, patch, house.clock.now())


@router.post("/{incident_id}/close")
async def close(incident_id: RowId, told: ReasonIn, by: By, tx: InTx, house: InHouse) -> IncidentFact:
    """Close the incident once no team is out any more."""
    return await incidents.close(tx, by, incident_id, told.reason, house.clock.now())


@router.post("/{incident_id}/level")
async def level(incident_id: RowId, told: LevelIn, by: By, tx: InTx, house: InHouse) -> IncidentFact:
    """Confirm, raise or lower the level; lowering it needs a reason."""
    return await set_level(tx, by, incident_id, told, house.clock.now())


@router.put("/{incident_id}/key-facility")
async def key_facility(
    incident_id: RowId, told: KeyFacilityIn, by: By, tx: InTx, house: InHouse
) -> IncidentFact:
    """Name the key facility that is endangered (较大涉险), or say with a reason that none is any more."""
    return await set_key_facility(tx, by, incident_id, told, house.clock.now())


@router.put("/{incident_id}/secrecy")
async def secrecy(incident_id: RowId, told: SecrecyIn, by: By, tx: InTx, house: InHouse) -> IncidentFact:
    """Mark the incident sensitive or need-to-know and name its readers."""
    return await set_secrecy(tx, by, incident_id, told, house.clock.now())


@router.put("/{incident_id}/place")
async def place(incident_id: RowId, told: PlaceIn, by: By, tx: InTx, house: InHouse) -> IncidentFact:
    """Say where it is: a point, a road and kilometre, or direction and distance from a known point."""
    return await locate(tx, by, incident_id, told, house.clock.now())


@router.post("/{incident_id}/tellings", status_code=201)
async def report_up(incident_id: RowId, told: TellingIn, by: By, tx: InTx, house: InHouse) -> IncidentFact:
    """Note that somebody above was told of it (报)."""
    return await note_telling(tx, by, incident_id, told, house.clock.now())


@router.get("/{incident_id}/figures")
async def figure_book(incident_id: RowId, by: By, tx: InTx) -> FigureBook:
    """Return what was told of each figure, which one is official, and who chose it."""
    return await figures.book(tx, by, incident_id)


@router.post("/{incident_id}/figures", status_code=201)
async def tell_figure(incident_id: RowId, told: FigureIn, by: By, tx: InTx, house: InHouse) -> IncidentFact:
    """Enter a figure somebody told."""
    return await figures.tell_figure(tx, by, incident_id, told, house.clock.now())


@router.post("/{incident_id}/figures/choice", status_code=201)
async def choose_figure(
    incident_id: RowId, told: FigureChoiceIn, by: By, tx: InTx, house: InHouse
) -> IncidentFact:
    """Choose the official one of the figures told, or let it be verified again."""
    return await figures.choose_figure(tx, by, incident_id, told, house.clock.now())


@router.post("/{incident_id}/assignments", status_code=201)
async def send_team(incident_id: RowId, order: AssignIn, by: By, tx: InTx, house: InHouse) -> AssignmentFact:
    """Send one team; its answer is due within the limit."""
    return await assign(tx, by, incident_id, order, house.clock.now(), house.dispatch)


@router.get("/{incident_id}/after-action")
async def after_action(incident_id: RowId, by: By, tx: InTx, house: InHouse) -> AfterAction:
    """Return what the incident took against its targets and earlier ones, its late and unanswered items."""
    now = house.clock.now()
    return await report_of(tx, by, incident_id, house.dispatch, house.reporting, now)


@router.get("/{incident_id}/after-action.html", response_class=HTMLResponse)
async def after_action_html(incident_id: RowId, by: By, tx: InTx, house: InHouse) -> HTMLResponse:
    """Return the same as a page to print, with charts."""
    report = await after_action(incident_id, by, tx, house)
    return HTMLResponse(after_action_page(report, house.settings.zone))


@router.get("/{incident_id}/timeline")
async def timeline(incident_id: RowId, by: By, tx: InTx) -> Timeline:
    """Return the whole story of the incident from the journal."""
    return await timeline_of(tx, by, incident_id)


@router.get("/{incident_id}/timeline.html", response_class=HTMLResponse)
async def timeline_html(
    incident_id: RowId, by: By, tx: InTx, house: InHouse, stage: Stage | None = None
) -> HTMLResponse:
    """Return the same story as a page to print, of one of the eight stages or of all."""
    story = await timeline_of(tx, by, incident_id)
    return HTMLResponse(timeline_page(story, house.settings.zone, by.name, stage))
