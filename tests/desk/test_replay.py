"""A window once more: what is folded from it is what the desk had, and nobody sees more than he may."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from app.api import replay as route
from app.desk.events import payload_of
from app.desk.replay import reading
from app.desk.replay.file import NoViewer, closed, inert, whole_page
from app.desk.snapshot import Picture, apply
from app.dispatch.actions import incidents
from app.org.screen_times import store as screen_times
from tests.api.desk import Desk, problem
from tests.world import EAST_BANK, STREAM, WEST_LAKE

pytestmark = pytest.mark.database
FOLDED = ("alarms", "incidents", "assignments", "deliveries")


def asked(start: datetime, end: datetime, form: str = "") -> str:
    return f"/api/replay{form}?{urlencode({'start': start.isoformat(), 'end': end.isoformat()})}"


def fold(picture: dict[str, Any], events: list[dict[str, Any]]) -> dict[str, Any]:
    now = Picture.model_validate(
        {"alarms": [], "incidents": [], "assignments": [], "deliveries": [], **picture}
    )
    for event in events:
        now = apply(now, payload_of(event))
    told: dict[str, Any] = now.model_dump(mode="json")
    return told


async def night(desk: Desk) -> list[tuple[datetime, dict[str, Any]]]:
    """An incident, a team sent, another incident, its end, ten minutes apart; and the desk's picture then."""
    world, seen = desk.world, []

    async def later() -> None:
        world.clock.advance(timedelta(minutes=10))
        seen.append((world.clock.now(), await desk.read("officer", "/api/snapshot")))
        world.clock.advance(timedelta(seconds=1))

    first = await world.incident(region_code=EAST_BANK)
    await later()
    await world.send(first.id)
    await later()
    second = await world.incident(region_code=WEST_LAKE)
    await later()
    await world.do(
        lambda tx: incidents.close(tx, world.people["officer"], second.id, "已处置", world.clock.now())
    )
    await later()
    return seen


async def test_what_is_folded_from_a_window_is_what_the_desk_had_at_its_ends(desk: Desk) -> None:
    seen = await night(desk)
    for start, before in seen:
        for end, after in seen:
            if end <= start:
                continue
            told = await desk.read("officer", asked(start, end))
            at_start = fold({"teams": told["teams"]}, told["prior"])
            assert [at_start[part] for part in FOLDED] == [before[part] for part in FOLDED]
            at_end = fold(at_start, told["events"])
            assert [at_end[part] for part in FOLDED] == [after[part] for part in FOLDED]
            assert all(start <= datetime.fromisoformat(event["at"]) < end for event in told["events"])
            if told["events"]:
                assert told["proof"]["last_seq"] == told["events"][-1]["seq"]
                assert re.fullmatch("[0-9a-f]{64}", told["proof"]["hash"])


async def test_a_township_sees_its_own_part_and_a_responder_none(desk: Desk) -> None:
    (start, _), *_, (end, _) = await night(desk)
    whole = await desk.read("officer", asked(start - timedelta(hours=1), end))
    own = await desk.read("east", asked(start - timedelta(hours=1), end))
    assert 0 < len(own["events"]) < len(whole["events"])
    assert {event["seq"] for event in own["events"]} < {event["seq"] for event in whole["events"]}
    assert {team["region_code"][:9] for team in own["teams"]} == {EAST_BANK[:9]}
    problem(await desk.get("crew", asked(start, end)), 403, "not_permitted")
    problem(await desk.get(None, asked(start, end)), 401, "not_logged_in")


