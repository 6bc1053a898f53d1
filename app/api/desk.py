"""The picture, the events after it, and what changes rarely."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute, SharedRoute
from app.api.shapes import (
    CentreOut,
    EventPage,
    EventTypeOut,
    LimitsOut,
    ReferenceOut,
    RegionOut,
    SnapshotOut,
    me_of,
)
from app.dispatch.secrecy import store as secrecy
from app.dispatch.store import incidents
from app.journal import store as journal
from app.org import store as org

router = APIRouter(prefix="/api", tags=["desk"], route_class=DeskRoute)
SCAN = 2000  # journal rows looked through for one page


async def snapshot(by: By, house: InHouse) -> Response:
    """Return the picture and the `seq` it is true at; go on with `WS /ws?after=<seq>`."""
    taken = await house.pictures.of(by)
    at = house.clock.now().isoformat().replace("+00:00", "Z")
    me = me_of(by, house.settings.zone).model_dump_json()
    return Response(
        f'{{"seq":{taken.seq},"at":"{at}","me":{me},{taken.members}}}', media_type="application/json"
    )


# Thousands come back at once and ask for it: they share it.
router.add_api_route("/snapshot", snapshot, response_model=SnapshotOut, route_class_override=SharedRoute)


@router.get("/events", response_model=EventPage)
async def events(
    by: By,
    tx: InTx,
    after: Annotated[int, Query(ge=0, le=2**63 - 1)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> Response:
    """Return the events after a cursor that this person may see, as they went over the wire.

    What was written of an incident before it became need-to-know is shown only to who may know it now.
    """
    head = await journal.head(tx, by.stream)
    rows = await journal.read_after(tx, by.stream, after, SCAN)
    sealed = await secrecy.sealed(tx, by.stream)
    seen = [row for row in rows if sealed.shows(by, row)][:limit]
    full = len(seen) == limit
    cursor = seen[-1].seq if full else (rows[-1].seq if rows else after)
    more = "true" if cursor < head else "false"
    body = ",".join(row.wire for row in seen)
    return Response(
        f'{{"events":[{body}],"next":{cursor},"head":{head},"more":{more}}}', media_type="application/json"
    )


@router.get("/reference")
async def reference(by: By, tx: InTx, house: InHouse) -> ReferenceOut:
    """Return places within the scope's county, kinds of incident and the waiting times."""
    settings, ladder = house.settings, house.dispatch.ladder
    name_zh, name_en = await org.centre_names(tx, by.stream)
    return ReferenceOut(
        regions=[RegionOut.model_validate(row) for row in await org.regions_of(tx, by.stream)],
        event_types=[EventTypeOut.model_validate(row) for row in await incidents.event_types(tx)],
        limits=LimitsOut(
            answer_limit_s=int(ladder.answer.total_seconds()),
            leader_alert_limit_s=int(ladder.leader_alert.total_seconds()),
            position_limit_s=settings.position_limit_s,
            credentials_max_days=settings.credentials_max_days,
        ),
        centre=CentreOut(name_zh=name_zh, name_en=name_en),
        drill=False,
    )
