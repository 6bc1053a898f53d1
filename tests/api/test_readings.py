"""Who opens a list of residents or callers as part of his work is written down, once a quarter of an hour."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from app.api.readings import LISTS, OTHERS
from app.org.personal.rules import people_in, quarter_of
from tests.api.desk import Desk
from tests.world import EAST

ROOT = Path(__file__).parents[2]
_TELLS = {"callers", "household", "from_name", "from_phone"}


def test_every_route_that_tells_of_residents_or_callers_is_written_down_or_says_why_not() -> None:
    contract = json.loads((ROOT / "docs/openapi.json").read_text())
    shapes = contract["components"]["schemas"]

    def keys(shape: Any, seen: frozenset[str]) -> set[str]:
        if isinstance(shape, list):
            return set().union(*(keys(one, seen) for one in shape))
        if not isinstance(shape, dict):
            return set()
        if (ref := shape.get("$ref", "").rpartition("/")[2]) and ref not in seen:
            return keys(shapes[ref], seen | {ref})
        return set(shape.get("properties", ())) | keys(list(shape.values()), seen)

    telling = {
        path
        for path, methods in contract["paths"].items()
        if "get" in methods and keys(methods["get"]["responses"].get("200", {}), frozenset()) & _TELLS
    }
    sheets = {path for path in LISTS if path.endswith(".xlsx")}
    assert telling == (LISTS - sheets) | set(OTHERS)
    assert sheets <= set(contract["paths"])


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_quarter_begins_at_most_fifteen_minutes_before(at: datetime) -> None:
    since = quarter_of(at)
    assert timedelta(0) <= at - since < timedelta(minutes=15)
    assert since.minute % 15 == 0 and quarter_of(since) == since


@pytest.mark.parametrize(
    ("told", "count"),
    [
        ([], 0),
        ([{"name": "a", "household": "一户"}, {"name": "b", "household": ""}], 2),
        ({"items": [{"callers": [{"name": "a"}, {"name": "b"}], "phone": "1"}]}, 2),
        ([{"from_name": "", "from_phone": "138"}, {"from_name": None, "from_phone": ""}], 1),
    ],
)
def test_of_how_many_people_an_answer_tells(told: Any, count: int) -> None:
    assert people_in(told) == count


async def readings(desk: Desk) -> list[tuple[str, str, str, int]]:
    return [
        (event["username"], event["source"], event["place"], event["count"])
        for event in await desk.world.events()
        if event["type"] == "personal.read"
    ]


@pytest.mark.database
async def test_a_list_is_noted_once_a_quarter_for_each_reader_and_only_auditors_hear_of_it(
    desk: Desk,
) -> None:
    sheet = "/api/people/export.xlsx"
    answer = await desk.get("officer", sheet)
    people = len(list(load_workbook(io.BytesIO(answer.content)).worksheets[0].rows)) - 1
    for _ in range(2):
        assert (await desk.get("officer", sheet)).status_code == 200
    assert await readings(desk) == [("officer", sheet, "990181", people)]
    desk.app.state.house.readings._noted.clear()  # another node, which remembers nothing
    await desk.get("officer", sheet)
    assert len(await readings(desk)) == 1
    await desk.get("auditor", sheet)  # to whom it is masked
    assert len(await readings(desk)) == 1
    desk.world.clock.advance(timedelta(minutes=15))
    await desk.get("officer", sheet)
    await desk.get("east", f"{sheet}?region_code={EAST}")
    assert [who for who, *_ in await readings(desk)] == ["officer", "officer", "east"]
    (told, *_) = [
        one for one in await desk.read("auditor", "/api/accounts/audit") if one["type"] == "personal.read"
    ]
    assert told["username"] == "east"


@pytest.mark.database
async def test_a_list_that_tells_of_nobody_is_no_reading_and_a_refused_one_neither(desk: Desk) -> None:
    assert (await desk.get("officer", "/api/intake")).json() == []
    assert (await desk.get("crew", "/api/people/export.xlsx")).status_code == 403
    assert await readings(desk) == []


@pytest.mark.database
async def test_a_journal_that_cannot_take_it_hinders_nobody(desk: Desk) -> None:
    await desk.world.run("ALTER TABLE personal_reading RENAME TO personal_reading_gone")
    assert (await desk.get("officer", "/api/people/export.xlsx")).status_code == 200
    await desk.world.run("ALTER TABLE personal_reading_gone RENAME TO personal_reading")
    await desk.get("officer", "/api/people/export.xlsx")  # asked again, it is written down
    assert len(await readings(desk)) == 1
