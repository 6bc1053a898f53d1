"""What calls a person himself is told to him alone, wherever he stands, and is not lost in a gap."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.realtime.hub import Hub
from tests.realtime.floor import BRISK, Line, until
from tests.response.callout_county import Callout, a_of
from tests.world import EAST, EAST_BANK, STREAM, WEST, WEST_LAKE

pytestmark = pytest.mark.database
HERE, THERE = a_of(EAST_BANK), a_of(WEST_LAKE)


class Phones:
    """The field phones of two persons, of a third who is nobody's, and the desk, on one node."""

    def __init__(self, up: Callout) -> None:
        self.hub = Hub(up.world.database, STREAM, up.world.clock, pace=BRISK)
        crew, boatman = up.world.people["crew"], up.world.people["boatman"]
        self.who = {
            "here": replace(crew, person_id=HERE),
            "there": replace(boatman, person_id=THERE),
            "nobody": replace(boatman, person_id=None, account_id=999),
            "desk": replace(up.world.people["officer"], person_id=None),
        }

    async def look(self, name: str, after: int | None = None) -> Line:
        """Open a screen; `after` is the last line it knows."""
        line = Line()
        assert await self.hub.join(self.hub.screen(self.who[name], after, line))
        return line


def yours(line: Line) -> list[dict[str, Any]]:
    return [one for one in line.told if one["type"] == "callout.yours"]


async def test_two_persons_hear_of_their_own_calls_and_nobody_hears_of_anothers(callout: Callout) -> None:
    up, phones = callout, Phones(callout)
    async with phones.hub.running():
        lines = {name: await phones.look(name) for name in phones.who}
        await up.start()
        await until(lambda: len(yours(lines["here"])) == 1 and len(yours(lines["there"])) == 1)
        told = yours(lines["here"])[0]
        assert set(told) == {"seq", "type", "at", "actor", "round_id"}, "not who else is called"
        assert (told["round_id"], told["actor"]) == (up.id, None)

        await up.call(EAST_BANK)
        await until(lambda: len(yours(lines["here"])) == 2)
        await up.do("officer", f"{up.path(WEST_LAKE)}/reports", {"actions": [{"kind": "patrol"}]})
        await until(lambda: len(yours(lines["there"])) == 2)
        assert len(yours(lines["here"])) == 2
        assert yours(lines["nobody"]) == yours(lines["desk"]) == []
        assert [one["type"] for one in lines["here"].told if one["type"] != "hello"] == ["callout.yours"] * 2


async def test_what_was_missed_in_a_gap_is_told_to_whom_it_is_for(callout: Callout) -> None:
    up, phones = callout, Phones(callout)
    await up.start()
    before = await up.world.head()
    await up.call(EAST_BANK)
    await up.call(WEST_LAKE)
    async with phones.hub.running():
        here, there = await phones.look("here", before), await phones.look("there", before)
        nobody = await phones.look("nobody", before)
        assert (len(yours(here)), len(yours(there)), yours(nobody)) == (1, 1, [])
        assert yours(here)[0]["seq"] < yours(there)[0]["seq"]


async def test_who_was_not_reached_by_an_alert_hears_that_it_is_over(callout: Callout) -> None:
    up, phones = callout, Phones(callout)
    await up.start(region_codes=[EAST, WEST])
    await up.world.run(
        "UPDATE callout_call SET result = 'failed' FROM callout_target t"
        " WHERE t.id = callout_call.target_id AND t.region_code = :code",
        code=WEST_LAKE,
    )
    before = await up.world.head()
    told = {"kind": "cancelled", "words": "雨停"}
    new = await up.do("officer", f"/api/call-and-respond/{up.id}/tell-the-same", told)
    async with phones.hub.running():
        there = await phones.look("there", before)
        assert [one["round_id"] for one in yours(there)] == [new["id"]]
    await up.world.run("UPDATE account SET person_id = :id WHERE username = 'crew'", id=THERE)
    assert await up.office.read("crew", "/api/call-and-respond/mine") == [], "his card is gone"
