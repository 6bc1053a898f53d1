"""A window of time once more: on the screen, or as one file that opens without us."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import TypeAdapter

from app.api.desk import reference
from app.api.house import By, InHouse, InTx
from app.api.maps import base_map
from app.api.route import DeskRoute
from app.commands import Moment
from app.desk.replay.facts import CarriedFact, OnlookerFact, ReplayFact
from app.desk.replay.file import whole_page
from app.desk.replay.reading import Recording, record
from app.dispatch.facts import TeamFact
from app.org import store as org
from app.tracking.facts import TrackFact

router = APIRouter(prefix="/api", tags=["replay"], route_class=DeskRoute)
STATIC = Path(__file__).parents[1] / "static" / "replay"
_TEAMS: TypeAdapter[Sequence[TeamFact]] = TypeAdapter(Sequence[TeamFact], config={"defer_build": True})
_CARRIED: TypeAdapter[Sequence[CarriedFact]] = TypeAdapter(
    Sequence[CarriedFact], config={"defer_build": True}
)
_TRACKS: TypeAdapter[Sequence[TrackFact]] = TypeAdapter(Sequence[TrackFact], config={"defer_build": True})
_ONLOOKERS: TypeAdapter[Sequence[OnlookerFact]] = TypeAdapter(
    Sequence[OnlookerFact], config={"defer_build": True}
)


class Window(NamedTuple):
    """The window that is asked for."""

    start: datetime
    end: datetime


def _window(
    start: Annotated[Moment, Query(description="its first instant")],
    end: Annotated[Moment, Query(description="the instant after its last; at most seven days later")],
) -> Window:
    return Window(start, end)


Asked = Annotated[Window, Depends(_window)]


@router.get("/replay", response_model=ReplayFact)
async def replay(asked: Asked, by: By, tx: InTx, house: InHouse) -> Response:
    """Return a window as one may see it today: fold `prior`, then let `events` happen at their times.

    With it: where the units of one's scope were, whose screens were open and up to which row they had what
    they may see, and where the window stands in the journal's chain.
    """
    body = await _told(asked, by, tx, house)
    return Response(body, media_type="application/json")


@router.get("/replay.html", response_class=Response)
async def replay_file(asked: Asked, by: By, tx: InTx, house: InHouse) -> Response:
    """Return the same as one file: it opens in a browser without this service, without the internet."""
    body = await _told(asked, by, tx, house)
    base = (await base_map(house)).body
    county = (await reference(by, tx, house)).model_dump_json()
    page = await asyncio.to_thread(
        whole_page, STATIC, {"replay": body, "base": bytes(base).decode(), "reference": county}
    )
    local = asked.start.astimezone(house.settings.zone)
    return Response(
        page,
        media_type="text/html",
        headers={"Content-Disposition": f'attachment; filename="replay-{local:%Y%m%d-%H%M}.html"'},
    )


async def _told(asked: Window, by: By, tx: InTx, house: InHouse) -> str:
    now = house.clock.now()
    found = await record(tx, by, asked.start, asked.end, now)
    centre, _ = await org.centre_names(tx, by.stream)
    bare = ReplayFact(
        stream=by.stream,
        centre=centre,
        start=found.start,
        end=found.end,
        made_at=now,
        made_by=by.name,
        zone=house.settings.zone.key,
        prior=[],
        events=[],
        teams=[],
        carried=[],
        tracks=[],
        onlookers=[],
        proof=found.proof,
    )
    return await asyncio.to_thread(_written, bare, found)


def _written(bare: ReplayFact, found: Recording) -> str:
    """Return it as JSON: the events as they went over the wire, not taken apart and put together again."""
    lists = {
        "prior": f"[{','.join(row.wire for row in found.prior)}]",
        "events": f"[{','.join(row.wire for row in found.events)}]",
        "teams": _TEAMS.dump_json(found.teams).decode(),
        "carried": _CARRIED.dump_json(found.carried).decode(),
        "tracks": _TRACKS.dump_json(found.tracks).decode(),
        "onlookers": _ONLOOKERS.dump_json(found.onlookers).decode(),
    }
    head = bare.model_dump_json(exclude=set(lists))
    return f"{head[:-1]},{','.join(f'{chr(34)}{name}{chr(34)}:{value}' for name, value in lists.items())}}}"
