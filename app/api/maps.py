"""The map: the county's own ground, what may lie below it, and where a team went on it."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi import Path as Segment
from fastapi.responses import FileResponse

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.api.tiles import TilesFact, tiles_of
from app.codecs.pmtiles import HEADER_BYTES, Kind, read_header
from app.commands import RowId
from app.desk import trails
from app.refusals import NotFound
from app.tracking.facts import TrackFact
from app.wire import Fact

router = APIRouter(prefix="/api/map", tags=["desk"], route_class=DeskRoute)
LONGEST_TRAIL_MIN = 24 * 60

ArchiveName = Annotated[str, Segment(pattern=r"^[^/\\.\x00-\x1f]{1,80}$")]


class ArchiveFact(Fact):
    """A file of tiles in the data folder's `map`: `name` is the file's without `.pmtiles`."""

    name: str
    kind: Kind
    size: int
    min_zoom: int
    max_zoom: int


class GroundFact(Fact):
    """What may lie below the county's own map."""

    archives: list[ArchiveFact]
    tiles: TilesFact | None


@lru_cache(maxsize=1)
def _map_text(path: str) -> str | None:
    try:
        return Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


@router.get("/base")
async def base_map(house: InHouse) -> Response:
    """Return the county's base map as GeoJSON (WGS-84), as imported into the data folder."""
    found = _map_text(str(house.settings.data / "map" / "base.geojson"))
    return Response(
        found or '{"type":"FeatureCollection","features":[]}',
        media_type="application/geo+json",
        headers={"Cache-Control": "private, max-age=3600"},
    )


def _archive(file: Path) -> ArchiveFact | None:
    with file.open("rb") as opened:
        header = read_header(opened.read(HEADER_BYTES))
    if header is None:
        return None
    return ArchiveFact(
        name=file.stem,
        kind=header.kind,
        size=file.stat().st_size,
        min_zoom=header.min_zoom,
        max_zoom=header.max_zoom,
    )


@router.get("/ground")
def ground(_by: By, house: InHouse) -> GroundFact:
    """Return the tile archives dropped into the data folder's `map`, and the tiles the settings name."""
    folder = house.settings.data / "map"
    files = sorted(folder.glob("*.pmtiles")) if folder.is_dir() else []
    found = [one for file in files if (one := _archive(file)) is not None]
    return GroundFact(archives=found, tiles=tiles_of(house.settings))


@router.get("/archives/{name}", response_class=FileResponse)
def archive(name: ArchiveName, _by: By, house: InHouse) -> FileResponse:
    """Return a tile archive, or with `Range` a part of it."""
    file = house.settings.data / "map" / f"{name}.pmtiles"
    if not file.is_file():
        raise NotFound("该地图文件", "map file")
    # Asked for a few kilobytes at a time: parts stay known, and the ETag tells of another file.
    headers = {"Cache-Control": "private, max-age=86400"}
    return FileResponse(file, media_type="application/vnd.pmtiles", headers=headers)


@router.get("/trails/{team_id}")
async def trail(
    team_id: RowId,
    by: By,
    tx: InTx,
    house: InHouse,
    minutes: Annotated[int, Query(ge=1, le=LONGEST_TRAIL_MIN, description="so far back")] = 120,
) -> list[TrackFact]:
    """Return where the devices a team carries now went, oldest first, at most 1,000 points a device."""
    return await trails.of_team(tx, by, team_id, timedelta(minutes=minutes), house.clock.now())
