"""A second factor at login: set up, asked for, used once, replaced by paper, taken away; guessing is slow."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.org.rules.throttle import FREE_WRONG_CODES
from app.org.second_factor.rules import STEP_S, code_at, step_at
from app.org.second_factor.tables import SecondFactor
from tests.api.desk import Desk, problem
from tests.world import PASSWORD

pytestmark = pytest.mark.database
OWN = "/api/me/second-factor"


async def log_in(desk: Desk, code: str | None = None, password: str = PASSWORD) -> httpx.Response:
    told = {"username": "officer", "password": password, "code": code}
    return await desk.client.post("/api/login", json=told, headers={"Origin": "http://desk.test"})


async def secret_of(desk: Desk) -> bytes:
    account = (await desk.read("officer", "/api/me"))["id"]
    async with desk.world.database.transaction() as tx:
        row = await tx.get(SecondFactor, account)
        assert row is not None
        return row.secret


async def code_now(desk: Desk) -> str:
    """The next code of the officer's phone: the clock is moved so that it was never used."""
    desk.world.clock.advance(timedelta(seconds=STEP_S))
    return code_at(await secret_of(desk), step_at(desk.world.clock.now()))


async def set_up(desk: Desk) -> list[str]:
    begun = await desk.post("officer", OWN)
    assert begun.status_code == 201, begun.text
    draft: dict[str, Any] = begun.json()
    assert draft["secret"] in draft["uri"] and draft["qr"]["path"].startswith("M")
    assert (await log_in(desk)).status_code == 200  # begun is not yet asked for
    confirmed = await desk.post("officer", f"{OWN}/confirmation", {"code": await code_now(desk)})
    assert confirmed.status_code == 201, confirmed.text
    return list(confirmed.json()["codes"])


async def test_a_password_alone_opens_nothing_any_more_and_a_code_counts_once(desk: Desk) -> None:
    paper = await set_up(desk)
    assert len(set(paper)) == 10
    asked = problem(await log_in(desk), 401, "second_factor_needed")
    assert "6 位数字" in asked["zh"]
    code = await code_now(desk)
    assert (await log_in(desk, code)).status_code == 200
    problem(await log_in(desk, code), 401, "bad_code")
    problem(await log_in(desk, "000000"), 401, "bad_code")
    problem(await log_in(desk, await code_now(desk), "wrong-password"), 401, "bad_credentials")


async def test_a_code_on_paper_opens_once(desk: Desk) -> None:
    paper = await set_up(desk)
    assert (await log_in(desk, paper[3].upper())).status_code == 200
    problem(await log_in(desk, paper[3]), 401, "bad_code")
    assert (await desk.read("officer", OWN))["paper_left"] == 9


async def test_it_is_replaced_only_after_it_was_removed_against_a_code(desk: Desk) -> None:
    await set_up(desk)
    problem(await desk.post("officer", OWN), 409, "factor_stands")
    problem(await desk.post("officer", f"{OWN}/removal", {"code": "000000"}), 422, "invalid_input")
    removed = await desk.post("officer", f"{OWN}/removal", {"code": await code_now(desk)})
    assert removed.json() == {"since": None, "paper_left": 0}
    assert (await log_in(desk)).status_code == 200


async def test_who_lost_phone_and_paper_is_helped_by_the_leader_and_the_auditor_reads_it(desk: Desk) -> None:
    await set_up(desk)
    account = (await desk.read("officer", "/api/me"))["id"]
    path = f"/api/accounts/{account}/second-factor"
    problem(await desk.ask("lead", "DELETE", path), 403, "not_permitted")
    answer = await desk.ask("leader", "DELETE", path)
    assert answer.status_code == 200, answer.text
    assert answer.json()["second_factor"] is False
    assert (await log_in(desk)).status_code == 200
    kinds = [one["type"] for one in await desk.read("auditor", "/api/accounts/audit")]
    assert "account.factor_added" in kinds and "account.factor_removed" in kinds


async def test_guessing_codes_blocks_the_account_for_whoever_knows_its_password(desk: Desk) -> None:
    await set_up(desk)
    for number in range(FREE_WRONG_CODES):
        desk.world.clock.advance(timedelta(minutes=16))  # longer than the address is blocked
        problem(await log_in(desk, f"{number:06d}"), 401, "bad_code")
    problem(await log_in(desk, "999999"), 429, "too_many_attempts")
    told = [one for one in await desk.world.events() if one["type"] == "account.login_refused"]
    assert len(told) >= FREE_WRONG_CODES


async def test_nothing_secret_is_shown_twice(desk: Desk) -> None:
    paper = await set_up(desk)
    shown = await desk.read("officer", OWN)
    assert set(shown) == {"since", "paper_left"}
    events = str(await desk.world.events())
    assert not any(code in events for code in paper)
    assert (await secret_of(desk)).hex() not in events
