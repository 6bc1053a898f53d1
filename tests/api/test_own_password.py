"""One's own password: the current one is asked, the other logins end, guessing is slow, auditors are told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.api.desk import Desk, problem
from tests.world import PASSWORD, STREAM

pytestmark = pytest.mark.database
NEW = "zx7k-mmpq-4hwd-9tbc"


async def logins(desk: Desk, username: str) -> int:
    rows = await desk.world.rows(
        "SELECT s.token_hash FROM login_session s JOIN account a ON a.id = s.account_id"
        " WHERE a.username = :name",
        name=username,
    )
    return len(rows)


async def test_a_new_password_holds_at_once_and_ends_the_other_logins_of_the_account_alone(
    desk: Desk,
) -> None:
    other = await desk.post(None, "/api/login", {"username": "officer", "password": PASSWORD})
    assert other.status_code == 200
    desk.client.cookies.clear()
    assert (await logins(desk, "officer"), await logins(desk, "second")) == (2, 1)
    done = await desk.post("officer", "/api/me/password", {"current": PASSWORD, "password": NEW})
    assert done.status_code == 204, done.text
    assert (await logins(desk, "officer"), await logins(desk, "second")) == (1, 1)
    assert (await desk.get("officer", "/api/me")).status_code == 200  # this login goes on
    old = await desk.post(None, "/api/login", {"username": "officer", "password": PASSWORD})
    problem(old, 401, "bad_credentials")
    assert (await desk.post(None, "/api/login", {"username": "officer", "password": NEW})).status_code == 200
    told = [event for event in await desk.world.events() if event["type"] == "account.password_set"]
    assert [(event["username"], event["actor"]["name"]) for event in told] == [("officer", "值班员甲")]
    rows = await desk.world.rows("SELECT CAST(t.* AS text) AS told FROM journal t")
    assert not [row for row in rows if NEW in row["told"] or PASSWORD in row["told"]]


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"current": "not-the-right-one", "password": NEW}, "current"),
        ({"current": PASSWORD, "password": "short"}, "password"),
        ({"current": PASSWORD, "password": PASSWORD}, "password"),
        ({"password": NEW}, "current"),
    ],
)
async def test_a_wrong_current_a_short_and_the_same_password_are_refused_and_change_nothing(
    desk: Desk, told: dict[str, str], field: str
) -> None:
    answer = problem(await desk.post("officer", "/api/me/password", told), 422, "invalid_input")
    assert [one["name"] for one in answer["fields"]] == [field]
    again = await desk.post(None, "/api/login", {"username": "officer", "password": PASSWORD})
    assert again.status_code == 200


async def test_guessing_the_current_password_is_slowed_down_and_told_to_auditors(desk: Desk) -> None:
    for _ in range(5):
        wrong = await desk.post("officer", "/api/me/password", {"current": "guess", "password": NEW})
        problem(wrong, 422, "invalid_input")
    right = {"current": PASSWORD, "password": NEW}
    problem(await desk.post("officer", "/api/me/password", right), 429, "too_many_attempts")
    assert (await desk.world.types()).count("account.login_refused") == 5
    desk.world.later(seconds=timedelta(minutes=1).total_seconds())
    assert (await desk.post("officer", "/api/me/password", right)).status_code == 204


async def test_a_stranger_and_another_site_change_nothing(desk: Desk) -> None:
    told = {"current": PASSWORD, "password": NEW}
    problem(await desk.post(None, "/api/me/password", told), 401, "not_logged_in")
    foreign = await desk.post("officer", "/api/me/password", told, origin="http://evil.test")
    problem(foreign, 403, "foreign_origin")
    assert STREAM in (await desk.get("officer", "/api/me")).text
