"""Calendar feeds: read by a parser that we did not write, made and revoked by the person they belong to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from icalendar import Calendar

from app.duty.feeds.facts import CalendarShift
from app.duty.feeds.ics import calendar
from tests.api.desk import Desk as Api
from tests.duty.county import CENTRE, INTAKE, LEADER, TOWN_OFFICER, TOWNSHIP, Desk, cell
from tests.world import World

START = datetime(2025, 7, 1, 0, 0, tzinfo=UTC)


def shift(number: int = 7, **told: object) -> CalendarShift:
    facts: dict[str, object] = {
        "id": number,
        "post_name": "樟川市应急指挥中心,值班室;一号",
        "post_phone": "0790-5551234",
        "role": "leader_in_charge",
        "person_name": "刘海",
        "starts_at": START,
        "ends_at": START + timedelta(days=1),
        "cancelled": False,
        "told_at": START - timedelta(days=9),
        "revision": 3,
    }
    return CalendarShift(**{**facts, **told})  # type: ignore[arg-type]


def events(document: bytes) -> list[Any]:
    """Read the events; of what type a field is, the library leaves open."""
    found: Any = Calendar.from_ical(document)
    return list(found.walk("VEVENT"))


def test_an_event_says_when_where_and_what_in_utc() -> None:
    document = calendar("值班 刘海", [shift()], "990181", mine=True)
    (event,) = events(document)
    assert (event.start, event.end) == (START, START + timedelta(days=1))
    assert (str(event["summary"]), str(event["location"])) == (
        "值班 带班领导",
        "樟川市应急指挥中心,值班室;一号",
    )
    assert (str(event["uid"]), event["sequence"]) == ("shift-7@990181.zhishou", 3)
    assert b"DTSTART:20250701T000000Z" in document
    assert b"METHOD:PUBLISH" in document


def test_no_line_is_longer_than_75_octets_and_every_line_ends_as_the_standard_says() -> None:
    document = calendar("值班" * 60, [shift(post_name="长" * 90)], "990181", mine=False)
    assert document.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in document.replace(b"\r\n", b"")
    assert max(len(line) for line in document.split(b"\r\n")) <= 75
    assert str(events(document)[0]["location"]) == "长" * 90
    for line in document.split(b"\r\n"):
        line.decode()  # no character is cut in two


def test_a_cancelled_shift_keeps_its_uid_and_says_so() -> None:
    before, after = shift(), shift(cancelled=True, revision=4)
    (old,), (new,) = (events(calendar("x", [one], "990181", mine=True)) for one in (before, after))
    assert (old["uid"], str(old["status"]), str(new["status"])) == (new["uid"], "CONFIRMED", "CANCELLED")
    assert new["sequence"] > old["sequence"]


class Evening:
    """Two days published; the officer is person 102 of the centre, the east person 201 of its desk."""

    def __init__(self, desk: Desk, api: Api) -> None:
        self.desk, self.api, self.world = desk, api, desk.world

    async def prepare(self) -> None:
        await self.world.run("UPDATE account SET person_id = 102 WHERE username = 'officer'")
        await self.world.run("UPDATE account SET person_id = 201 WHERE username = 'east'")
        await self.world.run("UPDATE login_session SET expires_at = '2026-01-01'")
        await self.desk.publish(
            [
                cell(LEADER, 100, "07-01 08:00"),
                *(cell(INTAKE, person, "07-01 08:00") for person in (102, 103)),
            ]
        )
        await self.desk.publish([cell(TOWN_OFFICER, 201, "07-01 08:00")], post=TOWNSHIP)

    async def read(self, path: str) -> httpx.Response:
        """Read as a calendar program does: without a cookie."""
        return await self.api.ask(None, "GET", path)


@pytest.fixture
async def evening(desk: Desk, api: Api, world: World) -> Evening:
    found = Evening(desk, api)
    await found.prepare()
    return found


@pytest.mark.database
async def test_my_feed_holds_my_shifts_until_it_is_revoked_and_its_secret_is_stored_nowhere(
    evening: Evening,
) -> None:
    made = (await evening.api.ask("officer", "POST", "/api/duty/feeds", {})).json()
    answer = await evening.read(made["path"])
    assert answer.headers["content-type"].startswith("text/calendar")
    (event,) = events(answer.content)
    assert str(event["summary"]) == "值班 接报席"
    rows = await evening.world.rows("SELECT token_hash FROM calendar_feed")
    token = made["path"].split("token=")[1]
    assert [len(rows), token in rows[0]["token_hash"]] == [1, False]
    listed = (await evening.api.ask("officer", "GET", "/api/duty/feeds")).json()
    assert [one["id"] for one in listed] == [made["id"]]
    assert "path" not in listed[0]
    assert (await evening.api.ask("second", "DELETE", f"/api/duty/feeds/{made['id']}")).status_code == 404
    assert (await evening.api.ask("officer", "DELETE", f"/api/duty/feeds/{made['id']}")).status_code == 200
    assert (await evening.read(made["path"])).json()["code"] == "no_such_feed"


@pytest.mark.database
async def test_a_feed_of_a_post_opens_no_other_and_ends_with_the_account(evening: Evening) -> None:
    refused = await evening.api.ask("east", "POST", "/api/duty/feeds", {"post_id": CENTRE})
    assert refused.status_code == 404
    made = (await evening.api.ask("east", "POST", "/api/duty/feeds", {"post_id": TOWNSHIP})).json()
    (event,) = events((await evening.read(made["path"])).content)
    assert event["summary"].startswith("值班员 ")
    token = made["path"].split("?")[1]
    for other in (f"/api/duty/posts/{CENTRE}/roster.ics?{token}", f"/api/duty/mine.ics?{token}"):
        assert (await evening.read(other)).status_code == 404
    await evening.world.run("UPDATE account SET active = false WHERE username = 'east'")
    assert (await evening.read(made["path"])).status_code == 404


@pytest.mark.database
async def test_a_shift_taken_off_the_roster_is_cancelled_in_the_feed(evening: Evening) -> None:
    made = (await evening.api.ask("officer", "POST", "/api/duty/feeds", {})).json()
    (before,) = events((await evening.read(made["path"])).content)
    await evening.desk.publish([cell(LEADER, 100, "07-01 08:00"), cell(INTAKE, 103, "07-01 08:00")])
    (after,) = events((await evening.read(made["path"])).content)
    assert (after["uid"], str(after["status"])) == (before["uid"], "CANCELLED")
    assert after["sequence"] > before["sequence"]


@pytest.mark.database
async def test_the_printed_month_has_a_line_a_day_with_every_seat_and_the_telephones(
    evening: Evening,
) -> None:
    page = (await evening.api.ask("officer", "GET", f"/duty/roster/{CENTRE}/2025-07/print")).text
    assert page.count('<td class="day">') == 31
    assert all(word in page for word in ("带班领导", "接报席", "第 1 版", "联系电话", "签发"))
    assert (await evening.api.ask("east", "GET", f"/duty/roster/{CENTRE}/2025-07/print")).status_code == 404


@pytest.mark.database
async def test_a_post_knows_its_people_and_whoever_else_is_planned_there(evening: Evening) -> None:
    path = f"/api/duty/posts/{CENTRE}/people"
    people = (await evening.api.ask("officer", "GET", path)).json()
    assert {one["id"] for one in people} == set(range(100, 132))
    assert all(one["member"] and one["name"] for one in people)
    await evening.desk.draft([cell(INTAKE, 201, "07-03 08:00")])
    seen = (
        await evening.api.ask("officer", "GET", f"/api/duty/posts/{CENTRE}/rosters/2025-07/preview")
    ).json()
    assert "OUTSIDER" in {finding["code"] for finding in seen["findings"]}
    people = (await evening.api.ask("officer", "GET", path)).json()
    assert [one["id"] for one in people if not one["member"]] == [201]
    assert (await evening.api.ask("east", "GET", path)).status_code == 404


@pytest.mark.database
async def test_the_days_of_a_month_say_what_they_are(evening: Evening) -> None:
    days = (await evening.api.ask("officer", "GET", "/api/duty/days/2025-10")).json()
    kinds = {day["on"]: day["kind"] for day in days}
    assert (len(days), kinds["2025-10-01"], kinds["2025-10-11"]) == (
        31,
        "statutory_holiday",
        "makeup_workday",
    )


@pytest.mark.database
async def test_auditors_are_told_who_made_and_revoked_an_address_but_not_its_secret(evening: Evening) -> None:
    head = await evening.world.head()
    made = (await evening.api.ask("officer", "POST", "/api/duty/feeds", {"post_id": CENTRE})).json()
    for _ in range(2):
        await evening.api.ask("officer", "DELETE", f"/api/duty/feeds/{made['id']}")
    told = await evening.world.events(head)
    assert [event["type"] for event in told] == ["feed.made", "feed.revoked"]
    assert (told[0]["actor"]["name"], told[0]["feed"]["post_id"]) == ("值班员甲", CENTRE)
    assert made["path"].split("token=")[1] not in str(told)
    seen = (await evening.api.read("auditor", f"/api/events?after={head}"))["events"]
    assert [event["type"] for event in seen] == ["feed.made", "feed.revoked"]
    assert (await evening.api.read("leader", f"/api/events?after={head}"))["events"] == []


@pytest.mark.database
async def test_the_address_of_somebody_who_left_the_service_is_read_no_more(evening: Evening) -> None:
    made = (await evening.api.ask("officer", "POST", "/api/duty/feeds", {})).json()
    await evening.world.run("UPDATE person SET active = false WHERE id = 102")
    assert (await evening.read(made["path"])).json()["code"] == "no_such_feed"
