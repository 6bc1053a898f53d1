"""A second factor at login: set up, asked for, used once, replaced by paper, taken away; guessing is slow."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.config import Settings
from app.org.rules.throttle import FREE_WRONG_CODES
from app.org.second_factor.rules import STEP_S, code_at, step_at
from app.org.second_factor.tables import SecondFactor
from app.preflight import CannotStart
from app.serving import serve
from tests.api.desk import Desk, at_desk, problem, settings_of, token_of
from tests.node import free_port
from tests.world import PASSWORD, STREAM, World

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


@pytest.fixture
async def strict(world: World, tmp_path: Path) -> AsyncIterator[Desk]:
    """A centre where duty officers must have a second factor."""
    settings = settings_of(world.database, tmp_path, second_factor_roles="duty_officer, responder")
    async with at_desk(world, settings) as found:
        yield found


async def test_a_role_that_needs_a_factor_can_do_nothing_before_but_set_it_up(strict: Desk) -> None:
    logged = await log_in(strict)
    assert (logged.status_code, logged.json()["second_factor_due"]) == (200, True)
    assert (await strict.read("officer", "/api/me"))["second_factor_due"] is True
    for path in ("/api/snapshot", "/api/call-and-respond", "/api/warnings"):
        told = problem(await strict.get("officer", path), 403, "second_factor_due")
        assert "二次验证" in told["zh"] and "second factor" in told["en"]
    own = {"current": PASSWORD, "password": "zx7k-mmpq-4hwd-9tbc"}
    answer = await strict.post("officer", "/api/me/password", own, Origin="http://desk.test")
    problem(answer, 403, "second_factor_due")
    problem(await strict.post("officer", "/api/incidents", {}), 403, "second_factor_due")
    lead = await strict.read("lead", "/api/me")
    assert lead["second_factor_due"] is False, "another role"
    assert (await strict.get("lead", "/api/snapshot")).status_code == 200

    assert (await strict.read("officer", OWN))["since"] is None
    await set_up(strict)
    assert (await strict.read("officer", "/api/me"))["second_factor_due"] is False
    assert (await strict.read("officer", "/api/snapshot"))["me"]["second_factor_due"] is False
    assert (await log_in(strict, await code_now(strict))).json()["second_factor_due"] is False
    removed = await strict.post("officer", f"{OWN}/removal", {"code": await code_now(strict)})
    assert removed.status_code == 200, removed.text
    problem(await strict.get("officer", "/api/snapshot"), 403, "second_factor_due")
    assert (await strict.post("officer", "/api/logout")).status_code == 204
    problem(await strict.get("officer", "/api/me"), 401, "not_logged_in")


async def test_a_phone_let_in_by_a_link_is_not_asked_for_a_factor(strict: Desk) -> None:
    problem(await strict.get("crew", "/api/snapshot"), 403, "second_factor_due")
    account = (await strict.read("crew", "/api/me"))["id"]
    await strict.world.run(
        "INSERT INTO field_phone (stream, person_id, account_id, link_hash, made_by, made_at, expires_at,"
        " used_at, key_hash, session_hash, label, revoke_reason)"
        " SELECT :stream, min(id), :account, 'l', '甲', now(), now(), now(), 'k', :session, '', ''"
        " FROM person",
        stream=STREAM,
        account=account,
        session=token_of("crew"),
    )
    assert (await strict.get("crew", "/api/snapshot")).status_code == 200
    assert (await strict.read("crew", "/api/me"))["second_factor_due"] is False


@pytest.mark.parametrize("wrong", ["officer", "duty_officer,wall", "Duty_Officer"])
def test_a_role_that_is_none_or_nobodys_is_refused_with_a_sentence(wrong: str, tmp_path: Path) -> None:
    settings = Settings(_env_file=None, data=tmp_path, port=free_port(), jt808_port=free_port())
    with pytest.raises(CannotStart, match="ZHISHOU_SECOND_FACTOR_ROLES: 没有这样的角色") as said:
        serve(settings.model_copy(update={"second_factor_roles": wrong}))
    assert "duty_officer" in str(said.value) and "no such role" in str(said.value)