async def test_it_says_whose_screens_were_open_and_what_of_it_was_theirs(desk: Desk) -> None:
    (start, _), *_, (end, _) = await night(desk)
    people = desk.world.people
    keys = [uuid4() for _ in range(3)]
    await desk.world.do(
        lambda tx: screen_times.note_opened(
            tx,
            STREAM,
            [
                (keys[0], people["officer"].account_id, start, 1),
                (keys[1], people["east"].account_id, start, 1),
                (keys[2], people["west"].account_id, start - timedelta(days=2), 0),
            ],
        )
    )
    await desk.world.do(
        lambda tx: screen_times.note_closed(tx, [(keys[0], end, 4), (keys[2], start - timedelta(days=1), 0)])
    )
    told = await desk.read("officer", asked(start, end))
    officer, east = sorted(told["onlookers"], key=lambda one: len(one["scope"]))
    assert (officer["name"], officer["sees"]) == (people["officer"].name, None)
    assert officer["stays"][0]["known"] and officer["stays"][0]["to_seq"] == 4
    # Nothing was heard of the other screen for half an hour: its node has died.
    assert east["stays"][0]["until"] is not None and not east["stays"][0]["known"]
    own = await desk.read("east", asked(start, end))
    assert east["sees"] == [event["seq"] for event in own["events"]]
    assert [one["account_id"] for one in own["onlookers"]] == [people["east"].account_id]


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [(1, 0, "结束时间须晚于开始时间"), (-8 * 24 * 60, 0, "最长七天"), (60, 120, "不在将来")],
)
async def test_a_window_that_cannot_be_meant_is_refused_with_what_to_do(
    desk: Desk, first: int, last: int, said: str
) -> None:
    now = desk.world.clock.now()
    path = asked(now + timedelta(minutes=first), now + timedelta(minutes=last))
    refused = problem(await desk.get("officer", path), 422, "invalid_input")
    assert said in json.dumps(refused, ensure_ascii=False)


async def test_a_window_with_too_much_in_it_is_refused_not_cut(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    (start, _), *_, (end, _) = await night(desk)
    monkeypatch.setattr(reading, "MOST_EVENTS", 2)
    refused = problem(await desk.get("officer", asked(start, end)), 422, "invalid_input")
    assert "缩短时段" in json.dumps(refused, ensure_ascii=False)


async def test_the_file_holds_the_same_and_nothing_in_it_can_leave_its_element(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "viewer.js").write_text("const a = '</script><!--'", encoding="utf-8")
    (tmp_path / "viewer.css").write_text("a{content:'</style>'}", encoding="utf-8")
    monkeypatch.setattr(route, "STATIC", tmp_path)
    await desk.world.incident(title="</script><script>alert(1)</script>")
    start, end = desk.world.clock.now() - timedelta(hours=1), desk.world.clock.now() + timedelta(seconds=1)
    desk.world.clock.advance(timedelta(minutes=1))
    answer = await desk.get("officer", asked(start, end, ".html"))
    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.text.count("</script>") == 4
    assert "default-src 'none'" in answer.text
    held = re.search(r'<script type="application/json" id="replay">(.*?)</script>', answer.text)
    assert held is not None
    told = await desk.read("officer", asked(start, end))
    assert json.loads(held[1])["events"] == told["events"]
    assert told["events"][0]["incident"]["title"] == "</script><script>alert(1)</script>"


async def test_without_a_built_console_the_file_is_refused_plainly(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(route, "STATIC", tmp_path)
    now = desk.world.clock.now()
    refused = await desk.get("officer", asked(now - timedelta(hours=1), now, ".html"))
    assert refused.status_code == 503


def test_scripts_and_data_are_closed_in() -> None:
    assert "<" not in inert('{"a":"</script>"}')
    assert json.loads(inert('{"a":"</script>"}')) == {"a": "</script>"}
    assert "</script" not in closed("'</script>'")


def test_a_whole_page_keeps_script_style_and_data_each_in_its_element(tmp_path: Path) -> None:
    with pytest.raises(NoViewer):
        whole_page(tmp_path, {})
    (tmp_path / "viewer.js").write_text("const a = '</script><!--{data}'", encoding="utf-8")
    (tmp_path / "viewer.css").write_text("a::after { content: '</style>' }", encoding="utf-8")
    seen = _Elements()
    told = {"replay": '{"a":"</script><img src=x>"}', "base": "{}"}
    seen.feed(whole_page(tmp_path, told))
    assert (
        seen.tags
        == ["html", "head", "meta", "meta", "meta", "title", "style", "body", "div"] + ["script"] * 3
    )
    assert {name: json.loads(text) for name, text in seen.held.items() if name} == {
        name: json.loads(text) for name, text in told.items()
    }
    assert seen.held[""] == "const a = '<\\/script><\\!--{data}'"


class _Elements(HTMLParser):
    """The elements as a browser would find them, and what stands in each script by its id."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.held: dict[str, str] = {}
        self._in: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._in = (dict(attrs).get("id") or "") if tag == "script" else None

    def handle_data(self, data: str) -> None:
        if self._in is not None:
            self.held[self._in] = self.held.get(self._in, "") + data

    def handle_endtag(self, tag: str) -> None:
        self._in = None
