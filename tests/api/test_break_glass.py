"""The sealed emergency login: opened once, heard by every desk, told to the leaders, ended by time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.api.route import COOKIE
from app.duty.break_glass import actions
from app.journal.store import JournalRow
from app.org.rules.access import may_see
from app.realtime.hub import Hub
from app.realtime.ring import Framed
from tests.api.desk import Desk, at_desk, problem, settings_of
from tests.api.test_need_to_know import _Kept, _rows
from tests.backup.test_backup_and_restore import zhishou
from tests.database import Postgres
from tests.world import STREAM, World

pytestmark = pytest.mark.database
DOOR = "/api/login/break-glass"


def told(code: str) -> dict[str, str]:
    return {"code": code, "name": "刘海", "reason": "验证器全部丢失"}


async def sealed(desk: Desk) -> str:
    return await desk.world.do(lambda tx: actions.seal(tx, STREAM, desk.world.clock.now()))


async def opened(desk: Desk, code: str) -> dict[str, Any]:
    answer = await desk.client.post(DOOR, json=told(code))
    assert answer.status_code == 200, answer.text
    desk.client.cookies.clear()
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "Max-Age=14400" in cookie
    return {"cookie": cookie.split(";")[0], **answer.json()}


async def me(desk: Desk, cookie: str) -> httpx.Response:
    return await desk.client.get("/api/me", headers={"Cookie": cookie})


async def test_the_sheet_opens_the_leaders_rights_once_and_for_a_time(desk: Desk) -> None:
    code = await sealed(desk)
    assert code not in str(await desk.world.rows("SELECT * FROM break_glass"))
    who = await opened(desk, code.lower())
    assert (who["role"], who["scope"]) == ("centre_leader", STREAM)
    problem(await desk.client.post(DOOR, json=told(code)), 401, "wrong_sheet")  # used
    assert (await me(desk, who["cookie"])).status_code == 200
    desk.world.later(hours=4)
    assert (await me(desk, who["cookie"])).status_code == 401
    state = await desk.read("officer", "/api/break-glass")
    assert state["sealed_at"] is None and state["opened"]["reason"] == "验证器全部丢失"
    fresh = await sealed(desk)
    newer = await sealed(desk)
    problem(await desk.client.post(DOOR, json=told(fresh)), 401, "wrong_sheet")  # replaced
    await opened(desk, newer)


async def test_every_desk_hears_it_and_the_leaders_are_told_in_the_same_transaction(desk: Desk) -> None:
    await desk.world.run("UPDATE account SET person_id = 3 WHERE username = 'leader'")
    await opened(desk, await sealed(desk))
    rows: list[JournalRow] = [row for row in await _rows(desk.world) if row.type == "break_glass.opened"]
    (row,) = rows
    hears = {name for name, who in desk.world.people.items() if may_see(who, row.concern)}
    assert hears == {"leader", "lead", "officer", "second", "auditor"}
    event = (await desk.world.events())[-1]
    assert (event["username"], event["address"]) == ("刘海", "10.0.0.9")
    assert event["actor"]["name"] == "应急账号(刘海)"
    (notice,) = await desk.world.rows("SELECT person_id, text FROM notice")
    assert notice["person_id"] == 3 and "刘海" in notice["text"] and "验证器全部丢失" in notice["text"]
    audit = await desk.read("auditor", "/api/accounts/audit")
    assert "break_glass.opened" in [one["type"] for one in audit]


async def test_a_keeper_of_accounts_ends_it_and_its_screens_close(desk: Desk) -> None:
    who = await opened(desk, await sealed(desk))
    problem(await desk.post("officer", "/api/break-glass/closing"), 403, "not_permitted")
    hub = Hub(desk.world.database, STREAM, desk.world.clock)
    (account,) = await desk.world.rows("SELECT id FROM account WHERE username LIKE 'break-glass-%'")
    screen = hub.screen(replace(desk.world.people["leader"], account_id=account["id"]), 0, _Kept())
    hub._live = {screen.audience: {screen}}
    state = (await desk.post("leader", "/api/break-glass/closing")).json()
    assert state["opened"]["closed_by"] == "带班领导"
    assert (await me(desk, who["cookie"])).status_code == 401
    hub.deliver([Framed.of(row) for row in await _rows(desk.world) if row.type == "break_glass.closed"])
    assert screen.session.closed
    problem(await desk.post("leader", "/api/break-glass/closing"), 404, "not_found")


async def test_neither_guesses_nor_a_factor_that_is_due_keep_the_sheet_out(
    world: World, tmp_path: Path
) -> None:
    settings = settings_of(world.database, tmp_path, second_factor_roles="centre_leader,shift_lead")
    async with at_desk(world, settings) as desk:
        code = await sealed(desk)
        for _ in range(25):
            problem(await desk.client.post(DOOR, json=told("AAAAA-BBBBB-CCCCC")), 401, "wrong_sheet")
        who = await opened(desk, code)
        assert (await me(desk, who["cookie"])).json()["second_factor_due"] is False
        people = await desk.client.get("/api/people", headers={"Cookie": who["cookie"]})
        assert people.status_code == 200
        account = who["id"]
        password = {"password": "a-password-of-mine"}
        problem(
            await desk.post("leader", f"/api/accounts/{account}/password", password), 403, "second_factor_due"
        )
        foreign = await desk.client.post(DOOR, json=told(code), headers={"Origin": "http://evil.test"})
        problem(foreign, 403, "foreign_origin")


async def test_nobody_gives_the_emergency_account_a_password(desk: Desk) -> None:
    who = await opened(desk, await sealed(desk))
    password = {"password": "a-password-of-mine"}
    problem(await desk.post("leader", f"/api/accounts/{who['id']}/password", password), 404, "not_found")
    assert COOKIE in who["cookie"]


async def test_the_command_line_prints_the_sheet_and_its_code_opens(
    postgres: Postgres, tmp_path: Path
) -> None:
    async with postgres.city() as url:
        done = await zhishou("break-glass", "seal", url=url, data=tmp_path)
        assert done.returncode == 0, done.stderr
        assert "应急码" in done.stdout and "拆封人" in done.stdout
