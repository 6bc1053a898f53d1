"""Warnings in a real browser: pushed, on the desk at once, acknowledged, changed, judged, typed, exported."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from app.codecs.colours import Colour
from app.simulators.warnings import RAINSTORM, SHUANGHE, message, push
from app.stage.seed import write_map
from app.stage.warnings import TOWNSHIPS
from tests.browser import drawn, log_in, page_of, turn_to
from tests.node import Service

pytestmark = [pytest.mark.browser, pytest.mark.database]
TWO = [SHUANGHE, "990181100000"]


@dataclass
class Centre:
    """The centre, a browser, and a source of warnings once it is registered."""

    service: Service
    browser: Browser
    key: str = ""
    secret: str = ""

    async def push(self, body: bytes) -> None:
        now = datetime.now(UTC)
        assert await push(self.service.address, self.key, self.secret, body, now) == 201


@pytest_asyncio.fixture(loop_scope="session")
async def centre(city_url: str, tmp_path: Path, browser: Browser) -> AsyncIterator[Centre]:
    """The county's centre with the demo city."""
    async with AsyncExitStack() as stack:
        write_map(tmp_path / "map")
        service = await stack.enter_async_context(Service(city_url, tmp_path))
        yield Centre(service, browser)


async def register(page: Page, centre: Centre) -> None:
    """Register a source; its secret is on the page this once."""
    await turn_to(page, "warnings")
    await page.get_by_test_id("tab-sources").click()
    await page.get_by_test_id("source-new").click()
    await page.get_by_test_id("source-name").fill("12379 省级平台")
    await page.get_by_test_id("source-save").click()
    told = page.get_by_test_id("source-secret")
    await expect(told).to_be_visible()
    centre.secret = (await page.get_by_test_id("source-secret-text").inner_text()).strip()
    centre.key = (await told.locator("code").first.inner_text()).strip().rsplit("/", 1)[-1]
    await page.reload()
    await expect(page.get_by_test_id("source-1")).to_be_visible()
    await expect(told).to_have_count(0)


