"""What the map asks the house: where a team went, and what lies below."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.config import Settings
from app.main import create_app
from app.tracking.store import Heard, write_many
from tests.api.desk import Desk, at_desk, problem, settings_of
from tests.pmtiles import archive, png
from tests.world import EAST, HILL, LAKE, RIVER, STREAM, TRUCK, WEST, World

pytestmark = pytest.mark.database


async def went(desk: Desk, device: int, team: int, place: str, *at: datetime) -> None:
    """Store positions of a device, each a little further east than the one before."""
    batch = [
        Heard(device, STREAM, team, place, 118.2 + n / 1000, 28.5, None, 9.0, None, when, when, when)
        for n, when in enumerate(at)
    ]
    for one in batch:  # in one batch a device has one latest place
        await desk.world.do(lambda tx, one=one: write_many(tx, [one]))  # type: ignore[misc]


async def test_a_trail_is_what_the_teams_devices_told_within_the_time_asked_for(desk: Desk) -> None:
    now = desk.world.clock.now()
    truck = (await desk.world.device(TRUCK)).id
    at = [now - timedelta(minutes=m) for m in (200, 90, 30, 1)]
    await went(desk, truck, RIVER, EAST, *at)
    await went(desk, 77, RIVER, EAST, now - timedelta(minutes=2))
    told = await desk.read("officer", f"/api/map/trails/{RIVER}?minutes=120")
    assert [(one["device_id"], len(one["points"])) for one in told] == [(truck, 3), (77, 1)]
    assert [p["lon"] for p in told[0]["points"]] == pytest.approx([118.201, 118.202, 118.203])
    assert [datetime.fromisoformat(p["at"]) for p in told[0]["points"]] == at[1:]
    last = await desk.read("officer", f"/api/map/trails/{RIVER}?minutes=1")
    assert [(one["device_id"], len(one["points"])) for one in last] == [(truck, 1)]
    assert len((await desk.read("officer", f"/api/map/trails/{RIVER}?minutes=1440"))[0]["points"]) == 4
    assert await desk.read("officer", f"/api/map/trails/{HILL}") == []


async def test_a_long_trail_is_thinned_evenly(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.desk.trails.MOST_POINTS", 13)
    now = desk.world.clock.now()
    await went(
        desk, 77, RIVER, EAST, *(now - timedelta(minutes=120) + timedelta(minutes=n) for n in range(120))
    )
    [told] = await desk.read("officer", f"/api/map/trails/{RIVER}?minutes=120")
    at = [datetime.fromisoformat(p["at"]) for p in told["points"]]
    assert 11 <= len(at) <= 13
    assert at == sorted(at)
    assert at[-1] == now - timedelta(minutes=1)
    assert max(b - a for a, b in itertools.pairwise(at)) < timedelta(minutes=12)


async def test_a_township_follows_its_own_teams_only(desk: Desk) -> None:
    now = desk.world.clock.now()
    await went(desk, 88, LAKE, WEST, now - timedelta(minutes=3))
    assert len(await desk.read("west", f"/api/map/trails/{LAKE}")) == 1
    problem(await desk.get("east", f"/api/map/trails/{LAKE}"), 404, "not_found")
    problem(await desk.get("officer", "/api/map/trails/999"), 404, "not_found")
    problem(await desk.get("admin", f"/api/map/trails/{LAKE}"), 403, "not_permitted")
    assert (await desk.get("officer", f"/api/map/trails/{LAKE}?minutes=1441")).status_code == 422


async def test_archives_in_the_data_folder_are_told_and_served_in_parts(desk: Desk) -> None:
    folder = desk.house.settings.data / "map"
    folder.mkdir()
    whole = archive(png(10, 20, 30))
    (folder / "县域影像.pmtiles").write_bytes(whole)
    (folder / "broken.pmtiles").write_bytes(b"not an archive")
    (folder / "base.geojson").write_text("{}")
    told = await desk.read("officer", "/api/map/ground")
    assert told["tiles"] is None
    [one] = told["archives"]
    assert (one["name"], one["kind"], one["size"], one["max_zoom"]) == ("县域影像", "raster", len(whole), 12)
    part = await desk.ask("officer", "GET", "/api/map/archives/县域影像", Range="bytes=0-126")
    assert (part.status_code, part.content) == (206, whole[:127])
    assert part.headers["content-range"] == f"bytes 0-126/{len(whole)}"
    assert "no-store" not in part.headers["cache-control"]
    end = await desk.ask("officer", "GET", "/api/map/archives/县域影像", Range=f"bytes={len(whole) - 4}-")
    assert end.content == whole[-4:]
    beyond = await desk.ask("officer", "GET", "/api/map/archives/县域影像", Range=f"bytes={len(whole)}-")
    assert beyond.status_code == 416
    problem(await desk.get("officer", "/api/map/archives/elsewhere"), 404, "not_found")
    assert (await desk.get("officer", "/api/map/archives/..%2Fbase")).status_code in (404, 422)
    assert (await desk.get(None, "/api/map/archives/县域影像")).status_code == 401


async def test_foreign_tiles_open_the_policy_of_the_pages_for_their_origin_and_nothing_else(
    world: World, tmp_path: Path
) -> None:
    address = "https://tiles.example:8443/{z}/{x}/{y}.png?key=a"
    settings = settings_of(
        world.database, tmp_path, tiles_url=address, tiles_datum="gcj02", tiles_approval="GS(2025)1号"
    )
    async with at_desk(world, settings) as desk:
        told = (await desk.read("officer", "/api/map/ground"))["tiles"]
        assert (told["url"], told["datum"], told["approval"]) == (address, "gcj02", "GS(2025)1号")
        policy = (await desk.get("officer", "/api/map/ground")).headers["content-security-policy"]
        parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))
        assert parts["img-src"] == "'self' data: blob: https://tiles.example:8443"
        assert parts["connect-src"] == "'self'"


async def test_without_foreign_tiles_pages_take_pictures_from_the_house_alone(desk: Desk) -> None:
    policy = (await desk.get("officer", "/api/map/ground")).headers["content-security-policy"]
    assert "img-src 'self' data: blob:; " in policy


@pytest.mark.parametrize(
    "address",
    [
        "tiles/{z}/{x}/{y}",
        "ftp://h/{z}/{x}/{y}",
        "https://h/{z}/{x}",
        "https://{s}.h/{z}/{x}/{y}",
        "https://h;script-src/{z}/{x}/{y}",
        "https://me:secret@h/{z}/{x}/{y}",
    ],
)
def test_an_address_of_tiles_that_is_none_stops_the_start(address: str) -> None:
    settings = Settings(_env_file=None, database_url="postgresql://nobody@127.0.0.1:1/x", tiles_url=address)
    with pytest.raises(ValueError, match="ZHISHOU_TILES_URL"):
        create_app(settings)
