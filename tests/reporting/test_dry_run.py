"""What another rules file would change: in the rules and in what would have been due."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.reporting.rules.diff import FieldChange, diff
from app.reporting.rules.dry_run import Setup, dry_run
from app.reporting.rules.profile import read_rules
from app.reporting.rules.situation import LevelSet, Situation
from app.reporting.settings import CHINA, SHIPPED
from tests.reporting.telling import DEFAULT, RULES, clock

TEXT = SHIPPED.read_text(encoding="utf-8")
AT = clock("09:00")
ONE = Situation("SJ-1", "11A01", AT, (LevelSet(AT, "general"),), occurred=AT, received={"C": AT})


def own(*changes: tuple[str, str]) -> str:
    text = TEXT
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    return text


def test_rules_added_removed_and_changed_are_told_with_their_fields() -> None:
    text = own(
        ("version: cn-2025-11", "version: own-1"),
        ("phone: {general: 30, larger: 15", "phone: {general: 20, larger: 15"),
        ("id: D15", "id: D99"),
        ("zh: 珠海", "zh: 珠海市"),
        ("sensitive_lifts: 1", "sensitive_lifts: 2"),
        ("fire: [12G]", "fire: [12G, 12D03]"),
        ("  lanzhou_2014:", "  lanzhou_2015:"),
    )
    found = diff(RULES, read_rules(text, "own", CHINA))
    assert (found.version_before, found.version_after) == ("cn-2025-11", "own-1")
    told = {(one.profile, one.rule_id): one for one in found.rules}
    assert {key: one.change for key, one in told.items()} == {
        ("cn_county_default", "D9"): "changed",
        ("cn_county_default", "D15"): "removed",
        ("cn_county_default", "D99"): "added",
        ("lanzhou_2014", ""): "removed",
        ("lanzhou_2014", "LZ1"): "removed",
        ("lanzhou_2014", "LZ2"): "removed",
        ("lanzhou_2015", ""): "added",
        ("lanzhou_2015", "LZ1"): "added",
        ("lanzhou_2015", "LZ2"): "added",
        ("zhuhai", ""): "changed",
    }
    (limits,) = told["cn_county_default", "D9"].fields
    assert limits.field == "limits"
    assert "general: 30" in limits.before
    assert "general: 20" in limits.after
    assert told["cn_county_default", "D9"].line_after == told["cn_county_default", "D9"].line_before
    assert FieldChange("sensitive_lifts", "1", "2") in found.shared
    assert [one.field for one in found.shared] == ["sensitive_lifts", "scopes"]


def test_a_file_differs_in_nothing_from_itself() -> None:
    found = diff(RULES, read_rules(TEXT, "again", CHINA))
    assert (found.rules, found.shared) == ((), ())


def test_what_would_have_been_due_is_told_report_by_report() -> None:
    text = own(
        ("phone: {general: 30, larger: 15", "phone: {general: 20, larger: 15"),
        ("written: {general: 60, larger: 40", "written: {general: 90, larger: 40"),
        ("id: D6, kind: initial", "id: D66, kind: initial"),
        ("from: C, to: B, anchor: rcv", "from: C, to: L, anchor: rcv"),
    )
    after = Setup(read_rules(text, "own", CHINA), DEFAULT)
    found = dry_run(Setup(RULES, DEFAULT), after, [ONE], AT)
    assert {(one.key[1], one.key[2]): one.change for one in found} == {
        ("B", "phone"): "removed",
        ("CG", "phone"): "earlier",
        ("CG", "written"): "later",
        ("L", "phone"): "other_rule",
    }
    (sooner,) = (one for one in found if one.change == "earlier")
    assert sooner.situation == "SJ-1"
    assert sooner.before is not None
    assert sooner.after is not None
    assert (sooner.before.at, sooner.after.at) == (clock("09:30"), clock("09:20"))


def test_a_rule_that_asks_for_fewer_events_is_tried_too() -> None:
    text = own(("events: [casualty_change, level_change, ", "events: ["))
    rose = replace(ONE, levels=(*ONE.levels, LevelSet(clock("10:00"), "larger")))
    after = Setup(read_rules(text, "own", CHINA), DEFAULT)
    found = dry_run(Setup(RULES, DEFAULT), after, [rose], clock("10:00"))
    assert {one.change for one in found} == {"removed"}
    assert {one.key[1] for one in found} == {"P", "CG"}


def test_another_profile_switched_on_is_tried_the_same_way() -> None:
    fire = Situation("SJ-2", "11G01", AT, (LevelSet(AT, "general"),), occurred=AT, received={"C": AT})
    found = dry_run(Setup(RULES, DEFAULT), Setup(RULES, (*DEFAULT, "forest_30")), [ONE, fire], AT)
    assert [(one.situation, one.key, one.change) for one in found] == [
        ("SJ-2", ("C", "P", "phone", "initial"), "added")
    ]
    assert dry_run(Setup(RULES, DEFAULT), Setup(RULES, DEFAULT), [ONE, fire], AT) == ()


def test_too_many_incidents_are_refused() -> None:
    with pytest.raises(ValueError, match="10000"):
        dry_run(Setup(RULES, DEFAULT), Setup(RULES, DEFAULT), [ONE] * 10_001, AT)
