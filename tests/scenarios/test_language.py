"""The language of scripts: paths, open places, wishes, and how a mistake is told (docs/scenarios.md)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from app.cli import cli
from app.preflight import CannotStart
from app.scenario.expecting import Unlike, require
from app.scenario.paths import find
from app.scenario.reading import read_script, shipped
from app.scenario.terms import BadScript, CannotFind
from app.scenario.values import NoTime, fill, moment

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2025, 6, 17, 18, 13, 20, tzinfo=UTC)
DUES = {
    "dues": [
        {"to": "L", "round": 1, "at": "2025-06-17T18:18:20Z", "why": {"zh": "甲"}, "late": [3]},
        {"to": "P", "round": 1, "at": "2025-06-17T20:13:20Z", "why": {"zh": "乙"}, "late": []},
        {"to": "P", "round": 2, "at": None, "why": {"zh": "丙"}, "late": [1, 2]},
    ]
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (".", DUES),
        ("dues#", 3),
        ("dues[0].to", "L"),
        ("dues[-1].round", 2),
        ("dues[to=P,round=2].why.zh", "丙"),
        ("dues[*to=P].round", [1, 2]),
        ("dues[*why.zh~=乙].to", ["P"]),
        ("dues[*at=null]#", 1),
        ("dues[*to!=L][0].round", 1),
        ("dues[1:].why.zh", ["乙", "丙"]),
        ("dues[*].late[*]", [3, 1, 2]),
        ("dues[0].at[0:10]", "2025-06-17"),
        ("dues[*to=X]", []),
    ],
)
def test_a_path_leads_there(path: str, found: Any) -> None:
    assert find(DUES, path) == found


@pytest.mark.parametrize("path", ["dues[to=P].round", "dues[to=X]", "dues[7]", "dues[0].whom", "dues[0].to#"])
def test_a_path_that_leads_nowhere_or_to_several_says_so(path: str) -> None:
    with pytest.raises(CannotFind, match="/"):
        find(DUES, path)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("02:14:40", "2025-06-18T02:14:40+08:00"),
        ("4:05 +1", "2025-06-19T04:05:00+08:00"),
        ("2025-07-02 20:30", "2025-07-02T20:30:00+08:00"),
        ("now", "2025-06-18T02:13:20+08:00"),
        ("now - 1m20s", "2025-06-18T02:12:00+08:00"),
    ],
)
def test_a_time_is_read_by_the_countys_clock(text: str, at: str) -> None:
    assert moment(text, NOW, ZONE) == datetime.fromisoformat(at)


@pytest.mark.parametrize("text", ["", "25:00", "tomorrow", "02:14 1", "now+x"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(NoTime):
        moment(text, NOW, ZONE)


def test_what_is_left_open_is_filled_in_and_keeps_its_kind() -> None:
    names = {"one": {"id": 7, "name": "东岸"}, "rows": [{"id": 7, "to": "L"}], "key": "to"}
    told = {"a": "${one.id}", "b": "/x/${one.id}", "c": ["${rows[id=${one.id}].to}"], "${key}": "${@date +1}"}
    assert fill(told, names, NOW, ZONE) == {"a": 7, "b": "/x/7", "c": ["L"], "to": "2025-06-19"}
    assert fill([{"repeat": 2, "of": "${one.name}${nn}"}, 5], names, NOW, ZONE) == ["东岸01", "东岸02", 5]
    with pytest.raises(CannotFind):
        fill("${nobody.id}", names, NOW, ZONE)


@given(st.text())
def test_words_without_an_open_place_stay_as_they_are(words: str) -> None:
    if "${" not in words:
        assert fill(words, {}, NOW, ZONE) == words


@pytest.mark.parametrize(
    ("actual", "wanted"),
    [
        (5.0, 5),
        ([1, 2], [1, 2]),
        ("2025-06-17T18:18:20Z", {"at": "02:18:20"}),
        ("2025-06-17T18:18:20Z", {"took": "5m", "since": "2025-06-17T18:13:20Z"}),
        ("2025-06-17T18:13:23Z", {"within": "5s", "since": "02:13:20"}),
        ("水到屋檐", {"has": "屋檐", "lacks": "被困", "starts": "水", "ends": "檐", "matches": "到.檐"}),
        ([1, 2, 3], {"has": [3, 1], "count": 3, "set": [3, 2, 1], "each": {"min": 1, "max": 3}}),
        (None, {"null": True}),
        (4, {"one_of": [3, 4], "not": 5}),
        ({"a": 1}, {"is": {"a": 1}}),
    ],
)
def test_it_is_as_wished(actual: Any, wanted: Any) -> None:
    require(actual, wanted, NOW, ZONE)


@pytest.mark.parametrize(
    ("actual", "wanted"),
    [
        (True, 1),
        (5, "5"),
        ([1, 2], [2, 1]),
        ("2025-06-17T18:18:21Z", {"at": "02:18:20"}),
        (None, {"at": "02:18:20"}),
        ("2025-06-17T18:13:26Z", {"within": "5s", "since": "02:13:20"}),
        ("2025-06-17T18:13:19Z", {"within": "5s", "since": "02:13:20"}),
        ("2025-06-17T18:18:20Z", {"took": "4m", "since": "2025-06-17T18:13:20Z"}),
        ([1, 2], {"has": 3}),
        ([1, 1], {"set": [1]}),
        ([1, 9], {"each": {"max": 3}}),
        (None, {"min": 1}),
        ("x", {"null": True}),
    ],
)
def test_it_is_not_as_wished(actual: Any, wanted: Any) -> None:
    with pytest.raises(Unlike):
        require(actual, wanted, NOW, ZONE)


HEAD = """scenario: X
zh: 试
en: try
begins: 2025-06-18 02:13:20
steps:
- step: 1
  zh: 一
  en: one
  do:
