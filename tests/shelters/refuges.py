"""Shelters for tests: a park of the city, a school in each township, and a village's point.

| shelter | lies | elevation | takes |
|---|---|---|---|
| PARK | 118.20, 28.50 | 60 m | 1,000 |
| SCHOOL (east) | 118.21, 28.51 | 80 m | 100 |
| POINT (east bank, on the hill) | 118.214, 28.52 | 140 m | 60 |
| WESTERN | 118.10, 28.40 | not told | 300 |
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from openpyxl import Workbook
from sqlalchemy import insert, text, update

from app.db import Tx
from app.org.tables import LoginSession
from app.shelters.resident_sheet import HEADERS
from app.shelters.tables import EvacuationResident, Shelter, VillageShelter
from tests.api.desk import Desk
from tests.world import COUNTY, EAST, EAST_BANK, STREAM, WEST

PARK, SCHOOL, POINT, WESTERN = 1, 2, 3, 4
_SHELTERS = (
    (PARK, "city", "county", "滨江公园应急避难场所", COUNTY, 118.20, 28.50, 60.0, 1000),
    (SCHOOL, "township", "township", "东镇中心小学安置点", EAST, 118.21, 28.51, 80.0, 100),
    (POINT, "village", "village", "东岸村避灾安置点", EAST_BANK, 118.214, 28.52, 140.0, 60),
    (WESTERN, "township", "township", "西镇中学安置点", WEST, 118.10, 28.40, None, 300),
)


async def build(tx: Tx) -> None:
    """Write the shelters and where the east bank goes."""
    await tx.execute(
        insert(Shelter),
        [
            {
                "id": number,
                "stream": STREAM,
                "level": level,
                "legacy_class": "III" if level == "city" else "",
                "grade": grade,
                "duration": "emergency",
                "space": "indoor",
                "function": "comprehensive",
                "specific": "",
                "name_zh": name,
                "name_en": "",
                "region_code": region,
                "place": "",
                "capacity": capacity,
                "facilities": ["供水", "供电"],
                "opener": "钥匙保管人",
                "opener_phone": "13800002222",
                "maintainer": "",
                "lon": lon,
                "lat": lat,
                "elevation_m": height,
            }
            for number, level, grade, name, region, lon, lat, height, capacity in _SHELTERS
        ],
    )
    await tx.execute(text("SELECT setval(pg_get_serial_sequence('shelter', 'id'), 4)"))
    where = {"stream": STREAM, "village_code": EAST_BANK, "shelter_id": SCHOOL, "alternative_id": PARK}
    await tx.execute(insert(VillageShelter), [where])


async def settle(tx: Tx, village: str, count: int, size: int = 4) -> None:
    """Enter so many residents of a village, four a household; the first of every fifth needs help."""
    rows = [
        {
            "stream": STREAM,
            "village_code": village,
            "household": f"户主{n // size + 1}",
            "name": f"户主{n // size + 1}" if n % size == 0 else f"家人{n}",
            "phone": "13800003333" if n % size == 0 else "",
            "needs": "轮椅" if n % (5 * size) == 0 else "",
        }
        for n in range(count)
    ]
    await tx.execute(insert(EvacuationResident), rows)


def sheet_of(*rows: Sequence[object]) -> bytes:
    """Return an xlsx with these rows below the headers."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(HEADERS.values()))
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@dataclass
class Refuges:
    """The shelters and the lists behind the API."""

    desk: Desk

    async def do(self, path: str, who: str = "officer", status: int = 200, **told: Any) -> dict[str, Any]:
        """Command something that must be answered so."""
        answer = await self.desk.post(who, path, told)
        assert answer.status_code == status, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def opened(self, shelter: int, **told: Any) -> dict[str, Any]:
        """Open a shelter."""
        return await self.do(f"/api/shelters/{shelter}/opening", status=201, reason="安置群众", **told)

    async def counted(self, shelter: int, heads: int, **told: Any) -> dict[str, Any]:
        """Count who is in a shelter."""
        return await self.do(f"/api/shelters/{shelter}/counts", status=201, heads=heads, **told)

    async def ordered(self, *villages: str, **told: Any) -> int:
        """Order villages out; return the number of the evacuation."""
        made = await self.do("/api/evacuations", status=201, villages=villages, reason="火线逼近", **told)
        return int(made["evacuation"]["id"])

    async def people(self, evacuation: int, who: str = "officer") -> list[dict[str, Any]]:
        """Return who stands on the lists."""
        found: list[dict[str, Any]] = await self.desk.read(who, f"/api/evacuations/{evacuation}/people")
        return found

    async def at(self, moment: datetime) -> None:
        """Set the clock; everybody is still logged in then."""
        world = self.desk.world
        world.clock.advance(moment - world.clock.now())
        until = moment + timedelta(hours=12)
        await world.do(lambda tx: tx.execute(update(LoginSession).values(expires_at=until)))

    async def settled(self, village: str, count: int) -> None:
        """Let so many people live in a village."""
        await self.desk.world.do(lambda tx: settle(tx, village, count))


async def settle_refuges(desk: Desk) -> Refuges:
    """Build the shelters and return them."""
    await desk.world.do(build)
    return Refuges(desk)
