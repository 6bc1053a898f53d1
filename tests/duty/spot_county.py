"""A county of 23 manned posts for spot checks: the centre and 22 townships, everybody on duty tonight."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, text

from app.db import Tx
from app.duty.roster.tables import Shift
from app.duty.tables import DutyPost, DutySeat
from app.org.tables import OrgUnit, Person, Region
from tests.api.desk import Desk, problem
from tests.world import COUNTY, EAST, STREAM, WEST, World

CENTRE_POST, EAST_POST, WEST_POST = 1, 6, 12
SEED = "20250618-2210"  # draws 8, 7, 18, 4, 6, 12, 5, 19 of 1..23
DRAWN = [8, 7, 18, 4, 6, 12, 5, 19]
AT_2210 = datetime(2025, 6, 18, 14, 10, tzinfo=UTC)


def region(post: int) -> str:
    """Return where a post is."""
    known = {CENTRE_POST: COUNTY, EAST_POST: EAST, WEST_POST: WEST}
    return known.get(post, f"990181{300 + post}000")


def leader(post: int) -> int:
    """Return who is the leader in charge tonight."""
    return 1000 * post + 1


def officer(post: int) -> int:
    """Return who sits at the desk tonight."""
    return 1000 * post + 2


def off_duty(post: int) -> int:
    """Return a colleague who is not on duty tonight."""
    return 1000 * post + 3


async def settle_23(tx: Tx, now: datetime) -> None:
    """Write posts, seats, people and the shifts of tonight."""
    posts = range(1, 24)
    new = [post for post in posts if post not in {CENTRE_POST, EAST_POST, WEST_POST}]
    await tx.execute(insert(Region), [_region(post) for post in new])
    await tx.execute(insert(OrgUnit), [_unit(post) for post in posts if post != 1])
    await tx.execute(insert(Person), [_person(post, n) for post in posts for n in (1, 2, 3)])
    await tx.execute(insert(DutyPost), [_post(post) for post in posts])
    await tx.execute(insert(DutySeat), [_seat(post, n) for post in posts for n in (1, 2)])
    await tx.execute(insert(Shift), [_shift(post, n, now) for post in posts for n in (1, 2)])
    for table in ("person", "org_unit", "duty_post", "duty_seat"):
        await tx.execute(
            text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
        )


def _region(post: int) -> dict[str, Any]:
    return {
        "code": region(post),
        "parent_code": COUNTY,
        "kind": "township",
        "name_zh": f"{post}镇",
        "name_en": f"Town {post}",
        "lon": 118.0,
        "lat": 28.0,
        "population": 0,
    }


def _unit(post: int) -> dict[str, Any]:
    return {
        "id": post,
        "kind": "township",
        "name_zh": f"{post}镇应急管理所",
        "name_en": f"Town {post}",
        "region_code": region(post),
    }


def _person(post: int, number: int) -> dict[str, Any]:
    names = {1: "领导", 2: "值班", 3: "同事"}
    return {
        "id": 1000 * post + number,
        "name_zh": f"{names[number]}{post}",
        "post": "",
        "region_code": region(post),
        "unit_id": post,
        "phones": [f"199{post:04d}{number:04d}"],
    }


def _post(post: int) -> dict[str, Any]:
    return {
        "id": post,
        "unit_id": post,
        "kind": "centre" if post == 1 else "township",
        "name_zh": f"{post}镇应急管理所值班室",
        "region_code": region(post),
        "phone": f"0799-555{post:04d}",
        "lines": [],
    }


def _seat(post: int, number: int) -> dict[str, Any]:
    return {
        "id": 10 * post + number,
        "post_id": post,
        "role": "leader_in_charge" if number == 1 else "duty_officer",
        "needed": 1,
        "mode": "on_call" if number == 1 else "on_site",
        "qualification": "",
        "ordinal": number,
    }


def _shift(post: int, number: int, now: datetime) -> dict[str, Any]:
    return {
        "stream": STREAM,
        "post_id": post,
        "seat_id": 10 * post + number,
        "person_id": 1000 * post + number,
        "starts_at": now - timedelta(hours=12),
        "ends_at": now + timedelta(hours=12),
        "source": "roster",
        "state": "planned",
        "made_at": now,
    }


@dataclass
class Round:
    """One round of checks through the public API, on the clock of the county."""

    office: Desk
    id: int = 0

    @property
    def world(self) -> World:
        """The county."""
        return self.office.world

    async def begin(self, by: str = "officer", **changes: Any) -> dict[str, Any]:
        """Draw 8 of 23: 3 by video, 5 by telephone."""
        told = {
            "title": "夜间抽查",
            "ordered_by": "周敏副市长",
            "shares": [{"method": "video", "count": 3}, {"method": "phone", "count": 5}],
            "seed": SEED,
            "response_level": 4,
            **changes,
        }
        answer = await self.office.post(by, "/api/spot-checks", told)
        assert answer.status_code == 201, answer.text
        drawn: dict[str, Any] = answer.json()
        self.id = drawn["id"]
        return drawn

    async def findings(self, by: str = "officer") -> dict[int, dict[str, Any]]:
        """Return the findings by post, in the order drawn."""
        told = await self.office.read(by, f"/api/spot-checks/{self.id}")
        return {row["post_id"]: row for row in told["findings"]}

    async def of(self, post: int) -> str:
        """Return the path of a post's finding."""
        return f"/api/spot-checks/findings/{(await self.findings())[post]['id']}"

    async def call(self, post: int, by: str = "officer") -> dict[str, Any]:
        """Begin to call a post."""
        called: dict[str, Any] = await self.do(by, f"{await self.of(post)}/call")
        return called

    async def note(self, post: int, by: str = "officer", **told: Any) -> dict[str, Any]:
        """Note what came of the call."""
        method = (await self.findings())[post]["method"]
        noted: dict[str, Any] = await self.do(by, f"{await self.of(post)}/result", {"method": method, **told})
        return noted

    async def check(self, post: int, **told: Any) -> dict[str, Any]:
        """Call a post and note that all is well, unless told otherwise."""
        called = await self.call(post)
        self.world.later(seconds=40)
        well = {"answered": True, "person_id": officer(post), **KNOWS}
        well |= {"rings": 2} if called["method"] == "phone" else {"seconds": 35}
        return await self.note(post, **{**well, **told})

    async def finish(self) -> dict[str, Any]:
        """End it."""
        ended: dict[str, Any] = await self.do("officer", f"/api/spot-checks/{self.id}/finish")
        return ended

    async def do(self, by: str, path: str, told: Any = None, method: str = "POST") -> Any:
        """Carry out a command that must succeed."""
        answer = await self.office.ask(by, method, path, told if told is not None else {})
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    async def refused(self, by: str, path: str, status: int, code: str, told: Any = None) -> dict[str, Any]:
        """Try a command that must be refused."""
        return problem(await self.office.post(by, path, told), status, code)


KNOWS: dict[str, Any] = {"weather": True, "warnings": True, "leader_named": True}
