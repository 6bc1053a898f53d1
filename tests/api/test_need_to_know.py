"""Who is not among the readers never sees a byte of it: every GET of the contract is walked."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from app.dispatch.secrecy import store as secrecy
from app.dispatch.secrecy.sealed import Sealed
from app.journal import store as journal
from app.journal.store import JournalRow
from app.org.rules.access import Concern, Viewer
from app.realtime.audience import Audience
from app.realtime.connection import Connection
from app.realtime.hub import Hub
from app.realtime.ring import Framed
from tests.api.desk import Desk, problem
from tests.api.secret_matters import hang_on, order_to_the_east, settle_matters
from tests.duty.county import CENTRE, settle_in
from tests.world import EAST_BANK, HILL, OPEN_KIND, STREAM, ZONE, World

pytestmark = pytest.mark.database
TITLE = "绝密𠮷标题溃坝"
AT = datetime(2025, 6, 18, tzinfo=UTC)
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 64
OUTSIDERS = ("leader", "officer", "second", "east", "crew", "boatman", "admin", "auditor")
READERS = ("lead", "west")


async def hide(desk: Desk, numbers: list[str] | None = None) -> dict[str, Any]:
    """An incident that everybody saw, with all that can hang on it, then for two readers only.

    With `numbers` also orders, goods and the like, before and after; they take up what was given out.
    """
    await desk.world.do(settle_in)
    notice = (await desk.post("officer", "/api/intake", {"title": TITLE, "source": "superior"})).json()
    told = {"event_code": OPEN_KIND, "region_code": EAST_BANK, "title": TITLE, "casualties": {"trapped": 2}}
    incident = (await desk.post("officer", f"/api/intake/{notice['id']}/incident", told)).json()
    path = f"/api/incidents/{incident['id']}"
    await desk.world.send(HILL, incident["id"])
    figure = {"kind": "dead", "value": 1, "source": f"来自{TITLE}"}
    assert (await desk.post("officer", f"{path}/figures", figure)).status_code == 201
    sent = await desk.client.post(
        f"{path}/attachments?name=a.jpg&caption={TITLE}",
        content=JPEG,
        headers={"Cookie": "zhishou_session=token-officer"},
    )
    assert sent.status_code == 201, sent.text
    entry = {
        "text": f"电话核实 {TITLE}",
        "source": "telephone",
        "lines": ["rescue"],
        "incident_id": incident["id"],
    }
    written = await desk.post("officer", f"/api/duty/posts/{CENTRE}/log/entries", entry)
    assert written.status_code == 201, written.text
    if numbers is not None:
        await settle_matters(desk)
        numbers += await hang_on(desk, incident["id"], TITLE, "officer")
    version = (await desk.read("lead", path))["version"]
    west = f"account:{desk.world.people['west'].account_id}"
    secret = {"version": version, "sensitive": True, "restricted": True, "readers": [west], "reason": "信访"}
    answer = await desk.ask("lead", "PUT", f"{path}/secrecy", secret)
    assert answer.status_code == 200, answer.text
    assert [one["name"] for one in answer.json()["named_readers"]] == ["西镇值班员", "值班长"]
    if numbers is not None:
        numbers += await hang_on(desk, incident["id"], TITLE)
    return dict(answer.json())


def gets(desk: Desk) -> list[str]:
    """Every GET of the contract, its path filled with ids that lead to the incident where they can."""
    paths = desk.app.openapi()["paths"]
    day = desk.world.clock.now().date().isoformat()
    words = {"day": day, "month": day[:7], "region_code": EAST_BANK, "post_id": str(CENTRE)}
    found = []
    for path, methods in paths.items():
        if "get" not in methods:
            continue
        filled = re.sub(r"\{(\w+)\}", lambda match: words.get(match[1], "1"), path)
        query = [
            f"{one['name']}={words.get(one['name'], '1')}"
            for one in methods["get"].get("parameters", [])
            if one["in"] == "query" and one.get("required")
        ]
        found.append(filled + ("?" + "&".join(query) if query else ""))
    return [
        *found,
        "/api/events?after=0&limit=1000",
        "/api/intake?state=judged",
        "/api/incidents?state=closed",
    ]


async def test_who_is_no_reader_sees_no_byte_of_it_on_any_get(desk: Desk) -> None:
    numbers: list[str] = []
    hidden = await hide(desk, numbers)
    words = (TITLE, hidden["number"], json.dumps(TITLE)[1:-1], *numbers)
    walked = gets(desk)
    assert len(walked) > 60
    read = 0
    for who in OUTSIDERS:
        for path in walked:
            answer = await desk.get(who, path)
            read += answer.status_code == 200
            found = [word for word in words if word in answer.text]
            assert not found, (who, path, found)
    assert read > 100  # they were not all refused
    for path in ("orders/1", "orders/2", "supplies/transfers/1", "supplies/transfers/2", "status-calls/1"):
        assert TITLE in (await desk.get("lead", f"/api/{path}")).text
        problem(await desk.get("officer", f"/api/{path}"), 404, "not_found")
    day = desk.world.clock.now().astimezone(ZONE).date().isoformat()
    for path in (
        "instructions",
        "incidents/1/reservations",
        "incidents/1/handoffs",
        "handovers/1",
        "status-calls/1/summaries/1",
    ):
        assert TITLE in (await desk.get("lead", f"/api/{path}")).text, path
    counted = [
        await desk.read(who, f"/api/stages/statistics?first={day}&last={day}") for who in ("lead", "officer")
    ]
    assert counted[0]["orders"] > 0 == counted[1]["orders"]


async def test_readers_see_it_wherever_they_are_and_nobody_else_commands_it(desk: Desk) -> None:
    hidden = await hide(desk)
    path = f"/api/incidents/{hidden['id']}"
    for who in READERS:
        picture = await desk.read(who, "/api/snapshot")
        assert [one["id"] for one in picture["incidents"]] == [hidden["id"]]
        assert picture["assignments"] and picture["deliveries"]
        assert TITLE in (await desk.get(who, f"{path}/timeline.html")).text
        assert len(await desk.read(who, f"{path}/attachments")) == 1
    tried = (
        ("PATCH", "", {"version": hidden["version"], "title": "x"}),
        ("POST", "/close", {"reason": "x"}),
        ("POST", "/level", {"level": 1}),
        ("POST", "/figures", {"kind": "dead", "value": 1, "source": "x"}),
        ("POST", "/tellings", {"whom": "x"}),
        ("PUT", "/place", {"version": hidden["version"]}),
        ("PUT", "/secrecy", {"version": 9, "sensitive": False, "restricted": False, "reason": "x"}),
        ("POST", "/attachments/1/withdrawal", {"reason": "x"}),
    )
    for who in ("leader", "officer", "east"):
        for method, part, told in tried:
            problem(await desk.ask(who, method, path + part, told), 404, "not_found")
        problem(
            await desk.post(who, "/api/assignments/1/steps", {"step": "cancel", "reason": "x"}),
            404,
            "not_found",
        )
    busy = await desk.world.incident()
    answer = await desk.post("officer", f"/api/incidents/{busy.id}/assignments", {"team_id": HILL})
    assert hidden["number"] not in problem(answer, 409, "already_committed")["detail"]
    advice = await desk.get("officer", f"/api/incidents/{busy.id}/recommendation")
    assert advice.status_code == 200 and hidden["number"] not in advice.text


async def test_the_push_passes_it_by_and_a_screen_that_comes_back_does_not_catch_it_up(desk: Desk) -> None:
    numbers: list[str] = []
    hidden = await hide(desk, numbers)
    words = [word.encode() for word in (TITLE, hidden["number"], *numbers)]
    world = desk.world
    rows = [Framed.of(row) for row in await _rows(world)]
    sealed = await world.do(lambda tx: secrecy.sealed(tx, STREAM))
    for who in OUTSIDERS:
        audience = Audience.of(world.people[who])
        hub = Hub(world.database, STREAM, world.clock)
        connection = _Kept()
        screen = hub.screen(world.people[who], 0, connection)
        session = screen.session
        session.catch_up(rows, audience, sealed)
        told = b"".join(
            output.frames for output in session.catch_up(rows, audience, sealed) if hasattr(output, "frames")
        )
        assert not [word for word in words if word in told]
        hub._live = {audience: {screen}}
        hub.deliver([row for row in rows if row.concern.readers])
        assert not [word for word in words if word in connection.written]
    kept = {who: _Kept() for who in ("lead", "officer")}
    hub = Hub(world.database, STREAM, world.clock)
    screens = {who: hub.screen(world.people[who], 0, kept[who]) for who in kept}
    hub._live = {screens["lead"].audience: set(screens.values())}
    hub.deliver([row for row in rows if row.concern.readers])
    assert TITLE.encode() in kept["lead"].written
    assert TITLE.encode() not in kept["officer"].written


async def test_to_whom_an_order_is_addressed_gets_it_and_no_word_of_the_incident(desk: Desk) -> None:
    hidden = await hide(desk)
    world = desk.world
    given = await order_to_the_east(desk, hidden["id"], "加派两人")
    head = await world.head()
    for who in ("east", "lead"):
        assert (await desk.read(who, f"/api/orders/{given['id']}"))["text"] == "速办加派两人"
    (mine,) = await desk.read("east", "/api/orders/mine")
    assert mine["order"]["incident_number"] is None
    for who in ("officer", "leader", "boatman"):
        problem(await desk.get(who, f"/api/orders/{given['id']}"), 404, "not_found")
    rows = [row for row in await _rows(world) if row.type == "order.issued"]
    sealed = await world.do(lambda tx: secrecy.sealed(tx, STREAM))
    seeing = {who for who, viewer in world.people.items() if all(sealed.shows(viewer, row) for row in rows)}
    assert seeing == {"lead", "west", "east"}
    assert hidden["number"] not in "".join(row.body for row in rows)
    path = f"/api/orders/recipients/{mine['part']['id']}/acknowledge"
    problem(await desk.post("officer", path, {"channel": "telephone", "voucher": "x"}), 404, "not_found")
    assert (await desk.post("east", path)).status_code == 200
    assert head < await world.head()
    (message,) = [row for row in await world.deliveries() if row.order_recipient_id is not None]
    east = f"account:{world.people['east'].account_id}"
    assert east in message.readers and len(message.readers) == 3


class _Kept(Connection):
    """A connection that keeps what is written to it."""

    def __init__(self) -> None:
        self.written = b""

    def write(self, frames: bytes) -> None:
        self.written += frames

    def pending(self) -> int:
        return 0

    async def drained(self) -> None:
        return None

    def close(self, code: int, reason: str) -> None:
        del code, reason


async def _rows(world: World) -> list[Any]:
    return await world.do(lambda tx: journal.read_after(tx, STREAM, 0, 10_000))


async def test_a_unit_and_a_post_are_named_for_whoever_belongs_to_them_now(desk: Desk) -> None:
    hidden = await hide(desk)
    world = desk.world
    await world.run("UPDATE person SET unit_id = 1 WHERE id = 5")
    await world.run("UPDATE account SET person_id = 5 WHERE username = 'boatman'")
    path = f"/api/incidents/{hidden['id']}"
    problem(await desk.get("boatman", path), 404, "not_found")
    told = {
        "version": hidden["version"],
        "sensitive": False,
        "restricted": True,
        "readers": ["unit:1"],
        "reason": "扩大知悉",
    }
    assert (await desk.ask("lead", "PUT", f"{path}/secrecy", told)).status_code == 200
    assert (await desk.get("boatman", path)).status_code == 200
    problem(await desk.get("west", path), 404, "not_found")  # no longer named
    await world.run("UPDATE person SET unit_id = NULL WHERE id = 5")
    problem(await desk.get("boatman", path), 404, "not_found")


async def test_what_cannot_be_kept_secret_is_refused_with_words(desk: Desk) -> None:
    incident = await desk.world.incident()
    path = f"/api/incidents/{incident.id}/secrecy"
    told = {"version": 1, "sensitive": False, "restricted": True, "readers": ["person:999"], "reason": "x"}
    assert (
        "person:999"
        in problem(await desk.ask("lead", "PUT", path, told), 422, "invalid_input")["fields"][0]["zh"]
    )
    told |= {"restricted": False, "readers": ["person:5"]}
    problem(await desk.ask("lead", "PUT", path, told), 422, "invalid_input")
    told |= {"version": 7, "readers": []}
    problem(await desk.ask("lead", "PUT", path, told), 409, "stale_version")


def test_a_hand_over_row_that_names_a_sealed_incident_is_sealed_with_it() -> None:
    officer = Viewer(3, "值班员", "duty_officer", STREAM, STREAM)
    sealed = Sealed({7: Concern((EAST_BANK,), restricted=True, readers=("person:1",))})
    for body in ('{"item":{"incident_id":7}}', '{"items":[{"incident_id":null},{"incident_id":7}]}'):
        row = JournalRow(STREAM, 1, AT, "handover.compiled", Concern((EAST_BANK,)), body)
        assert Sealed().shows(officer, row)
        assert not sealed.shows(officer, row)
        assert sealed.shows(replace(officer, person_id=1), row)


def test_an_alarm_of_a_sealed_incident_is_sealed_with_it() -> None:
    row = JournalRow(STREAM, 1, AT, "alarm.raised", Concern((EAST_BANK,)), '{"alarm":{"id":4}}')
    officer = Viewer(3, "值班员", "duty_officer", STREAM, STREAM)
    now = Concern((EAST_BANK,), restricted=True, readers=("person:1",))
    assert Sealed().shows(officer, row)
    assert not Sealed({}, {("alarm", 4): now}).shows(officer, row)
    assert Sealed({}, {("alarm", 4): now}).shows(replace(officer, person_id=1), row)
