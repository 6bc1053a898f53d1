"""Checklists: what live facts and evidence make of an item, and which files of a county are refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.duty.checklist.rules import (
    Checklist,
    Crew,
    Evidence,
    Item,
    Live,
    Post,
    Station,
    asked_of,
    judge,
    percent,
)
from app.duty.checklist.settings import load_checklists

TODAY = date(2025, 6, 18)
STAFFING = Item("a.staffing", "机构", "unit", computed="staffing")
PLATFORM = Item("a.platform", "平台", "platform", computed="platform")
TEAM = Item("a.team", "队伍", "team", computed="team", teams=frozenset({"semi_pro"}))
RESCUE = replace(TEAM, key="a.rescue", computed="rescue_team")
SEEN = Item("a.seen", "场所", "place", days=365)
FULL = Station(6, 2, "enough")
DESK = Post(("周强", "李伟"), 0, 0)
CREW = Crew("semi_pro", "东镇救援队", "East Rescue", 12, standing_by=True)


@pytest.mark.parametrize(
    ("item", "live", "state", "words"),
    [
        (STAFFING, Live(), "short", "未设工作机构"),
        (STAFFING, Live(station=FULL), "met", "6人,其中专职2人"),
        (STAFFING, Live(station=Station(5, 2, "short")), "short", "5人,其中专职2人,未达配备标准"),
        (STAFFING, Live(station=Station(0, 0, "exempt")), "short", "无人员"),
        (STAFFING, Live(station=Station(3, 0, "exempt")), "met", "3人"),
        (PLATFORM, Live(kit="met"), "short", "未设值班岗位"),
        (PLATFORM, Live(post=DESK, kit="met"), "met", "周强、李伟"),
        (PLATFORM, Live(post=replace(DESK, names=()), kit="met"), "short", "现在无人在班"),
        (PLATFORM, Live(post=replace(DESK, missing=1), kit="met"), "short", "现在缺岗1人"),
        (PLATFORM, Live(post=replace(DESK, ahead=2), kit="met"), "short", "24小时内有2处缺岗"),
        (PLATFORM, Live(post=DESK, kit="short"), "short", "最低配备不足"),
        (PLATFORM, Live(post=DESK, kit="untested"), "unknown", "未测试"),
        (PLATFORM, Live(post=DESK), "unknown", "未定最低配备"),
        (PLATFORM, Live(post=replace(DESK, missing=1), kit="untested"), "short", "缺岗"),
        (TEAM, Live(), "short", "未登记救援队伍"),
        (TEAM, Live(crews=(replace(CREW, kind="flood"),)), "short", "未登记救援队伍"),
        (TEAM, Live(crews=(replace(CREW, members=0),)), "short", "队伍无队员"),
        (TEAM, Live(crews=(replace(CREW, standing_by=False),)), "met", "东镇救援队12人"),
        (RESCUE, Live(), "short", "未登记救援队伍"),
        (RESCUE, Live(crews=(replace(CREW, standing_by=False),)), "short", "无队伍备勤"),
        (RESCUE, Live(crews=(replace(CREW, standing_by=False), CREW)), "met", "备勤中"),
    ],
)
def test_a_computed_item_is_what_the_live_facts_make_it(
    item: Item, live: Live, state: str, words: str
) -> None:
    evidence = [Evidence(1, TODAY, TODAY + timedelta(days=300))]  # counts for nothing here
    (judged,) = judge([item], live, {item.key: evidence}, TODAY)
    assert judged.state == state
    assert words in ";".join(one.zh for one in judged.reasons)
    assert all(one.zh and one.en for one in judged.reasons)
    assert judged.evidence is None


def _held(number: int, expires_on: date, *, revoked: bool = False) -> Evidence:
    return Evidence(number, expires_on - timedelta(days=365), expires_on, revoked)


FAR, YESTERDAY = TODAY + timedelta(days=31), TODAY - timedelta(days=1)


@pytest.mark.parametrize(
    ("told", "state", "words", "rests_on"),
    [
        ([], "unknown", "无佐证", None),
        ([_held(1, FAR)], "met", "有效期至2025-07-19", 1),
        ([_held(1, TODAY + timedelta(days=30))], "met", "请更新", 1),
        ([_held(1, TODAY)], "met", "请更新", 1),
        ([_held(1, YESTERDAY)], "expired", "已于2025-06-17到期", 1),
        ([_held(1, YESTERDAY), _held(2, FAR)], "met", "有效期", 2),
        ([_held(1, FAR, revoked=True)], "unknown", "无佐证", None),
        ([_held(1, YESTERDAY), _held(2, FAR, revoked=True)], "expired", "到期", 1),
    ],
)
def test_evidence_holds_up_to_its_last_day_unless_revoked(
    told: list[Evidence], state: str, words: str, rests_on: int | None
) -> None:
    (judged,) = judge([SEEN], Live(station=FULL), {SEEN.key: told}, TODAY)
    assert (judged.state, judged.evidence) == (state, rests_on)
    assert words in judged.reasons[0].zh


def test_a_place_is_asked_every_list_of_its_kind_in_order_and_an_empty_list_asks_nothing() -> None:
    lists = [
        Checklist("a", "甲", "A", frozenset({"township"}), (STAFFING, SEEN)),
        Checklist("b", "乙", "B", frozenset({"village"}), (TEAM,)),
        Checklist("c", "丙", "C", frozenset({"township"}), ()),
        Checklist("d", "丁", "D", frozenset({"township", "village"}), (PLATFORM,)),
    ]
    assert asked_of(lists, "township") == (STAFFING, SEEN, PLATFORM)
    assert asked_of(lists, "village") == (TEAM, PLATFORM)
    assert asked_of(lists, "county") == ()


def test_a_hundred_percent_means_all_and_nothing_has_no_share() -> None:
    assert [percent(0, 0), percent(7, 8), percent(299, 300), percent(5, 5)] == [None, 87, 99, 100]


def test_as_shipped_a_station_has_eight_items_a_village_five_and_two_lists_wait_for_theirs() -> None:
    lists = {one.id: one for one in load_checklists()}
    assert {key: len(one.items) for key, one in lists.items()} == {
        "eight": 8,
        "five": 5,
        "six": 0,
        "three": 0,
    }
    computed = {item.key for one in lists.values() for item in one.items if item.computed}
    assert computed == {"eight.organisation", "eight.platform", "eight.rescue_team", "five.rescue_team"}
    assert all(bool(item.days) != bool(item.computed) for one in lists.values() for item in one.items)


ITEM = "{id: x, zh: 甲, en: A, days: 10}"


@pytest.mark.parametrize(
    ("items", "why"),
    [
        ("[{id: x, zh: 甲, en: A}]", "one of them"),
        ("[{id: x, zh: 甲, en: A, days: 10, computed: staffing}]", "one of them"),
        ("[{id: x, zh: 甲, en: A, computed: moon}]", "computed"),
        ("[{id: x, zh: 甲, en: A, computed: team}]", "teams belong"),
        ("[{id: x, zh: 甲, en: A, days: 10, teams: [semi_pro]}]", "teams belong"),
        ("[{id: x, zh: 甲, en: A, days: 0}]", "days"),
        (f"[{ITEM}, {ITEM}]", "twice"),
        ("[{id: x.y, zh: 甲, en: A, days: 10}]", "id"),
    ],
)
def test_a_countys_file_that_cannot_be_meant_is_refused_with_its_name(
    tmp_path: Path, items: str, why: str
) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(
        f"checklists: [{{id: six, zh: 六有, en: Six, places: [township], items: {items}}}]", encoding="utf-8"
    )
    with pytest.raises(ValueError, match=r"own\.yaml") as refused:
        load_checklists(path)
    assert why in str(refused.value)


def test_a_county_writes_its_own_six(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(
        f"checklists: [{{id: six, zh: 六有, en: Six, places: [township], items: [{ITEM}]}}]", encoding="utf-8"
    )
    (six,) = load_checklists(path)
    assert [(item.key, item.days) for item in six.items] == [("six.x", 10)]
    with pytest.raises(ValueError, match=r"no\.yaml"):
        load_checklists(tmp_path / "no.yaml")
