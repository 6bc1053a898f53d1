"""API tokens: some of their maker's rights, only by their header, counted, dated, ended at once."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from app.api.bearer import COOKIE, secret_of
from app.config import Settings
from app.main import create_app
from app.org.rules.access import PERMISSIONS, Viewer
from app.org.tokens.rules import NEVER, Allowance, grantable, is_closed
from app.realtime.audience import Audience
from app.realtime.hub import Hub
from app.realtime.ring import Framed
from tests.api.desk import Desk, problem
from tests.api.minimal import Minimal
from tests.api.test_need_to_know import _Kept, _rows
from tests.api.test_rights import rights
from tests.world import STREAM

TOKENS = "/api/tokens"


def told(**changes: Any) -> dict[str, Any]:
    return {"name": "气象接口", "scopes": ["see_desk"], "scope": STREAM, "days": 30, **changes}


async def made(desk: Desk, who: str = "leader", **changes: Any) -> dict[str, Any]:
    answer = await desk.post(who, TOKENS, told(**changes))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def asks(desk: Desk, token: str, path: str, method: str = "GET", body: Any = None) -> httpx.Response:
    return await desk.ask(None, method, path, body, Authorization=f"Bearer {token}")


def test_a_bucket_gives_a_minutes_worth_at_once_and_then_evenly() -> None:
    bucket = Allowance.full(60, 0.0)
    assert [bucket.wait_s(0.0) for _ in range(60)] == [0.0] * 60
    assert bucket.wait_s(0.0) == pytest.approx(1.0)
    assert bucket.wait_s(0.5) == pytest.approx(0.5)
    assert bucket.wait_s(1.0) == 0.0
    assert bucket.wait_s(0.5) > 0  # a clock that went back gives nothing
    assert [bucket.wait_s(10_000.0) for _ in range(61)][-2:] == [0.0, pytest.approx(1.0)]


def test_nobody_gives_a_token_more_than_he_has_nor_what_only_a_person_does() -> None:
    for role, held in PERMISSIONS.items():
        assert grantable(Viewer(1, "x", role, STREAM, STREAM)) == held - NEVER
    half = Viewer(1, "x", "centre_leader", STREAM, STREAM, granted=frozenset({"see_desk", "make_tokens"}))
    assert grantable(half) == {"see_desk"}
    assert not half.may("command") and half.permissions == ["make_tokens", "see_desk"]


@pytest.mark.parametrize(
    ("path", "closed"),
    [
        ("/api/me", False),
        ("/api/me/password", True),
        ("/api/me/second-factor/confirmation", True),
        ("/api/tokens", True),
        ("/api/accounts/audit", True),
        ("/api/people/{person_id}/phones", True),
        ("/api/telephones", False),
        ("/api/incidents", False),
    ],
)
def test_a_token_comes_nowhere_near_logins(path: str, *, closed: bool) -> None:
    assert is_closed(path) is closed


@pytest.mark.parametrize(
    ("headers", "cookies", "secret"),
    [
        ({"authorization": "Bearer zhs_a"}, {}, "zhs_a"),
        ({"authorization": "bearer zhs_a"}, {COOKIE: "b"}, "zhs_a"),
        ({}, {COOKIE: "b"}, "b"),
        ({"authorization": "Bearer b"}, {COOKIE: "b"}, ""),  # a stolen session is no token
        ({}, {COOKIE: "zhs_a"}, ""),  # … and a token no session, which a foreign page could use
        ({"authorization": "Basic zhs_a"}, {}, ""),
        ({}, {}, ""),
    ],
)
def test_a_token_is_told_in_its_header_and_a_session_in_its_cookie(
    headers: dict[str, str], cookies: dict[str, str], secret: str
) -> None:
    assert secret_of(headers, cookies) == secret


@pytest.mark.database
async def test_a_program_reads_with_its_token_and_auditors_see_who_made_it(desk: Desk) -> None:
    token = await made(desk)
    assert token["token"].startswith(token["prefix"]) and len(token["prefix"]) == 12
    (row,) = await desk.world.rows(
        "SELECT token_hash FROM login_session WHERE account_id = :id", id=token["id"]
    )
    assert token["token"] not in str(row)
    me = (await asks(desk, token["token"], "/api/me")).json()
    assert (me["permissions"], me["role"]) == (["see_desk"], "centre_leader")
    people = await asks(desk, token["token"], "/api/people")
    assert "138****0001" in people.text and "13800000001" not in people.text  # without see_personal
    whole = await made(desk, scopes=["see_desk", "see_personal"])
    assert "13800000001" in (await asks(desk, whole["token"], "/api/people")).text
    (found,) = [one for one in await desk.read("leader", TOKENS) if one["id"] == token["id"]]
    assert found["used_at"] is not None and found["used_from"] == "10.0.0.9" and "token" not in found
    assert (await asks(desk, token["token"] + "x", "/api/me")).status_code == 401
    assert token["id"] not in [one["id"] for one in await desk.read("leader", "/api/accounts")]
    audit = await desk.read("auditor", "/api/accounts/audit")
    assert ("token.made", "气象接口", "带班领导") in [
        (one["type"], one["username"], one["by"]) for one in audit
    ]


@pytest.mark.database
async def test_a_token_sees_and_does_only_what_its_scopes_and_place_allow(desk: Desk) -> None:
    incident = await desk.world.incident()
    await desk.world.send(incident_id=incident.id)
    east = await made(desk, scopes=["see_desk", "command"], scope="990181200")
    path = f"/api/incidents/{incident.id}"
    assert (await asks(desk, east["token"], path)).status_code == 404  # of another township
    reader = await made(desk)
    assert (await asks(desk, reader["token"], path)).status_code == 200
    body = {"version": 1, "title": "改"}
    problem(await asks(desk, reader["token"], path, "PATCH", body), 403, "not_permitted")
    for changes in ({"scopes": ["manage_devices"]}, {"scopes": ["manage_accounts"]}, {"scope": "990182"}):
        problem(await desk.post("leader", TOKENS, told(**changes)), 422, "invalid_input")
    problem(await desk.post("officer", TOKENS, told()), 403, "not_permitted")
    mine = await made(desk, "admin", scopes=["manage_devices"])
    assert [one["id"] for one in await desk.read("admin", TOKENS)] == [mine["id"]]
    problem(await desk.post("admin", f"{TOKENS}/{reader['id']}/revoke"), 404, "not_found")
    assert len(await desk.read("leader", TOKENS)) == 3


@pytest.mark.database
async def test_every_operation_lets_a_token_in_by_its_scope_alone(desk: Desk) -> None:
    """The table of rights is walked with a token of one scope: nothing opens that the scope does not name."""
    app = create_app(Settings(_env_file=None, database_url="postgresql://nobody@127.0.0.1:1/nothing"))
    contract = Minimal(app.openapi())
    token = (await made(desk, scopes=["keep_supplies"], per_minute=6000))["token"]
    wrong = []
    for name, right in rights().items():
        method, path = name.split(" ", 1)
        if right in ("open", "signed"):
            continue
        named = set(right.removeprefix("~").partition("@")[0].split("|"))
        allowed = (right == "own" or "keep_supplies" in named) and not is_closed(path)
        answer = await asks(desk, token, contract.address(name), method, contract.body(name))
        if allowed and method == "GET" and answer.status_code in (401, 403):
            wrong.append(f"{name} is closed: {answer.text[:100]}")
        if not allowed and answer.status_code not in (401, 403, 404):
            wrong.append(f"{name} is open: {answer.status_code} {answer.text[:100]}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.database
async def test_a_token_that_asks_too_often_waits(desk: Desk) -> None:
    token = (await made(desk, per_minute=3))["token"]
    answers = [await asks(desk, token, "/api/me") for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert problem(answers[-1], 429, "too_many_requests")
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert (await desk.get("leader", "/api/me")).status_code == 200  # nobody else waits


@pytest.mark.database
async def test_a_token_ends_when_revoked_when_it_expires_and_when_its_maker_loses_his_rights(
    desk: Desk,
) -> None:
    first, second, third = [await made(desk, name=name) for name in ("甲", "乙", "丙")]
    hub, screens = Hub(desk.world.database, STREAM, desk.world.clock), {}
    for one in (first, second):
        viewer = Viewer(
            one["id"],
            one["name"],
            "centre_leader",
            STREAM,
            STREAM,
            maker_id=desk.world.people["leader"].account_id,
        )
        screens[one["id"]] = hub.screen(viewer, 0, _Kept())
        hub._live.setdefault(Audience.of(viewer), set()).add(screens[one["id"]])
    assert (await desk.post("leader", f"{TOKENS}/{first['id']}/revoke")).json()["state"] == "revoked"
    assert (await asks(desk, first["token"], "/api/me")).status_code == 401
    hub.deliver([Framed.of(row) for row in await _rows(desk.world) if row.type == "token.revoked"])
    assert [one.session.closed for one in screens.values()] == [True, False]  # its pushes end

    await desk.world.run("UPDATE account SET role = 'shift_lead' WHERE username = 'leader'")
    assert (await asks(desk, second["token"], "/api/me")).status_code == 401
    await desk.world.run("UPDATE account SET role = 'centre_leader' WHERE username = 'leader'")
    assert (await asks(desk, second["token"], "/api/me")).status_code == 200
    changed = {"active": False}
    admin = desk.world.people["leader"].account_id
    await desk.world.run("UPDATE account SET role = 'centre_leader' WHERE username = 'lead'")
    assert (await desk.ask("lead", "PATCH", f"/api/accounts/{admin}", changed)).status_code == 200
    assert (await asks(desk, second["token"], "/api/me")).status_code == 401
    hub.deliver([Framed.of(row) for row in await _rows(desk.world) if row.type == "account.closed"])
    assert screens[second["id"]].session.closed  # … with those of its maker
    assert {one["state"] for one in await desk.read("lead", TOKENS)} == {"revoked", "suspended"}
    await desk.world.run("UPDATE account SET active = true WHERE username = 'leader'")
    assert (await asks(desk, third["token"], "/api/me")).status_code == 200
    desk.world.later(days=31)
    assert (await asks(desk, third["token"], "/api/me")).status_code == 401
