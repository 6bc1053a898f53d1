"""Every operation meets every role: who may do what stands in docs/rights.tsv and nowhere is it wider."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import get_args

import pytest
from sqlalchemy import insert

from app.config import Settings
from app.main import create_app
from app.org.accounts import viewer_of
from app.org.rules.access import PERMISSIONS, READ_ONLY, Permission, Role
from app.org.tables import Account
from tests.api.desk import Desk, at_desk, settings_of
from tests.api.minimal import Minimal
from tests.world import EAST, STREAM, World

TABLE = Path(__file__).parents[2] / "docs" / "rights.tsv"
OPEN = {"open", "signed"}
TOWN = frozenset({"township_leader", "township_officer", "responder"})  # roles that are always of one place


def rights() -> dict[str, str]:
    """Return what each operation asks for."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines if line and not line.startswith("#"))


def may(name: str, right: str) -> frozenset[str]:
    """Return the roles that an operation lets in: some roles only read, whatever they may see."""
    permissions, _, county = right.removeprefix("~").partition("@")
    named = set(permissions.split("|"))
    holders = frozenset(role for role, held in PERMISSIONS.items() if held & named or right == "own")
    if county:
        holders -= TOWN
    return holders if name.startswith("GET") else holders - READ_ONLY


def _who(role: str) -> str:
    return f"some_{role}"


@pytest.fixture(scope="module")
def contract() -> Minimal:
    return Minimal(
        create_app(Settings(_env_file=None, database_url="postgresql://nobody@127.0.0.1:1/nothing")).openapi()
    )


@pytest.fixture
async def desk(world: World, tmp_path: Path) -> AsyncIterator[Desk]:
    """The county with one more account of each role, an incident in the east and a team on its way."""
    rows = [
        {
            "id": 900 + n,
            "username": _who(role),
            "password_hash": "",
            "name_zh": role,
            "role": role,
            "stream": STREAM,
            "scope": EAST.rstrip("0") if role in TOWN else STREAM,
            "team_ids": [],
            "active": True,
        }
        for n, role in enumerate(get_args(Role))
    ]
    await world.do(lambda tx: tx.execute(insert(Account), rows))
    world.people |= {str(row["username"]): viewer_of(Account(**row)) for row in rows}
    await world.send()
    async with at_desk(world, settings_of(world.database, tmp_path)) as found:
        yield found


def test_every_operation_stands_in_the_table_with_a_right_there_is(contract: Minimal) -> None:
    told = rights()
    assert set(told) == set(contract.operations)
    assert list(told) == sorted(told)
    known = set(get_args(Permission))
    for operation, right in told.items():
        named = set(right.removeprefix("~").partition("@")[0].split("|"))
        assert right in OPEN or right == "own" or named <= known, (operation, right)


def _walked() -> list[tuple[str, str]]:
    """Return the operations that need a session: what is made comes first, readings come last."""
    order = ("POST", "PUT", "PATCH", "DELETE", "GET")
    told = [(name, right) for name, right in rights().items() if right not in OPEN]
    return sorted(told, key=lambda one: (order.index(one[0].split()[0]), one[0]))


@pytest.mark.database
async def test_a_stranger_must_log_in_and_no_role_may_more_or_less_than_the_table_says(
    desk: Desk, contract: Minimal
) -> None:
    """Of those who may, one is asked: what they may stands in many other tests. One walk: it is long."""
    wrong = []

    async def ask(name: str, who: str | None, refusals: set[int], *, refused: bool) -> None:
        answer = await desk.ask(who, name.split()[0], contract.address(name), contract.body(name))
        if (answer.status_code in refusals) != refused:
            wrong.append(f"{who} {name}: {answer.status_code} {answer.text[:120]}")

    for name, right in _walked():
        allowed = sorted(may(name, right))
        await ask(name, None, {401}, refused=True)
        for role in sorted(set(get_args(Role)) - set(allowed)):
            await ask(name, _who(role), {403, 404} if right.startswith("~") else {403}, refused=True)
        await ask(name, _who(allowed[0]), {401, 403}, refused=False)
    assert not wrong, "\n".join(wrong)