async def test_a_warning_is_on_the_desk_at_once_and_is_followed_to_its_end(
    centre: Centre, tmp_path: Path
) -> None:
    address = centre.service.address
    async with page_of(centre.browser, address) as lead, page_of(centre.browser, address) as officer:
        await log_in(lead, address, "shift")
        await register(lead, centre)
        await log_in(officer, address, "chenjie")
        await expect(officer.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")
        first = datetime.now(UTC) - timedelta(minutes=5)
        await centre.push(message(RAINSTORM, Colour.RED, first, TOWNSHIPS))
        bar = officer.get_by_test_id("warning-open-1")
        await expect(bar).to_contain_text("暴雨红色预警", timeout=5_000)  # on the desk within five seconds
        await expect(bar.get_by_test_id("warning-colour")).to_have_attribute("data-colour", "red")
        await officer.get_by_test_id("warning-show-1").click()
        await expect(officer.get_by_test_id("warning-title")).to_contain_text("暴雨红色预警")
        await expect(officer.get_by_test_id(f"unit-{SHUANGHE}")).to_contain_text("双河镇")
        await drawn(officer, "window.__spots !== undefined && window.__spots.spots().length > 10")
        await expect(officer.get_by_test_id("proposal-call-village")).to_contain_text("30")
        await officer.get_by_test_id("warning-ack-1").click()
        await expect(bar).to_have_count(0)
        await expect(officer.get_by_test_id("warning-acked")).to_contain_text("陈洁")

        await centre.push(
            message(RAINSTORM, Colour.YELLOW, first + timedelta(minutes=1), TOWNSHIPS[:1], first=first)
        )
        await expect(officer.get_by_test_id("message-diff")).to_have_attribute("data-turn", "down")
        await expect(officer.get_by_test_id("diff-removed")).to_contain_text("永宁镇")
        await expect(bar).to_contain_text("黄色")

        hostile = tmp_path / "hostile.xml"
        hostile.write_bytes(b'<!DOCTYPE a [<!ENTITY b "c">]><alert>&b;</alert>')
        await officer.get_by_test_id("tab-messages").click()
        await officer.get_by_test_id("warning-file").set_input_files(hostile)
        await expect(officer.get_by_test_id("file-receipt")).to_contain_text("DOCTYPE_FORBIDDEN")
        await officer.get_by_test_id("outcome-refused").check()
        await expect(officer.locator("[data-outcome=refused][data-testid^=message-]")).to_have_count(1)

        await officer.get_by_test_id("tab-inForce").click()
        await officer.get_by_test_id("warning-change").click()
        await officer.get_by_test_id("form-kind").select_option("cancel")
        await officer.get_by_test_id("form-issuer").fill("市气象台电话")
        await officer.get_by_test_id("form-save").click()
        await expect(officer.get_by_test_id("warnings-none")).to_be_visible()
        await officer.get_by_test_id("tab-over").click()
        await expect(officer.get_by_test_id("warning-1")).to_have_attribute("data-standing", "lifted")


async def test_a_drill_is_typed_marked_and_a_township_sees_only_its_own(centre: Centre) -> None:
    address = centre.service.address
    async with page_of(centre.browser, address) as officer, page_of(centre.browser, address) as township:
        await log_in(township, address, "linxi")
        await expect(township.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")
        await log_in(officer, address, "chenjie")
        await turn_to(officer, "warnings")
        await expect(officer.get_by_test_id("warnings-none")).to_be_visible()
        for place, status in ((SHUANGHE, "actual"), ("990181100000", "exercise")):
            await officer.get_by_test_id("warning-new").click()
            await officer.get_by_test_id("form-issuer").fill("市水利局")
            await officer.get_by_test_id("form-status").select_option(status)
            await officer.get_by_test_id("form-colour").select_option("orange")
            await officer.get_by_test_id(f"form-place-{place}").check()
            await officer.get_by_test_id("form-save").click()
            await expect(officer.get_by_test_id("warning-form")).to_have_count(0)
        await officer.get_by_test_id("warning-2").click()
        await expect(officer.get_by_test_id("warning-title")).to_contain_text("【演练】")
        await expect(officer.get_by_test_id("warning-drill")).to_be_visible()
        await expect(officer.get_by_test_id("to-response")).to_have_count(0)
        await expect(township.get_by_test_id("warning-open-2")).to_contain_text("【演练】")
        await expect(township.get_by_test_id("warning-open-1")).to_have_count(0)
        async with officer.expect_download() as taking:
            await officer.get_by_test_id("warning-cap").click()
        path = await (await taking.value).path()
        said = await asyncio.to_thread(path.read_bytes)
        assert b"<status>Exercise</status>" in said


async def test_who_does_not_know_of_a_change_is_told_by_a_press_and_by_four_eyes(centre: Centre) -> None:
    """A red warning was called, broadcast in two languages and responded to; then it turns yellow."""
    address = centre.service.address
    async with (
        centre.service.client("chenjie") as desk,
        centre.service.client("leader") as lead,
        page_of(centre.browser, address) as officer,
        page_of(centre.browser, address) as leader,
    ):
        started = await _widened(officer, address, desk, await _alerted(desk, lead))
        changed = {"kind": "update", "of": started.warning, "colour": "yellow", "issuer": "市气象台"}
        await _did(
            desk, "/api/warnings", {**changed, "region_codes": [SHUANGHE], "instruction": "留意水位。"}
        )

        await officer.goto(f"{address}/warnings/{started.warning}")
        await expect(officer.get_by_test_id("started-behind")).to_contain_text("3")
        call = officer.get_by_test_id(f"started-call_and_respond-{started.round}")
        await expect(call).to_have_attribute("data-behind", "true")
        await officer.get_by_test_id(f"tell-call_and_respond-{started.round}").click()
        await expect(officer.get_by_test_id("callout-change-to")).to_have_value("yellow")
        await expect(officer.get_by_test_id("callout-ask-words")).to_have_value(
            re.compile("降为黄色.*留意水位")
        )
        await expect(officer.get_by_test_id("callout-change-whom")).to_contain_text(f"{started.reached} 个")
        await officer.get_by_test_id("callout-ask-sure").click()
        await expect(officer.get_by_test_id("callout-round")).to_contain_text("降为黄色")
        (told, alert) = (await desk.get("/api/call-and-respond", params={"limit": 2})).json()
        assert (told["kind"], told["same_as_id"], alert["state"]) == ("lowered", started.round, "ended")
        assert sum(one["total"] for one in told["counts"] if one["township_code"] is None) == started.reached

        await officer.goto(f"{address}/warnings/{started.warning}")
        await expect(call).to_have_attribute("data-behind", "false")
        await officer.get_by_test_id(f"tell-broadcast-{started.broadcast}").click()
        await expect(officer.get_by_test_id("title")).to_have_value("暴雨预警降为黄色")
        await expect(officer.get_by_test_id("same-villages")).to_be_visible()
        await expect(officer.get_by_test_id("coverage")).to_contain_text(f"村 {started.villages}")
        # The alert spoke English too: its update waits for the English words, and takes a third language.
        await expect(officer.get_by_test_id("more-language-0")).to_have_value("eng")
        await expect(officer.get_by_test_id("hand-in")).to_be_disabled()
        await officer.get_by_test_id("more-title-0").fill("Yellow")
        await officer.get_by_test_id("more-text-0").fill("The warning is yellow now.")
        await officer.get_by_test_id("more-add").click()
        await officer.get_by_test_id("more-language-1").select_option("hak")
        await expect(officer.get_by_test_id("hand-in")).to_be_disabled()
        await officer.get_by_test_id("more-drop-1").click()
        await expect(officer.get_by_test_id("length")).to_contain_text("2 个语种")
        await officer.get_by_test_id("hand-in").click()
        await expect(officer.get_by_test_id("sheet")).to_contain_text("The warning is yellow now.")
        await expect(officer.get_by_test_id("act-approve")).to_have_count(0)  # four eyes
        number = int(officer.url.rsplit("/", 1)[-1])
        await officer.goto(f"{address}/warnings/{started.warning}")
        await expect(officer.get_by_test_id(f"followed-broadcast-{started.broadcast}")).to_contain_text(
            f"#{number}"
        )

        await log_in(leader, address, "leader", f"/broadcast/{number}")
        await leader.get_by_test_id("act-approve").click()
        await expect(leader.get_by_test_id("sheet-approver")).to_contain_text("周敏")
        both = [await _villages(desk, one) for one in (started.broadcast, number)]
        assert both[0] == both[1], "exactly the villages of the alert"

        await officer.get_by_test_id(f"tell-response-{started.response}").click()
        await expect(officer.get_by_test_id("step-level-3")).to_be_checked()
        await expect(officer.get_by_test_id("step-basis")).to_have_value(re.compile("降为黄色"))
        await officer.get_by_test_id("step-submit").click()
        await leader.goto(f"{address}/response/{started.response}")
        await leader.get_by_test_id("decide-submit").click()
        await expect(leader.get_by_test_id("response-pane")).to_have_attribute("data-level", "3")
        await officer.goto(f"{address}/warnings/{started.warning}")
        await expect(officer.get_by_test_id("warning-started")).to_be_visible()
        await expect(officer.get_by_test_id("started-behind")).to_have_count(0)


@dataclass
class Started:
    """What was started for a warning."""

    warning: int
    round: int
    reached: int
    broadcast: int
    villages: int
    response: int


async def _widened(officer: Page, address: str, desk: httpx.AsyncClient, started: Started) -> Started:
    """The red warning reaches a second township: one press in the strip calls it in the running round."""
    red = {"kind": "update", "of": started.warning, "colour": "red", "issuer": "市气象台"}
    await _did(desk, "/api/warnings", {**red, "region_codes": TWO})
    await log_in(officer, address, "chenjie")
    bar = officer.get_by_test_id(f"warning-open-{started.warning}")
    press = bar.get_by_test_id(f"callout-widen-{started.round}")
    await expect(press).to_have_attribute("title", "临溪镇")
    await press.click()
    await expect(press).to_have_count(0)
    now = (await desk.get(f"/api/call-and-respond/{started.round}")).json()
    assert (now["state"], now["region_codes"]) == ("running", TWO)
    reached = sum(one["warned"] for one in now["counts"] if one["township_code"] is None)
    assert reached > started.reached
    return replace(started, reached=reached)


async def _did(who: httpx.AsyncClient, path: str, told: dict[str, Any]) -> dict[str, Any]:
    answer = await who.post(path, json=told)
    assert answer.status_code in (200, 201), answer.text
    return dict(answer.json())


async def _villages(desk: httpx.AsyncClient, number: int) -> list[str]:
    found = (await desk.get(f"/api/broadcasts/{number}/delivery")).json()["villages"]
    return sorted(one["region_code"] for one in found)


async def _alerted(desk: httpx.AsyncClient, lead: httpx.AsyncClient) -> Started:
    """A red rainstorm is warned of, called, broadcast and responded to."""
    red = {"kind": "alert", "event_type": "11B03", "colour": "red", "issuer": "市气象台"}
    warning = (await _did(desk, "/api/warnings", {**red, "region_codes": [SHUANGHE]}))["warning_id"]
    cause = {"cause_kind": "warning", "cause_id": warning}
    call = {**cause, "title": "暴雨红色预警", "colour": "red", "region_codes": [SHUANGHE]}
    called = await _did(desk, "/api/call-and-respond", call)
    target = (await desk.get(f"/api/call-and-respond/{called['id']}")).json()["targets"][-1]
    heard = {"means": "phone", "result": "answered", "name": "村支书", "words": "收到"}
    await _did(desk, f"/api/call-and-respond/targets/{target['id']}/calls", heard)
    now = (await desk.get(f"/api/call-and-respond/{called['id']}")).json()
    reached = sum(one["warned"] for one in now["counts"] if one["township_code"] is None)
    sheet = {
        **cause,
        "press": "press-red",
        "event_type": "11B03",
        "colour": "red",
        "title": "暴雨红色预警",
        "text": "请立即转移。",
        "more_texts": [{"language": "eng", "title": "Red", "text": "Leave at once."}],
        "areas": [SHUANGHE],
        "cause_words": "暴雨红色预警",
        "cause_status": "actual",
        "end_at": (datetime.now(UTC) + timedelta(hours=3)).isoformat(),
    }
    drawn = await _did(desk, "/api/broadcasts", sheet)
    number = drawn["broadcast"]["id"]
    handed = await _did(desk, f"/api/broadcasts/{number}/submission", {"revision": drawn["revision"]})
    await _did(lead, f"/api/broadcasts/{number}/approval", {"revision": handed["revision"]})
    asked = {
        **cause,
        "cause_words": "暴雨红色预警",
        "event_code": "11A51",
        "level": 1,
        "warning_colour": "red",
    }
    response = (await _did(desk, "/api/responses", {**asked, "region_codes": [SHUANGHE]}))["id"]
    word = {"verdict": "accept", "decided_as": "commander"}
    await _did(lead, f"/api/responses/{response}/steps/1/decision", word)
    villages = drawn["broadcast"]["villages"]
    return Started(warning, called["id"], reached, number, villages, response)
