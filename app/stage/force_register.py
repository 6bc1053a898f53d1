"""The register of forces of the demo: equipment, some of it in repair, and thirty experts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from app.demo.city import City
from app.demo.equipment import experts, pieces
from app.dispatch.forces.tables import Equipment, Expert

Rows = list[dict[str, Any]]
WRITTEN_BY = "演示数据"
_CHECKED_EVERY = timedelta(days=365)


def rows(
    city: City,
    stream: str,
    people: Mapping[str, int],
    units: Mapping[str, int],
    teams: Mapping[str, int],
    now: datetime,
) -> Iterator[tuple[Any, Rows]]:
    """Return the rows of each table. A tenth of the pieces is due for inspection within a month."""
    yield (
        Equipment,
        [
            {
                "stream": stream,
                "kind": one.kind,
                "name": one.name_zh,
                "number": one.number,
                "team_id": teams.get(one.team_key),
                "unit_id": units.get(one.unit_key),
                "operator_ids": [people[one.operator_key]] if one.operator_key else [],
                "plate": one.plate,
                "seats": one.seats,
                "load_kg": None,
                "fuel": "",
                "licence_due": (now + _CHECKED_EVERY).date() if one.plate else None,
                "readiness": one.readiness,
                "ready_since": now - timedelta(days=5),
                "reason": one.reason,
                "inspection_due": (now + (timedelta(days=20) if n % 10 == 0 else _CHECKED_EVERY)).date(),
                "note": "",
                "active": True,
                "revision": 1,
                "changed_by": WRITTEN_BY,
                "changed_at": now,
            }
            for n, one in enumerate(pieces(city.teams, city.units))
        ],
    )
    known = frozenset(person.name_zh for person in city.people)
    yield (
        Expert,
        [
            {
                "stream": stream,
                "name_zh": one.name_zh,
                "sector": one.sector,
                "speciality": one.speciality,
                "title": one.title,
                "workplace": one.workplace,
                "phone": one.phone,
                "region_code": one.region_code,
                "note": "",
                "active": True,
                "revision": 1,
                "changed_by": WRITTEN_BY,
                "changed_at": now,
            }
            for one in experts(known)
        ],
    )
