"""Logging in, guessing, logging out."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from app.api.route import COOKIE
from app.api.session import KNOWN
from tests.api.desk import Desk, problem
from tests.world import PASSWORD, RIVER

pytestmark = pytest.mark.database


async def log_in(desk: Desk, username: str, password: str = PASSWORD, **headers: str) -> httpx.Response:
    return await desk.post(None, "/api/login", {"username": username, "password": password}, **headers)


async def test_a_login_gives_a_cookie_that_no_page_can_read(desk: Desk) -> None:
    answer = await log_in(desk, "crew")
    assert answer.status_code == 200
    me = answer.json()
    assert (me["username"], me["role"], me["scope"]) == ("crew", "responder", "990181100")
    assert (me["team_ids"], me["permissions"]) == ([RIVER], ["answer", "see_personal"])
    cookie = answer.headers.get_list("set-cookie")[0]
    assert {"HttpOnly", "SameSite=strict", "Path=/", "Max-Age=43200"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    token = cookie.split(";")[0].removeprefix(f"{COOKIE}=")
    assert token not in str(await desk.world.rows("SELECT * FROM login_session"))
    again = await desk.client.get("/api/me", headers={"Cookie": f"{COOKIE}={token}"})
    assert again.json() == me


async def test_behind_tls_the_cookie_never_travels_in_the_clear(desk: Desk) -> None:
    desk.house.settings.https = True
    assert "Secure" in (await log_in(desk, "officer")).headers["set-cookie"]


@pytest.mark.parametrize(("username", "password"), [("officer", "wrong"), ("nobody", PASSWORD)])
async def test_what_was_wrong_is_not_told(desk: Desk, username: str, password: str) -> None:
    document = problem(await log_in(desk, username, password), 401, "bad_credentials")
    assert document["zh"] == "用户名或密码错误"
    assert document["en"] == "wrong user name or password"


async def test_guessing_at_many_names_blocks_the_address_whatever_succeeds_in_between(desk: Desk) -> None:
    for number in range(20):
        problem(await log_in(desk, f"nobody{number}", "guess"), 401, "bad_credentials")
        if number % 5 == 0:
            assert (await log_in(desk, "second")).status_code == 200
    problem(await log_in(desk, "officer"), 429, "too_many_attempts")


async def test_guessing_is_slowed_down_for_name_and_address_and_forgiven_after_a_login(desk: Desk) -> None:
    for _ in range(5):
        problem(await log_in(desk, "officer", "guess"), 401, "bad_credentials")
    blocked = await log_in(desk, "officer")  # even the right password has to wait
    document = problem(blocked, 429, "too_many_attempts")
    assert blocked.headers["retry-after"] == "30"
    assert "30" in document["zh"] and "30" in document["en"]
    assert (await log_in(desk, "second")).status_code == 200  # the colleague at the next desk is not shut out
    desk.world.later(seconds=31)
    assert (await log_in(desk, "officer")).status_code == 200
    problem(await log_in(desk, "officer", "typo"), 401, "bad_credentials")
    assert (await log_in(desk, "officer")).status_code == 200


def cookies_of(answer: httpx.Response) -> dict[str, str]:
    return dict(one.split(";")[0].split("=", 1) for one in answer.headers.get_list("set-cookie"))


async def test_a_siege_from_the_desks_own_address_locks_out_no_browser_that_logged_in_before(
    desk: Desk,
) -> None:
    """Behind one proxy or one office line everybody has one address: who guesses there shuts out himself."""
    first = await log_in(desk, "officer")
    known = cookies_of(first)[KNOWN]
    assert "HttpOnly" in first.headers.get_list("set-cookie")[1]
    assert known not in str(await desk.world.rows("SELECT * FROM known_browser"))
    desk.client.cookies.clear()
    for number in range(20):
        await log_in(desk, f"nobody{number}", "guess")
    problem(await log_in(desk, "officer"), 429, "too_many_attempts")  # an unknown browser waits
    again = await log_in(desk, "officer", Cookie=f"{KNOWN}={known}")
    assert again.status_code == 200
    assert KNOWN not in cookies_of(again)
    desk.client.cookies.clear()
    # It spares nobody the password, is of one account, and guessing with it is slowed down like any other.
    problem(await log_in(desk, "second", Cookie=f"{KNOWN}={known}"), 429, "too_many_attempts")
    for _ in range(5):
        problem(await log_in(desk, "officer", "guess", Cookie=f"{KNOWN}={known}"), 401, "bad_credentials")
    problem(await log_in(desk, "officer", Cookie=f"{KNOWN}={known}"), 429, "too_many_attempts")
    desk.world.later(days=181)
    assert (await log_in(desk, "officer", Cookie=f"{KNOWN}={known}")).status_code == 200


async def test_a_login_takes_the_place_of_the_session_the_browser_had(desk: Desk) -> None:
    old = cookies_of(await log_in(desk, "officer"))[COOKIE]
    desk.client.cookies.clear()
    new = cookies_of(await log_in(desk, "officer", Cookie=f"{COOKIE}={old}"))[COOKIE]
    desk.client.cookies.clear()
    assert new != old
    answers = [
        await desk.client.get("/api/me", headers={"Cookie": f"{COOKIE}={token}"}) for token in (old, new)
    ]
    assert [one.status_code for one in answers] == [401, 200]
    wrong = await log_in(desk, "officer", "guess", Cookie=f"{COOKIE}={new}")
    assert wrong.status_code == 401  # a slip ends nothing
    assert (await desk.client.get("/api/me", headers={"Cookie": f"{COOKIE}={new}"})).status_code == 200


async def test_a_longer_siege_waits_longer(desk: Desk) -> None:
    waits = []
    for _ in range(12):
        answer = await log_in(desk, "officer", "guess")
        if answer.status_code == 429:
            waits.append(int(answer.headers["retry-after"]))
            desk.world.later(seconds=waits[-1])
    assert waits == [30, 60, 120, 240]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/me"),
        ("GET", "/api/snapshot"),
        ("GET", "/api/events"),
        ("GET", "/api/reference"),
        ("GET", "/api/map/base"),
        ("GET", "/api/incidents"),
        ("GET", "/api/incidents/1"),
        ("GET", "/api/incidents/1/timeline"),
        ("GET", "/api/incidents/1/timeline.html"),
        ("GET", "/api/incidents/1/recommendation"),
        ("GET", "/api/devices"),
        ("GET", "/api/devices/unknown"),
        ("POST", "/api/incidents"),
        ("PATCH", "/api/incidents/1"),
        ("POST", "/api/incidents/1/assignments"),
        ("POST", "/api/alarms/1/confirm"),
        ("POST", "/api/assignments/1/steps"),
        ("POST", "/api/deliveries/1/receipt"),
        ("POST", "/api/teams/1/standby"),
        ("POST", "/api/positions"),
    ],
)
async def test_a_stranger_gets_nothing(desk: Desk, method: str, path: str) -> None:
    answer = await desk.ask(None, method, path, None if method == "GET" else {})
    document = problem(answer, 401, "not_logged_in")
    assert document["zh"] == "请先登录"


async def test_a_session_ends_with_its_time_its_account_or_a_logout(desk: Desk) -> None:
    assert (await desk.get("officer", "/api/me")).status_code == 200
    await desk.world.run("UPDATE account SET active = false WHERE username = 'second'")
    assert (await desk.get("second", "/api/me")).status_code == 401
    assert (await desk.post("lead", "/api/logout")).status_code == 204
    assert (await desk.get("lead", "/api/me")).status_code == 401
    assert (await desk.post("lead", "/api/logout")).status_code == 204  # twice does no harm
    desk.world.clock.advance(timedelta(hours=12))
    assert (await desk.get("officer", "/api/me")).status_code == 401


async def test_a_logout_closes_the_screens_of_that_account(desk: Desk) -> None:
    told: list[int] = []

    async def disconnect(account_id: int) -> None:
        told.append(account_id)

    desk.house.disconnect = disconnect
    await desk.post("officer", "/api/logout")
    assert told == [desk.world.people["officer"].account_id]


async def test_logins_are_told_to_auditors_only(desk: Desk) -> None:
    await log_in(desk, "officer")
    await log_in(desk, "officer", "wrong")
    kinds = [event["type"] for event in (await desk.read("auditor", "/api/events"))["events"]]
    assert kinds == ["account.logged_in", "account.login_refused"]
    for who in ("leader", "officer", "east", "crew", "admin"):
        assert (await desk.read(who, "/api/events"))["events"] == []


async def test_another_sites_page_can_neither_log_in_nor_command(desk: Desk) -> None:
    foreign = {"Origin": "https://evil.example"}
    problem(await log_in(desk, "officer", **foreign), 403, "foreign_origin")
    problem(await desk.post("officer", "/api/teams/1/standby", **foreign), 403, "foreign_origin")
    problem(await desk.post("officer", "/api/teams/1/standby", Origin="null"), 403, "foreign_origin")
    own = await desk.post("officer", "/api/teams/1/standby", {"standby": True}, Origin="http://desk.test")
    assert own.status_code == 200
    desk.house.settings.allowed_origins = "https://big.screen, https://evil.example"
    assert (await log_in(desk, "officer", **foreign)).status_code == 200


async def test_who_leaves_the_service_is_locked_out_at_once_and_let_in_again_when_he_is_back(
    desk: Desk,
) -> None:
    await desk.world.run("UPDATE account SET person_id = 5 WHERE username = 'officer'")
    gone = await desk.post("lead", "/api/people/5/deactivate", {})
    assert gone.json()["active"] is False
    assert (await desk.ask("officer", "GET", "/api/me")).status_code == 401
    assert (await log_in(desk, "officer")).status_code == 401
    assert (
        await desk.world.rows(
            "SELECT 1 FROM login_session s JOIN account a ON a.id = s.account_id WHERE a.username = 'officer'"
        )
        == []
    )
    (told,) = [e for e in await desk.world.events() if e["type"] == "account.locked"]
    assert (told["username"], told["account_id"]) == ("officer", desk.world.people["officer"].account_id)
    assert (await desk.ask("lead", "PATCH", "/api/people/5", {"active": True})).status_code == 200
    assert (await log_in(desk, "officer")).status_code == 200
