"""The recommendation with a road service: the river between two villages, and what the officer is told."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from app.dispatch.recommendation.roads.asker import RoadService
from app.dispatch.recommendation.roads.dialects import parse_address
from app.main import create_app
from app.preflight import CannotStart
from app.serving import _check_readable
from app.simulators.road_service import RoadServiceSimulator
from tests.api.desk import Desk, settings_of
from tests.devices.cable import until
from tests.dispatch.recommendation.test_advise import advice, offers
from tests.world import RIVER, World

pytestmark = pytest.mark.database


def words(offer: dict[str, object]) -> list[str]:
    return [reason["zh"] for reason in offer["reasons"]]  # type: ignore[attr-defined]


async def test_the_times_of_the_road_service_decide_and_the_offer_says_so(desk: Desk) -> None:
    incident = await desk.world.incident()
    by_estimate = await advice(desk, incident.id)
    first = by_estimate["offers"][0]["team_id"]
    assert not {"按道路服务", "按估算"} & set(words(by_estimate["offers"][0]))  # no service, nothing to tell
    async with RoadServiceSimulator(lambda *_: 7200.0).serving() as roads:
        desk.house.roads = RoadService("osrm", parse_address(roads.url), desk.world.clock)
        told = await advice(desk, incident.id)
        assert "按估算" in words(told["offers"][0])  # asked beside: this answer did not wait
        await desk.house.roads.settled()
        told = await advice(desk, incident.id)
        assert offers(told)[first]["eta_s"] == offers(told)[first]["turnout_s"] + 7200
        assert all("按道路服务" in words(one) for one in told["offers"])
        assert len(roads.asked) == 1


async def test_only_where_the_service_knows_no_way_the_estimate_stands(desk: Desk) -> None:
    incident = await desk.world.incident()
    estimate = offers(await advice(desk, incident.id))[RIVER]["eta_s"]
    async with RoadServiceSimulator(lambda *_: None).serving() as roads:
        desk.house.roads = RoadService("valhalla", parse_address(roads.url), desk.world.clock)
        await advice(desk, incident.id)
        await desk.house.roads.settled()
        told = offers(await advice(desk, incident.id))[RIVER]
    assert (told["eta_s"], "按估算" in words(told)) == (estimate, True)


async def test_the_house_sounds_its_road_service_and_tells_its_trouble_as_a_link(
    world: World, tmp_path: Path
) -> None:
    async with RoadServiceSimulator().serving() as roads:
        roads.raw = b"nonsense\r\n\r\n"
        app = create_app(settings_of(world.database, tmp_path, router_url=roads.url), world.clock)
        async with app.router.lifespan_context(app):
            service = app.state.house.roads
            await until(lambda: not service.health()["ok"])
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as client:
                part = (await client.get("/api/health")).json()["parts"][f"router:127.0.0.1:{roads.port}"]
            assert (part["ok"], part["trouble"], part["kind"]) == (False, "router_nonsense", "osrm")


def test_an_address_that_is_none_stops_the_start(world: World, tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="ZHISHOU_ROUTER_URL"):
        _check_readable(settings_of(world.database, tmp_path, router_url="10.1.2.3:5000"))
