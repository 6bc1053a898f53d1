"""The county before the fire season (scenario S15): a brigade of 110, 22 townships, people and heads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from app.db import Tx
from app.org.accounts import token_hash
from app.org.tables import Account, LoginSession, Person, Region, Team
from tests.api.desk import Desk
from tests.duty.county import moment
from tests.world import COUNTY, EAST, PASSWORD_HASH, STREAM, WEST

ZHOUWEI, LINXI = "990181201000", EAST
BRIGADE, SQUADS = 50, (51, 52, 53, 54)
# The two townships of the tiny county and twenty more.
TOWNSHIPS = sorted([EAST, WEST, ZHOUWEI, *(f"990181{n}000" for n in range(301, 320))])
HEAD_OF_ZHOUWEI = 900
HALF_A_YEAR = timedelta(days=400)


@dataclass
class Season:
    """The desk of the county with short ways to say what happens."""

    desk: Desk

    def at(self, text: str, year: int = 2025) -> None:
        """Put the clock on `10-01 08:30`, which lies ahead."""
        clock = self.desk.world.clock
        clock.advance(moment(text, year) - clock.now())

    async def board(self, who: str = "leader", day: str = "") -> dict[str, Any]:
        found: dict[str, Any] = await self.desk.read(who, f"/api/readiness{day and '?day='}{day}")
        return found

    async def township(self, code: str, who: str = "leader", day: str = "") -> dict[str, Any]:
        board = await self.board(who, day)
        return next(one for one in board["townships"] if one["region_code"] == code)

    async def brigade(self, day: str = "") -> dict[str, Any]:
        (one,) = (await self.board("leader", day))["brigades"]
        return dict(one)

    async def returns(self, day: str, sick: int = 0, leave: int = 0, of: Iterable[int] | None = None) -> None:
        """Let the headquarters and its squads report; the headquarters has the sick and those on leave."""
        for team in (BRIGADE, *SQUADS) if of is None else of:
            strength = 50 if team == BRIGADE else 15
            away = (sick, leave) if team == BRIGADE else (0, 0)
            told = {"on_post": strength - sum(away), "sick": away[0], "on_leave": away[1]}
            await self.put("lead", f"/api/readiness/teams/{team}/returns/{day}", told)

    async def names(
        self, code: str, day: str, persons: list[dict[str, Any]], who: str = "lead", version: int = 0
    ) -> dict[str, Any]:
        told = {"version": version, "persons": persons}
        return await self.put(who, f"/api/readiness/townships/{code}/{day}", told)

    async def accepted(self, code: str, day: str, who: str = "leader") -> dict[str, Any]:
        path = f"/api/readiness/townships/{code}/{day}"
        version = (await self.desk.read(who, path))["version"]
        answer = await self.desk.post(who, f"{path}/acceptance", {"version": version})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def put(self, who: str, path: str, told: Any) -> dict[str, Any]:
        answer = await self.desk.ask(who, "PUT", path, told)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def types(self, after: int) -> list[str]:
        return await self.desk.world.types(after)


def crew(code: str, count: int = 12, first: int = 0) -> list[dict[str, Any]]:
    """Persons of a township who are in no register."""
    return [
        {"name": f"队员{code[6:9]}{n:02d}", "phone": f"139{code[6:9]}{n:05d}"}
        for n in range(first, first + count)
    ]


async def season(desk: Desk) -> Season:
    """Write places, teams and heads, and let everybody's session last."""
    await desk.world.do(lambda tx: _write(tx, desk.world.clock.now()))
    return Season(desk)


async def _write(tx: Tx, now: datetime) -> None:
    more = [code for code in TOWNSHIPS if code not in (EAST, WEST)]
    await tx.execute(insert(Region), [_region(code) for code in more])
    head = {"id": HEAD_OF_ZHOUWEI, "name_zh": "洲尾乡长", "post": "乡长", "region_code": ZHOUWEI}
    await tx.execute(insert(Person), [{**head, "phones": ["13907990201"]}])
    await tx.execute(
        insert(Team),
        [_team(BRIGADE, "专业森林消防大队", COUNTY, 50, None)]
        + [
            _team(key, f"林{n}中队", EAST if n == 1 else WEST, 15, BRIGADE) for n, key in enumerate(SQUADS, 1)
        ],
    )
    accounts = [_account(90, "zhouwei", "township_officer"), _account(91, "zhouwei_head", "township_leader")]
    await tx.execute(insert(Account), accounts)
    sessions = [
        {
            "token_hash": token_hash(f"token-{one['username']}"),
            "account_id": one["id"],
            "created_at": now,
            "expires_at": now,
        }
        for one in accounts
    ]
    await tx.execute(insert(LoginSession), sessions)
    await tx.execute(LoginSession.__table__.update().values(expires_at=now + HALF_A_YEAR))  # type: ignore[attr-defined]


def _region(code: str) -> dict[str, Any]:
    name = "洲尾乡" if code == ZHOUWEI else f"第{code[6:9]}镇"
    kind = "farm" if code[6:9] == "301" else "township"
    return {
        "code": code, "parent_code": COUNTY, "kind": kind, "name_zh": name, "name_en": f"T{code[6:9]}",
        "lon": 118.2, "lat": 28.5, "population": 0,
    }  # fmt: skip


def _team(key: int, name: str, region: str, strength: int, parent: int | None) -> dict[str, Any]:
    return {
        "id": key, "stream": STREAM, "name_zh": name, "name_en": f"F{key}", "call_sign": f"林{key}",
        "kind": "professional_forest_fire", "region_code": region, "parent_id": parent, "strength": strength,
        "standby_strength": 0, "speed_kmh": 40.0, "capabilities": [], "standby": False, "dispatchable": True,
    }  # fmt: skip


def _account(key: int, username: str, role: str) -> dict[str, Any]:
    leads = role == "township_leader"
    return {
        "id": key, "username": username, "password_hash": PASSWORD_HASH,
        "name_zh": "洲尾乡长" if leads else "洲尾值班员", "role": role, "stream": STREAM,
        "scope": ZHOUWEI[:9], "person_id": HEAD_OF_ZHOUWEI if leads else None, "team_ids": [], "active": True,
    }  # fmt: skip


def days(first: str, count: int) -> list[date]:
    """Return days in a row from `2025-10-01`."""
    start = date.fromisoformat(first)
    return [start + timedelta(days=n) for n in range(count)]
