"""The county of the harness: the fictional city, with more crews that have two phones each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol
from unittest.mock import patch

from argon2 import PasswordHasher
from sqlalchemy import text

from app import migrations
from app.db import Database
from app.demo.devices import DEMO_GATEWAY
from app.org import accounts, passwords
from app.stage.seed import DEMO_PASSWORD, STREAM, seed

PASSWORD = DEMO_PASSWORD
GATEWAY = DEMO_GATEWAY
# The smallest cost there is: nobody guesses passwords here, and every client logs in.
_QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_CREWS = 6
_FREE = """
SELECT id, region_code FROM team
 WHERE stream = :stream AND kind IN ('fire_rescue', 'semi_pro', 'semi_pro_fire', 'enterprise')
   AND NOT EXISTS (SELECT 1 FROM account a WHERE team.id = ANY(a.team_ids))
 ORDER BY id
"""
_DEVICES = "SELECT number FROM device WHERE stream = :stream AND family = :family ORDER BY id LIMIT :some"


class Drawn(Protocol):
    """What draws: a seeded `random.Random`."""

    def sample(self, population: list[Any], k: int) -> list[Any]:
        """Return `k` different ones."""
        ...


@dataclass(frozen=True, slots=True)
class Crew:
    """A team with two phones: both answer every order, one of them wins each step."""

    team_id: int
    phones: tuple[str, str]


@dataclass(frozen=True, slots=True)
class County:
    """Whom and what the clients find."""

    crews: tuple[Crew, ...]
    raced: tuple[int, ...]  # teams that nobody answers for: dispatchers race for them
    terminals: tuple[str, ...]
    radios: tuple[str, ...]


async def settle(url: str, draw: Drawn) -> County:
    """Bring an empty database to the present schema and fill it."""
    await migrations.upgrade_async(url)
    database = Database(url)
    try:
        with patch.object(passwords, "_HASHER", _QUICK):
            await seed(database)
            return await _enlist(database, draw)
    finally:
        await database.close()


async def _enlist(database: Database, draw: Drawn) -> County:
    async with database.transaction() as tx:
        free = list(await tx.execute(text(_FREE), {"stream": STREAM}))
        chosen = draw.sample(free, _CREWS + 6)
        crews = []
        for number, (team_id, region) in enumerate(chosen[:_CREWS]):
            phones = (f"crew{number}a", f"crew{number}b")
            for phone in phones:
                tx.add(
                    accounts.new_account(
                        phone,
                        PASSWORD,
                        f"{number}队{phone[-1]}机",
                        "responder",
                        STREAM,
                        region[:9],
                        [team_id],
                    )
                )
            crews.append(Crew(team_id, phones))
        found = {
            family: [
                row[0]
                for row in await tx.execute(text(_DEVICES), {"stream": STREAM, "family": family, "some": 8})
            ]
            for family in ("jt808", "hdap")
        }
    return County(
        tuple(crews),
        tuple(row[0] for row in chosen[_CREWS:]),
        tuple(found["jt808"][:5]),
        tuple(found["hdap"]),
    )