"""


@pytest.mark.parametrize(
    ("text", "line", "zh", "en"),
    [
        ("a: [", 1, "YAML", "not YAML"),
        ("- 1", 1, "键: 值", "a mapping"),
        ("scenario: X\nzh: 试\nen: t\n", 1, "缺少 begins", "begins is missing"),
        (HEAD.replace("2025-06-18 02:13:20", "soon") + "  - at: 02:14\n", 4, "应形如", "must look like"),
        (HEAD + "  - at: 25:99\n", 10, "看不懂时间", "cannot be read"),
        (HEAD + "  - gat: /api\n", 10, "不知道要做什么", "what is to be done"),
        (HEAD + "  - get: /api\n", 10, "缺少 as", "as is missing"),
        (HEAD + "  - as: a\n    get: /api\n    boby: {}\n", 12, "没有“boby”", "has no 'boby'"),
        (HEAD + '  - as: a\n    get: /api\n    expect: {"a[": 1}\n', 12, "看不懂路径", "cannot be read"),
        (HEAD + "  - part: nobody\n", 10, "没有段落", "no part"),
        (HEAD + "  - at: 02:14\n    at: 02:15\n", 11, "写了两次", "stands twice"),
        (HEAD + "  - at: 02:14\n- step: 1\n  zh: 二\n  en: two\n", 11, "缺失或重复", "missing or twice"),
        (HEAD + "  - at: 02:14\n  missing: {zh: 无, en: no}\n", 6, "之一", "either"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, line: int, zh: str, en: str) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadScript) as caught:
        read_script(file)
    assert (caught.value.line, caught.value.file) == (line, file)
    assert zh in caught.value.zh
    assert en in caught.value.en


def test_the_list_names_every_scenario_and_what_is_missing() -> None:
    told = CliRunner().invoke(cli, ["scenario", "list"])
    assert told.exit_code == 0
    for file in shipped():
        script = read_script(file)
        assert f"{script.key}  {script.zh} / {script.en}" in told.stdout
        assert all(one.missing_zh in told.stdout and one.missing_en in told.stdout for one in script.missing)
    with pytest.raises(CannotStart, match="S99"):
        CliRunner().invoke(cli, ["scenario", "list", "S99"], catch_exceptions=False)
