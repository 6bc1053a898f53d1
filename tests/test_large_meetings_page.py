"""A meeting of seven in real browsers: LiveKit's own client in the page, a small LiveKit on a real socket.

The latter is `app/simulators/livekit_server.py` in an environment of its own (`deploy/video.sh`).
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from app.simulators import media_server
from tests.browser import drawn, log_in, page_of
from tests.node import Service

pytestmark = [pytest.mark.browser, pytest.mark.database]
KEY, SECRET = "zhishou", "a secret of thirty-two letters or more"


@dataclass
class House:
    """A service with the fictional city and a LiveKit."""

    service: Service
    browser: Browser
    desk: httpx.AsyncClient
    livekit: subprocess.Popen[bytes]
    url: str


@pytest.fixture
def livekit() -> Iterator[subprocess.Popen[bytes]]:
    python = Path(sys.prefix).parent / ".venv-video" / "bin" / "python"
    assert python.exists(), "no LiveKit for tests: run sh deploy/video.sh"
    program = Path(media_server.__file__).with_name("livekit_server.py")
    told = [str(python), "-P", str(program), "--port", "0", "--key", KEY, "--secret", SECRET]
    with subprocess.Popen(told, stdout=subprocess.PIPE) as process:
        yield process
        process.kill()


@pytest_asyncio.fixture(loop_scope="session")
async def house(
    city_url: str, tmp_path: Path, whole_browser: Browser, livekit: subprocess.Popen[bytes]
) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        assert livekit.stdout is not None
        at = f"127.0.0.1:{json.loads(livekit.stdout.readline())['port']}"
        told = {
            "ZHISHOU_LIVEKIT_URL": f"ws://{at}",
            "ZHISHOU_LIVEKIT_API_KEY": KEY,
            "ZHISHOU_LIVEKIT_API_SECRET": SECRET,
        }
        service = await stack.enter_async_context(Service(city_url, tmp_path, told))
        desk = await stack.enter_async_context(service.client("wangjun"))
        yield House(service, whole_browser, desk, livekit, f"http://{at}")


async def _plays(page: Page, tile: str) -> None:
    """Wait until the picture of somebody else moves."""
    video = f"document.querySelector('[data-testid={tile}] video')"
    await drawn(page, f"{video} !== null && {video}.videoWidth > 0 && {video}.currentTime > 0")
    at = await page.evaluate(f"{video}.currentTime")
    await drawn(page, f"{video}.currentTime > {at} + 0.3")


async def _log(house: House) -> list[dict[str, Any]]:
    async with httpx.AsyncClient() as client:
        said: list[dict[str, Any]] = (await client.get(f"{house.url}/log")).json()
        return said


async def test_a_meeting_of_seven_goes_through_livekit_and_ends_there_too(house: House) -> None:
    address = house.service.address
    units = [u for u in (await house.desk.get("/api/units")).json() if u["active"] and u["kind"] != "centre"]
    town = next(u for u in units if u["name_zh"].startswith("临溪镇"))
    called = [town["id"], *(u["id"] for u in units if u["id"] != town["id"])][:6]
    async with AsyncExitStack() as stack:
        desk = await stack.enter_async_context(page_of(house.browser, address, also=house.url))
        room = await stack.enter_async_context(page_of(house.browser, address, also=house.url))
        await desk.context.grant_permissions(["camera", "microphone"])
        await room.context.grant_permissions(["camera"])  # no microphone: it speaks to nobody
        await log_in(room, address, "linxi", "/supplies")
        await log_in(desk, address, "wangjun", "/meetings")
        opened = await house.desk.post("/api/meetings", json={"title": "七方会商", "unit_ids": called})
        assert opened.status_code == 201, opened.text
        meeting = opened.json()
        assert [m["state"] for m in meeting["members"]].count("ringing") == 6
        mine, theirs = (
            meeting["members"][0],
            next(m for m in meeting["members"] if m["ref_id"] == town["id"] and m["kind"] == "unit"),
        )
        await room.get_by_test_id("ringing-accept").click()
        await expect(room.get_by_test_id("room-meet.lack.microphone.denied")).to_be_visible()
        await desk.goto(f"{address}/meetings/{meeting['id']}")
        await desk.get_by_test_id("meeting-enter").click()
        await _plays(desk, f"tile-{theirs['id']}")
        await _plays(room, f"tile-{mine['id']}")

        # Who came is measured as in a mesh: connected, and seen.
        told = (await house.desk.get(f"/api/meetings/{meeting['id']}")).json()
        seat = next(m for m in told["members"] if m["id"] == theirs["id"])
        assert seat["outcome"] == "connected" and seat["seconds"] > 0
        name = f"zhishou-990181-{meeting['id']}"
        joined = {one["joined"]: one["room"] for one in await _log(house) if "joined" in one}
        assert joined == {str(mine["id"]): name, str(theirs["id"]): name}

        await house.desk.post(f"/api/meetings/{meeting['id']}/close")
        await expect(room.get_by_test_id("room-told")).to_contain_text("会商已结束")
        assert {"asked": "DeleteRoom", "room": name} in await _log(house)

        # It hangs: the seat stays, and the words say what to do instead.
        house.livekit.kill()
        again = await house.desk.post("/api/meetings", json={"title": "再来", "unit_ids": called})
        if again.status_code == 409:  # it was looked at meanwhile
            assert again.json()["code"] == "meeting_room_needed"
        else:
            await room.get_by_test_id("room-leave").click()
            await room.get_by_test_id("ringing-accept").click()
            await expect(room.get_by_test_id("room-told")).to_contain_text("请先用电话")
            await expect(room.get_by_test_id("room")).to_have_attribute("data-state", "in")
