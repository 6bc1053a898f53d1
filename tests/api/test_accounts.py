"""Accounts over HTTP: opened, amended, closed, given passwords; rights hold; nobody locks himself out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.desk import Desk, problem
from tests.world import EAST, RIVER, STREAM

pytestmark = pytest.mark.database
PASSWORD = "zx7k-mmpq-4hwd-9tbc"
NEW = {
    "username": "liuhai",
    "password": PASSWORD,
    "name": "刘海",
    "role": "township_officer",
    "scope": EAST[:9],
}


async def opened(desk: Desk, **changes: Any) -> dict[str, Any]:
    answer = await desk.post("leader", "/api/accounts", NEW | changes)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def log_in(desk: Desk, password: str = PASSWORD) -> int:
    told = {"username": "liuhai", "password": password}
    return (await desk.post(None, "/api/login", told)).status_code


async def patch(desk: Desk, account: int, told: dict[str, Any], who: str = "leader") -> Any:
    return await desk.ask(who, "PATCH", f"/api/accounts/{account}", told)


async def test_an_account_is_opened_logs_in_and_its_password_stands_nowhere(desk: Desk) -> None:
    account = await opened(desk)
    assert (account["works"], account["logins"]) == (True, [])
    assert await log_in(desk) == 200
    (shown,) = [one for one in await desk.read("leader", "/api/accounts") if one["username"] == "liuhai"]
    assert len(shown["logins"]) == 1
    for table in ("journal", "idempotency_record", "account"):
        rows = await desk.world.rows(f"SELECT CAST(t.* AS text) AS told FROM {table} t")
        assert not [row for row in rows if PASSWORD in row["told"]], table


@pytest.mark.parametrize("who", ["lead", "officer", "east", "admin", "auditor", "crew"])
async def test_only_a_leader_of_the_whole_county_keeps_accounts(desk: Desk, who: str) -> None:
    problem(await desk.get(who, "/api/accounts"), 403, "not_permitted")
    problem(await desk.post(who, "/api/accounts", NEW), 403, "not_permitted")
    problem(await patch(desk, 1, {"role": "centre_leader"}, who), 403, "not_permitted")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"password": "short"}, "password"),
        ({"username": "刘 海"}, "username"),
        ({"scope": "990299"}, "scope"),
        ({"scope": f"{STREAM}777"}, "scope"),
        ({"team_ids": [RIVER, 4_000]}, "team_ids"),
        ({"person_id": 999_999}, "person_id"),
    ],
)
async def test_what_cannot_be_is_refused_with_the_field_at_fault(
    desk: Desk, changes: dict[str, Any], field: str
) -> None:
    refused = problem(await desk.post("leader", "/api/accounts", NEW | changes), 422, "invalid_input")
    assert [fault["name"] for fault in refused["fields"]] == [field]


async def test_a_name_is_given_once_however_it_is_written(desk: Desk) -> None:
    await opened(desk)
    refused = await desk.post("leader", "/api/accounts", NEW | {"username": "LiuHai"})
    assert "LiuHai" in problem(refused, 409, "username_taken")["zh"]


async def test_other_rights_a_new_password_and_closing_end_the_logins(desk: Desk) -> None:
    account = (await opened(desk))["id"]
    for change in (
        lambda: patch(desk, account, {"role": "duty_officer", "scope": STREAM}),
        lambda: desk.post("leader", f"/api/accounts/{account}/password", {"password": PASSWORD}),
        lambda: patch(desk, account, {"active": False}),
    ):
        assert await log_in(desk) == 200
        answer = await change()
        assert answer.status_code == 200, answer.text
        assert answer.json()["logins"] == []
    assert await log_in(desk) == 401  # closed
    assert (await patch(desk, account, {"active": True})).json()["works"] is True
    assert await log_in(desk) == 200
    named = await patch(desk, account, {"name": "刘海涛"})
    assert (named.json()["name"], len(named.json()["logins"])) == ("刘海涛", 1)  # a name ends nothing
    kinds = [one["type"] for one in await desk.world.events() if one["type"].startswith("account.")]
    assert [kind for kind in kinds if "log" not in kind] == [
        "account.opened",
        "account.amended",
        "account.password_set",
        "account.closed",
        "account.amended",
        "account.amended",
    ]


async def test_one_login_is_ended_and_the_other_holds(desk: Desk) -> None:
    account = (await opened(desk))["id"]
    assert [await log_in(desk), await log_in(desk)] == [200, 200]
    logins = [one["id"] for one in (await patch(desk, account, {})).json()["logins"]]
    answer = await desk.ask("leader", "DELETE", f"/api/accounts/{account}/logins/{logins[0]}")
    assert [one["id"] for one in answer.json()["logins"]] == logins[1:]
    again = await desk.ask("leader", "DELETE", f"/api/accounts/{account}/logins/{logins[0]}")
    problem(again, 404, "not_found")
    answer = await desk.ask("leader", "DELETE", f"/api/accounts/{account}/logins")
    assert answer.json()["logins"] == []


async def test_nobody_locks_himself_out(desk: Desk) -> None:
    me = (await desk.read("leader", "/api/me"))["id"]
    for told in ({"active": False}, {"role": "duty_officer"}, {"scope": EAST[:9]}):
        problem(await patch(desk, me, told), 409, "own_account")


async def test_the_auditor_reads_who_did_what_and_nobody_else_does(desk: Desk) -> None:
    account = (await opened(desk))["id"]
    await log_in(desk, "wrong-password-here")
    await patch(desk, account, {"role": "duty_officer", "scope": STREAM})
    told = await desk.read("auditor", "/api/accounts/audit")
    assert [(one["type"], one["by"], one["changed"]) for one in told] == [
        ("account.amended", "带班领导", ["role", "scope"]),
        ("account.login_refused", None, []),
        ("account.opened", "带班领导", []),
    ]
    older = await desk.read("auditor", f"/api/accounts/audit?before={told[0]['seq']}&limit=1")
    assert [one["type"] for one in older] == ["account.login_refused"]
    problem(await desk.get("leader", "/api/accounts/audit"), 403, "not_permitted")
    hidden = await desk.read("leader", "/api/events?after=0&limit=500")
    assert not [one for one in hidden["events"] if one["type"].startswith("account.")]
