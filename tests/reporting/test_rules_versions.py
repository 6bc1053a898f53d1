"""Versions of the county's rules: drafted, refused, published, taken up, compared and tried."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from app.main import create_app
from app.reporting.settings import SHIPPED
from app.reporting.watcher import ReportWatch
from tests.api.desk import Desk, problem, settings_of
from tests.reporting.test_dry_run import own
from tests.world import STREAM

pytestmark = pytest.mark.database
RULES = "/api/reporting/rules"
TEXT = SHIPPED.read_text(encoding="utf-8")
PROFILES = ["statutory_caps", "cn_county_default"]
# The general duty office is called within a quarter of an hour, and written to within four hours.
SOONER = own(
    ("version: cn-2025-11", "version: own-1"),
    ("phone: {general: 30, larger: 15", "phone: {general: 15, larger: 15"),
    ("written: {general: 60, larger: 40", "written: {general: 240, larger: 40"),
)


async def did(desk: Desk, who: str, path: str, told: Any = None, method: str = "POST") -> Any:
    answer = await desk.ask(who, method, path, told if told is not None else {})
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


async def drafted(desk: Desk, text: str = SOONER, profiles: list[str] | None = None) -> Any:
    return await did(desk, "lead", RULES, {"text": text, "profiles": profiles or PROFILES})


async def published(desk: Desk, draft: Any, last: int = 0, **more: Any) -> Any:
    told = {"revision": draft["revision"], "published_last": last, "reason": "县里定的", **more}
    return await did(desk, "leader", f"{RULES}/{draft['id']}/publish", told)


async def look(desk: Desk) -> int:
    world = desk.world
    return await ReportWatch(world.database, world.clock, STREAM, desk.house.reporting).look()


async def general_office(desk: Desk, incident: int) -> dict[str, Any]:
    """Return what is due to the general duty office by channel."""
    told = await desk.read("lead", f"/api/incidents/{incident}/reporting")
    return {
        due["channel"]: due for due in told["dues"] if (due["receiver"], due["kind"]) == ("CG", "initial")
    }


async def test_without_a_version_the_file_holds(desk: Desk) -> None:
    told = await desk.read("east", RULES)
    assert (told["versions"], told["in_force"], told["file_label"]) == ([], 0, "cn-2025-11")
    assert told["file_profiles"] == PROFILES
    assert (told["may_draft"], told["may_publish"]) == (False, False)
    file = await desk.read("officer", f"{RULES}/0")
    assert file["brief"] is None
    default = {one["id"]: one for one in file["reading"]["profiles"]}["cn_county_default"]
    assert default["marks"] == {"D": 14, "L": 2}
    row = {one["id"]: one for one in default["rules"]}["D6"]
    said = [row[f"{one}_zh"] for one in ("kind", "way", "whom", "limit", "anchor")]
    assert said == ["初报", "县应急指挥中心→带班领导", "一般、较大、较大涉险", "电话5分钟", "接报时间"]


async def test_a_text_with_mistakes_is_refused_with_all_of_them_at_their_lines(desk: Desk) -> None:
    wrong = own(
        ("sensitive_lifts: 1", "sensitive_lifts: 9"), ("written: 60}, mark: V", "written: 60}, mark: Q")
    )
    answer = await desk.post("lead", RULES, {"text": wrong, "profiles": PROFILES})
    fields = problem(answer, 422, "rules_faulty")["fields"]
    lines = [n for n, line in enumerate(wrong.splitlines(), 1) if "lifts: 9" in line or "mark: Q" in line]
    assert [one["name"] for one in fields] == [f"text.{n}" for n in lines]
    assert "不认识的“Q”" in fields[1]["zh"]
    assert "unknown 'Q'" in fields[1]["en"]
    checked = await did(desk, "officer", f"{RULES}/check", {"text": wrong})
    assert [one["line"] for one in checked["faults"]] == lines
    unknown = {"text": TEXT, "profiles": ["nowhere"]}
    problem(await desk.post("lead", RULES, unknown), 422, "invalid_input")
    assert (await desk.read("lead", RULES))["versions"] == []


async def test_who_may_draft_and_who_may_publish(desk: Desk) -> None:
    told = {"text": TEXT, "profiles": PROFILES}
    for who in ("officer", "east", "crew", "admin", "auditor"):
        problem(await desk.post(who, RULES, told), 403, "not_permitted")
    draft = await drafted(desk)
    publish = {"revision": 1, "published_last": 0, "reason": "县里定的"}
    for who in ("lead", "officer", "east", "admin"):
        problem(await desk.post(who, f"{RULES}/{draft['id']}/publish", publish), 403, "not_permitted")
    problem(await desk.get("crew", RULES), 403, "not_permitted")


async def test_published_rules_hold_on_every_node_at_once_and_open_dues_follow(
    desk: Desk, tmp_path: Path
) -> None:
    world = desk.world
    incident = (await world.incident()).id
    before = await general_office(desk, incident)
    await published(desk, await drafted(desk))
    assert await look(desk) == 1
    after = await general_office(desk, incident)
    opened = world.clock.now()
    assert after["phone"]["due_at"] == _wire(opened + timedelta(minutes=15))
    assert after["written"]["due_at"] == _wire(opened + timedelta(minutes=240))
    assert {one["rules_version"] for one in after.values()} == {"own-1"}
    assert {one["rules_version"] for one in before.values()} == {"cn-2025-11"}
    assert await look(desk) == 0

    # Another node, which was never told, reckons what is opened there by the same rules.
    other = create_app(settings_of(world.database, tmp_path / "other"), world.clock)
    other.state.house.database = world.database
    second = Desk(world, other, desk.client)
    assert second.house.reporting.versions == {}
    assert await look(second) == 0
    assert list(second.house.reporting.versions) == [1]


async def test_what_was_made_keeps_the_rules_it_was_decided_by(desk: Desk) -> None:
    world = desk.world
    incident = (await world.incident()).id
    world.later(minutes=25)
    call = {"whom": "总值班室", "receiver": "CG", "number": "0790-1"}
    await did(desk, "lead", f"/api/incidents/{incident}/tellings", call)
    world.later(minutes=1)
    await published(desk, await drafted(desk))
    await look(desk)
    made = (await general_office(desk, incident))["phone"]
    assert (made["state"], made["late_minutes"], made["flagged"]) == ("done", 0, False)
    assert made["rules_version"] == "cn-2025-11"
    # A correction of a fact moves it by the rules of then: the receipt was half an hour earlier.
    at = _wire(world.clock.now() - timedelta(minutes=56))
    earlier = {"kind": "received", "name": "C", "at": at, "evidence": "电话录音"}
    await did(desk, "lead", f"/api/incidents/{incident}/reporting/knowledge", earlier)
    made = (await general_office(desk, incident))["phone"]
    assert (made["state"], made["late_minutes"], made["rules_version"]) == ("done_late", 25, "cn-2025-11")


async def test_nobody_is_late_by_a_rule_that_was_not_there(desk: Desk) -> None:
    world = desk.world
    incident = (await world.incident()).id
    world.later(minutes=20)
    await published(desk, await drafted(desk))
    await look(desk)
    call = (await general_office(desk, incident))["phone"]
    # The quarter of an hour has passed; five are left from the publication on.
    assert (call["state"], call["due_at"]) == ("running", _wire(world.clock.now() + timedelta(minutes=5)))
    assert "施行" in call["why"]["zh"]
    assert "hold since" in call["why"]["en"]
    world.later(minutes=6)
    told = {"whom": "总值班室", "receiver": "CG", "number": "0790-1"}
    await did(desk, "lead", f"/api/incidents/{incident}/tellings", told)
    call = (await general_office(desk, incident))["phone"]
    assert (call["state"], call["late_minutes"]) == ("done_late", 1)


async def test_a_late_flag_outlives_rules_that_give_more_time(desk: Desk) -> None:
    world = desk.world
    incident = (await world.incident()).id
    world.later(minutes=61)
    await look(desk)
    assert (await general_office(desk, incident))["written"]["flagged"]
    await published(desk, await drafted(desk))
    await look(desk)
    letter = (await general_office(desk, incident))["written"]
    assert (letter["state"], letter["flagged"], letter["disputed"]) == ("running", True, True)


async def test_rules_hold_from_their_instant_on_without_a_restart(desk: Desk) -> None:
    world = desk.world
    incident = (await world.incident()).id
    at = world.clock.now() + timedelta(hours=1)
    early = _wire(world.clock.now() - timedelta(hours=1))
    draft = await drafted(desk)
    told = {"revision": 1, "published_last": 0, "reason": "县里定的", "holds_from": early}
    problem(await desk.post("leader", f"{RULES}/{draft['id']}/publish", told), 422, "invalid_input")
    await published(desk, draft, holds_from=_wire(at))
    await look(desk)
    assert (await general_office(desk, incident))["written"]["rules_version"] == "cn-2025-11"
    assert (await desk.read("lead", RULES))["in_force"] == 0
    world.later(hours=1)
    await look(desk)
    assert (await general_office(desk, incident))["written"]["rules_version"] == "own-1"
    assert (await desk.read("lead", RULES))["in_force"] == draft["id"]


async def test_what_does_not_hold_yet_is_withdrawn_with_a_reason_and_never_later(desk: Desk) -> None:
    at = desk.world.clock.now() + timedelta(hours=1)
    draft = await drafted(desk)
    path = f"{RULES}/{draft['id']}/drop"
    await published(desk, draft, holds_from=_wire(at))
    why = {"revision": 2, "reason": "文号有误"}
    problem(await desk.post("lead", path, why), 403, "not_permitted")
    problem(await desk.post("leader", path, {"revision": 2}), 422, "invalid_input")
    problem(await desk.post("leader", path, {**why, "revision": 1}), 409, "stale_rules")
    await did(desk, "leader", path, why)
    desk.world.later(hours=2)
    told = await desk.read("lead", RULES)
    assert (told["in_force"], told["published_last"], told["versions"]) == (0, 0, [])
    other = await drafted(desk)
    await published(desk, other)
    late = {"revision": 2, "reason": "文号有误"}
    problem(await desk.post("leader", f"{RULES}/{other['id']}/drop", late), 409, "no_rules_draft")
    with pytest.raises(DBAPIError, match="append-only"):
        await desk.world.run(
            "UPDATE reporting_rules SET state = 'dropped', dropped_at = now() WHERE state = 'published'"
        )


async def test_of_two_who_publish_at_once_one_is_told(desk: Desk) -> None:
    one, other = await drafted(desk), await drafted(desk, TEXT)
    told = {"revision": 1, "published_last": 0, "reason": "县里定的"}
    answers = await asyncio.gather(
        *(desk.post("leader", f"{RULES}/{draft['id']}/publish", told) for draft in (one, other))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    (lost,) = (answer for answer in answers if answer.status_code == 409)
    assert "带班领导已先发布" in problem(lost, 409, "rules_published_meanwhile")["zh"]
    states = [row["state"] for row in (await desk.read("lead", RULES))["versions"]]
    assert sorted(states) == ["draft", "published"]


async def test_a_draft_is_changed_at_its_revision_and_what_was_published_never_again(desk: Desk) -> None:
    draft = await drafted(desk)
    path = f"{RULES}/{draft['id']}"
    told = {"text": TEXT, "profiles": [*PROFILES, "henan_2019"], "revision": 1}
    changed = await did(desk, "leader", path, told, "PUT")
    assert (changed["revision"], changed["label"], changed["edited_by"]) == (2, "cn-2025-11", "带班领导")
    problem(await desk.ask("lead", "PUT", path, told), 409, "stale_rules")
    await published(desk, changed)
    problem(await desk.ask("lead", "PUT", path, {**told, "revision": 3}), 409, "no_rules_draft")
    problem(await desk.post("lead", f"{path}/drop", {"revision": 3}), 409, "no_rules_draft")
    with pytest.raises(DBAPIError, match="append-only"):
        await desk.world.run("UPDATE reporting_rules SET text = 'x'")
    other = await drafted(desk)
    await did(desk, "lead", f"{RULES}/{other['id']}/drop", {"revision": 1})
    assert [row["id"] for row in (await desk.read("lead", RULES))["versions"]] == [draft["id"]]
    types = [one for one in await desk.world.types() if one.startswith("reporting_rules")]
    assert [one.partition(".")[2] for one in types] == [
        "drafted",
        "edited",
        "published",
        "drafted",
        "dropped",
    ]


async def test_a_version_a_later_release_cannot_read_gives_way_to_the_one_before(desk: Desk) -> None:
    await published(desk, await drafted(desk))
    first = (await desk.read("lead", RULES))["in_force"]
    later = await published(desk, await drafted(desk, TEXT), last=first)
    await desk.world.run("ALTER TABLE reporting_rules DISABLE TRIGGER published_rules_stay")
    await desk.world.run("UPDATE reporting_rules SET text = 'version: 1' WHERE id = :id", id=later["id"])
    desk.house.reporting.versions.clear()
    assert (await desk.read("lead", RULES))["in_force"] == first
    incident = (await desk.world.incident()).id
    assert (await general_office(desk, incident))["phone"]["rules_version"] == "own-1"


async def test_two_versions_are_compared_in_words(desk: Desk) -> None:
    draft = await drafted(desk, profiles=["statutory_caps", "henan_2019"])
    found = await desk.read("officer", f"{RULES}/diff?before=0&after={draft['id']}")
    assert [one["zh"] for one in found["switched_on"]] == ["河南2019"]
    assert [one["id"] for one in found["switched_off"]] == ["cn_county_default"]
    (rule,) = found["rules"]
    assert (rule["rule_id"], rule["change"]) == ("D9", "changed")
    (limits,) = rule["fields"]
    assert limits["name_zh"] == "时限"
    assert "一般30分钟" in limits["before_zh"]
    assert "15分钟" in limits["after_zh"]
    assert "15 min" in limits["after_en"]
    problem(await desk.get("officer", f"{RULES}/diff?before=0&after=99"), 404, "not_found")


async def test_limits_are_written_into_the_text_and_nothing_else_of_it_changes(desk: Desk) -> None:
    place = {"profile": "cn_county_default", "rule": "D9", "channel": "phone", "grade": "general"}
    single = {"profile": "cn_county_default", "rule": "D6", "channel": "phone"}
    told = {"text": TEXT, "limits": [{**place, "value": "20"}, {**single, "value": "4"}]}
    read = await did(desk, "officer", f"{RULES}/limits", told)
    changed = [(a, b) for a, b in zip(TEXT.splitlines(), read["text"].splitlines(), strict=True) if a != b]
    assert [
        b.replace("phone: {general: 20", "phone: {general: 30").replace("phone: 4}", "phone: 5}")
        for _, b in changed
    ] == [a for a, _ in changed]
    assert len(changed) == 2
    assert read["faults"] == []
    missing = {"text": TEXT, "limits": [{**place, "rule": "D99", "value": "12"}]}
    problem(await desk.post("officer", f"{RULES}/limits", missing), 422, "invalid_input")
    absurd = {"text": TEXT, "limits": [{**place, "value": "12}"}]}
    problem(await desk.post("officer", f"{RULES}/limits", absurd), 422, "invalid_input")


async def test_what_would_have_been_due_is_tried_on_closed_incidents_too(desk: Desk) -> None:
    world = desk.world
    since = world.clock.now() - timedelta(minutes=1)
    incident = (await world.incident()).id
    world.later(minutes=20)
    call = {"whom": "总值班室", "receiver": "CG", "number": "0790-1"}
    await did(desk, "lead", f"/api/incidents/{incident}/tellings", call)
    await did(desk, "lead", f"/api/incidents/{incident}/close", {"reason": "已处置"})
    counted = await world.rows("SELECT count(*) AS n FROM report_due")
    span = {"since": _wire(since), "until": _wire(world.clock.now() + timedelta(hours=1))}
    tried = await did(desk, "officer", f"{RULES}/try", {"text": SOONER, **span})
    assert (tried["incidents"], tried["more_incidents"]) == (1, False)
    rows = {(row["receiver"], row["channel"]): row for row in tried["rows"]}
    assert {key: row["change"] for key, row in rows.items()} == {
        ("CG", "phone"): "earlier",
        ("CG", "written"): "later",
    }
    phone = rows["CG", "phone"]
    assert (phone["before"]["late_minutes"], phone["after"]["late_minutes"]) == (0, 5)
    assert tried["late_after"] == tried["late_before"] + 1
    assert await world.rows("SELECT count(*) AS n FROM report_due") == counted
    single = {"version": 0, "profiles": ["henan_2019"], "incidents": [incident]}
    tried = await did(desk, "officer", f"{RULES}/try", single)
    assert {row["change"] for row in tried["rows"]} == {"added", "removed"}
    elsewhere = await did(desk, "west", f"{RULES}/try", single)
    assert elsewhere["incidents"] == 0
    problem(await desk.post("officer", f"{RULES}/try", {"version": 0}), 422, "invalid_input")
    problem(await desk.post("officer", f"{RULES}/try", {**span, "text": "a: 1"}), 422, "rules_faulty")


def _wire(at: Any) -> str:
    return str(at.isoformat().replace("+00:00", "Z"))
