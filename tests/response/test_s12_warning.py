"""The warning steps of S12 (red rainstorm) and S11 (storm surge yellow → orange), by a set clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from app.codecs import cn12379
from app.codecs.cn12379.notice import Place
from app.dispatch.inbox.rules import signature
from tests.api.desk import Desk
from tests.response.warning.bulletins import notice
from tests.world import EAST, WEST, ZONE

pytestmark = pytest.mark.database
DESK_WITHIN = timedelta(seconds=5)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 6, day, hour, minute, tzinfo=ZONE)


async def arrives(desk: Desk, source: dict[str, Any], one: Any) -> httpx.Response:
    """The platform pushes a message the moment it is sent."""
    desk.world.clock.advance(one.send_time - desk.world.clock.now())
    body = cn12379.write(one)
    stamp = str(int(desk.world.clock.now().timestamp()))
    heads = {"X-Zhishou-Timestamp": stamp, "X-Zhishou-Signature": signature(source["secret"], stamp, body)}
    return await desk.client.post(f"/api/warnings/intake/{source['key']}", content=body, headers=heads)


async def registered(desk: Desk) -> dict[str, Any]:
    await desk.world.run("UPDATE region SET name_zh = '双河镇' WHERE code = :code", code=EAST)
    await desk.world.run("UPDATE region SET name_zh = '永宁镇' WHERE code = :code", code=WEST)
    found: dict[str, Any] = (await desk.post("lead", "/api/warnings/sources", {"name": "12379"})).json()
    return found


async def test_s12_a_red_rainstorm_reaches_the_desk_within_seconds_and_is_lowered_by_an_update(
    desk: Desk,
) -> None:
    source = await registered(desk)
    issued = at(18, 2, 40)
    came = (await arrives(desk, source, notice("Red", issued, hours=8))).json()
    # 02:40 → the desk: the journal's row is there in the transaction of the message, and screens follow it.
    (event,) = [one for one in await desk.world.events() if one["type"] == "warning.issued"]
    assert datetime.fromisoformat(event["at"]) - issued <= DESK_WITHIN
    assert event["warning"]["unit_names"] == ["双河镇", "永宁镇"]
    (alerting,) = await desk.read("officer", "/api/warnings/unacknowledged")
    assert (alerting["colour"], alerting["acks"]) == ("red", [])
    whole = await desk.read("officer", f"/api/warnings/{came['warning_id']}")
    tiers = {one["tier"]: one["minutes"] for one in whole["proposals"]["calls"]}
    assert (tiers["county"], tiers["township"], tiers["village"]) == (10, 10, 30)
    assert whole["proposals"]["response_level"] == 1
    assert sum(len(unit["villages"]) for unit in whole["units"]) == 3
    await desk.post("officer", f"/api/warnings/{came['warning_id']}/acknowledgement")
    assert await desk.read("officer", "/api/warnings/unacknowledged") == []

    lowered = notice("Yellow", at(18, 5, 30), of=issued, hours=4)
    again = (await arrives(desk, source, lowered)).json()
    assert again["warning_id"] == came["warning_id"]
    whole = await desk.read("officer", f"/api/warnings/{came['warning_id']}")
    assert (whole["colour"], whole["standing"], whole["revision"]) == ("yellow", "in_force", 2)
    assert whole["history"][-1]["diff"]["turn"] == "down"
    assert whole["proposals"]["response_level"] == 3
    assert len(await desk.read("officer", "/api/warnings/unacknowledged")) == 1  # what changed is told anew


async def test_s11_orange_as_an_update_shows_two_more_towns_in_the_same_warning(desk: Desk) -> None:
    source = await registered(desk)
    await desk.world.run("UPDATE login_session SET expires_at = expires_at + interval '1 day'")
    await desk.world.run(
        "INSERT INTO region (code, parent_code, kind, name_zh, name_en, lon, lat, population) VALUES"
        " ('990181300000', '990181000000', 'township', '滨海镇', 'Binhai', 118.4, 28.6, 8000)"
    )
    first = at(18, 15)
    yellow = surge("Yellow", first, (EAST,))
    came = (await arrives(desk, source, yellow)).json()
    orange = surge("Orange", at(18, 22), (EAST, WEST, "990181300000"), of=first)
    again = (await arrives(desk, source, orange)).json()
    assert again["warning_id"] == came["warning_id"]
    whole = await desk.read("officer", f"/api/warnings/{came['warning_id']}")
    diff = whole["history"][1]["diff"]
    assert (diff["turn"], [one["name"] for one in diff["added"]]) == ("up", ["永宁镇", "滨海镇"])
    assert diff["removed"] == []
    assert whole["proposals"]["family"] == "sea"
    assert whole["proposals"]["response_level"] == 2  # proposed; it stays what it is until a leader decides
    assert [one["type"] for one in await desk.world.events()][-2:] == ["warning.issued", "warning.updated"]


def surge(colour: str, sent: datetime, codes: tuple[str, ...], of: datetime | None = None) -> Any:
    """A storm-surge message (11E02)."""
    base = notice(colour, sent, of=of, hours=24, event="11E02")
    (info,) = base.warnings
    headline = info.headline.replace("暴雨", "风暴潮")
    told = replace(info, headline=headline, places=(Place("沿海乡镇", geocodes=codes),))
    return replace(base, warnings=(told,))
