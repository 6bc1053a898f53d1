"""The duty of the tiny county: the centre's desk with its people, a township's desk, a month to plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, text

from app.db import Tx
from app.duty.roster.actions import publish
from app.duty.roster.commands import CellIn, DraftIn, PublishIn
from app.duty.roster.facts import RosterPreview
from app.duty.tables import DutyPost, DutySeat
from app.org.tables import OrgUnit, Person
from tests.world import COUNTY, EAST, ZONE, World

CENTRE, TOWNSHIP = 1, 2
LEADER, SHIFT_LEAD, INTAKE, DISPATCH, CLERK = 1, 2, 3, 4, 5
TOWN_LEADER, TOWN_OFFICER = 6, 7
SEATS = {LEADER: 1, SHIFT_LEAD: 1, INTAKE: 2, DISPATCH: 2, CLERK: 1}
JULY = date(2025, 7, 1)
FIRST_PERSON = 100  # 100..131 at the centre, 200..208 in the east township


@dataclass
class Desk:
    """The two desks in a world, with short ways to plan them."""

    world: World

    def at(self, text: str) -> None:
        """Put the clock on `07-02 12:00`, which lies ahead."""
        self.world.clock.advance(moment(text) - self.world.clock.now())

    async def publish(
        self, cells: list[CellIn], *, post: int = CENTRE, month: date = JULY, by: str = "lead", **told: Any
    ) -> RosterPreview:
        """Save a draft and publish it; gaps are answered for unless told otherwise."""
        saved = await self.draft(cells, post=post, month=month, by=by)
        command = PublishIn(version=saved.roster.draft_version, **{"accepting": ["COVERAGE_GAP"], **told})
        world = self.world
        return await world.do(
            lambda tx: publish.publish(tx, world.people[by], post, month, command, world.clock.now(), ZONE)
        )

    async def draft(
        self,
        cells: list[CellIn],
        *,
        post: int = CENTRE,
        month: date = JULY,
        by: str = "lead",
        version: int | None = None,
    ) -> RosterPreview:
        """Save a draft over the present one."""
        world = self.world
        if version is None:
            rows = await world.rows(
                "SELECT draft_version FROM roster_month WHERE post_id = :post AND month = :month",
                post=post,
                month=month,
            )
            version = rows[0]["draft_version"] if rows else 0
        told = DraftIn(version=version, cells=cells)
        return await world.do(
            lambda tx: publish.save_draft(tx, world.people[by], post, month, told, world.clock.now(), ZONE)
        )

    async def shifts(self, seat: int) -> list[tuple[int, str, str]]:
        """Return (person, start, end) of the shifts that hold at a seat, in local time `07-01 08:00`."""
        rows = await self.world.rows(
            "SELECT person_id, starts_at, ends_at FROM shift WHERE seat_id = :seat AND state = 'planned' "
            "ORDER BY starts_at, person_id",
            seat=seat,
        )
        return [(row["person_id"], local(row["starts_at"]), local(row["ends_at"])) for row in rows]


def local(at: datetime) -> str:
    """Write an instant as the wall clock of the county shows it."""
    return f"{at.astimezone(ZONE):%m-%d %H:%M}"


def moment(text: str, year: int = 2025) -> datetime:
    """Read `07-01 08:00` as the county's wall clock."""
    return datetime.strptime(f"{year}-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE).astimezone(UTC)


def cell(seat: int, person: int, start: str, hours: float = 24) -> CellIn:
    """A planned shift that begins at `07-01 08:00`."""
    begins = moment(start)
    return CellIn(seat_id=seat, person_id=person, starts_at=begins, ends_at=begins + timedelta(hours=hours))


def full_day(day: int, first: int) -> list[CellIn]:
    """One full day of the centre in July, its seven people numbered from `first`."""
    cells, person = [], first
    for seat, needed in SEATS.items():
        for _ in range(needed):
            cells.append(cell(seat, person, f"07-{day:02d} 08:00"))
            person += 1
    return cells


async def settle_in(tx: Tx) -> None:
    """Write the posts, seats and people of both desks."""
    await tx.execute(
        insert(OrgUnit),
        [{"id": 2, "kind": "township", "name_zh": "东镇应急管理所", "name_en": "East", "region_code": EAST}],
    )
    await tx.execute(
        insert(DutyPost),
        [
            _post(CENTRE, 1, "centre", "樟川市应急指挥中心", COUNTY, "0799-5550110"),
            _post(TOWNSHIP, 2, "township", "东镇应急管理所", EAST, "0799-5550111"),
        ],
    )
    await tx.execute(
        insert(DutySeat),
        [
            _seat(LEADER, CENTRE, "leader_in_charge", 1),
            _seat(SHIFT_LEAD, CENTRE, "shift_lead", 1),
            _seat(INTAKE, CENTRE, "intake", 2),
            _seat(DISPATCH, CENTRE, "dispatch_comms", 2),
            _seat(CLERK, CENTRE, "clerk", 1),
            _seat(TOWN_LEADER, TOWNSHIP, "leader_in_charge", 1, mode="on_call"),
            _seat(TOWN_OFFICER, TOWNSHIP, "duty_officer", 2),
        ],
    )
    people = [_person(n, 1, COUNTY) for n in range(100, 132)] + [_person(n, 2, EAST) for n in range(200, 209)]
    await tx.execute(insert(Person), people)
    for name in ("org_unit", "person", "duty_seat"):
        await tx.execute(
            text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))")
        )


def _post(key: int, unit: int, kind: str, name: str, region: str, phone: str) -> dict[str, Any]:
    return {
        "id": key,
        "unit_id": unit,
        "kind": kind,
        "name_zh": name,
        "region_code": region,
        "phone": phone,
        "keeps_presence": False,
        "lon": 118.2,
        "lat": 28.5,
        "lines": ["government", "work_safety", "disaster", "rescue"],
    }


def _seat(key: int, post: int, role: str, needed: int, mode: str = "on_site") -> dict[str, Any]:
    return {
        "id": key,
        "post_id": post,
        "role": role,
        "needed": needed,
        "mode": mode,
        "qualification": "",
        "ordinal": key,
        "days": "always",
        "deputies": [110] if key == LEADER else [],
    }


def _person(key: int, unit: int, region: str) -> dict[str, Any]:
    return {
        "id": key,
        "name_zh": f"值班{key}",
        "post": "",
        "region_code": region,
        "unit_id": unit,
        "phones": [f"1990000{key:04d}"],
    }
