"""Write the fictional city into an empty database, once, in one transaction."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text
from sqlmodel import SQLModel

from app.clock import SystemClock
from app.db import Database, Tx
from app.demo import desks
from app.demo.city import City, generate
from app.demo.devices import DEMO_GATEWAY
from app.demo.geography import base_map
from app.demo.partners import PARTNERS
from app.dispatch.recommendation.tables import MutualAidPartner
from app.dispatch.tables import EventType
from app.dispatch.video.tables import Camera
from app.duty.tables import DutyPost
from app.journal import store as journal
from app.org.accounts import new_account
from app.org.rules.access import Role
from app.org.tables import Device, OrgUnit, Person, Region, Team
from app.stage import broadcast, callbook, cameras, force_register
from app.stage.callbook import numbers_of
from app.stage.plans import file_plans
from app.stage.rosters import rosters
from app.stage.shelters import build
from app.stage.supplies import lay_in

STREAM = "990181"
DEMO_PASSWORD = "zhishou-demo"  # noqa: S105  known to everybody, and only ever written by the demo
EVENT_TYPES = Path(__file__).parent / "event_types.csv"
_NUMBERED = (
    "org_unit",
    "person",
    "team",
    "device",
    "duty_post",
    "duty_seat",
    "seat_rotation",
    "office",
    "recipient_group",
    "broadcast_peer",
    "broadcast_terminal",
    "plan",
)
# Kinds that are counted as a whole and sent by their squads.
_NOT_SENT_AS_SUCH = frozenset({"professional_forest_fire", "flood", "social"})


async def seed(database: Database, now: datetime | None = None) -> bool:
    """Fill an empty database with 樟川市; False if somebody lives there already.

    The rosters begin with the month of `now`.
    """
    async with database.transaction() as tx:
        # A whole city is thought out between two statements: on a slow machine that takes minutes.
        await tx.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        await journal.open_stream(tx, STREAM)
        # Held until commit: of two demos that start at once only one fills the house.
        await tx.execute(text("SELECT seq FROM journal_head WHERE stream = :s FOR UPDATE"), {"s": STREAM})
        if await tx.scalar(text("SELECT EXISTS (SELECT 1 FROM account)")):
            return False
        await _write(tx, generate(), now or SystemClock().now())
        await tx.execute(text("ANALYZE"))
    return True


async def seed_event_types(tx: Tx) -> None:
    """Write the kinds of incident (domain/rules B1); known ones stay."""
    with EVENT_TYPES.open(encoding="utf-8", newline="") as file:
        rows = [
            {
                "scheme": row["scheme"],
                "code": row["code"],
                "name_zh": row["name_zh"],
                "name_en": row["name_en"].replace("_", " "),
                "category": row["category"],
                "restricted": row["restricted"] == "1",
            }
            for row in csv.DictReader(file)
        ]
    known = {(row.scheme, row.code) for row in await tx.execute(text("SELECT scheme, code FROM event_type"))}
    await _insert(tx, EventType, [row for row in rows if (row["scheme"], row["code"]) not in known])


def write_map(folder: Path) -> None:
    """Write the base map where the console's route finds it."""
    folder.mkdir(parents=True, exist_ok=True)
    city = generate()
    document = json.dumps(base_map(city.seed), ensure_ascii=False, separators=(",", ":"))
    fresh = folder / "base.geojson.new"
    fresh.write_text(document, encoding="utf-8")
    fresh.replace(folder / "base.geojson")


async def _write(tx: Tx, city: City, now: datetime) -> None:
    await _insert(tx, Region, _regions(city))
    await seed_event_types(tx)
    units = _numbered(unit.key for unit in city.units)
    people = _numbered(person.key for person in city.people)
    teams = _numbered(team.key for team in city.teams)
    await _insert(tx, OrgUnit, _units(city, units))
    await _insert(tx, Person, _people(city, people, units))
    await _insert(tx, Team, _teams(city, teams, people))
    await _insert(tx, Device, _devices(city, teams, people))
    await _insert(tx, Device, [_gateway()])
    await _insert(tx, DutyPost, _posts(city, units))
    await _insert(tx, Camera, cameras.rows(city, STREAM, units, now))
    for table, rows in force_register.rows(city, STREAM, people, units, teams, now):
        await _insert(tx, table, rows)
    for table, rows in rosters(city, units, people, STREAM, now).items():
        await _insert(tx, table, rows)
    for table, rows in callbook.rows(city, STREAM, people, units, teams):
        await _insert(tx, table, rows)
    await lay_in(tx, city, STREAM, now)
    await build(tx, city, STREAM, now.date())
    for table, rows in broadcast.terminals(city, STREAM, now):
        await _insert(tx, table, rows)
    await file_plans(tx, city, STREAM, units, now)
    await _insert(tx, MutualAidPartner, [{"stream": STREAM, **partner} for partner in PARTNERS])
    for account in city.accounts:
        person = city.person_by_key[account.person_key]
        role: Role = account.role  # type: ignore[assignment]
        team_ids = [teams[account.team_key]] if account.team_key else []
        row = new_account(
            account.username, DEMO_PASSWORD, person.name_zh, role, STREAM, account.scope, team_ids
        )
        row.person_id = people[account.person_key]
        tx.add(row)
    for name in _NUMBERED:
        # Rows came with their numbers: let the sequences go on behind them.
        await tx.execute(
            text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))")  # noqa: S608
        )


async def _insert(tx: Tx, table: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    if rows:
        await tx.execute(insert(table), rows)


def _numbered(keys: Iterable[str]) -> dict[str, int]:
    return {key: number for number, key in enumerate(keys, start=1)}


def _regions(city: City) -> list[dict[str, Any]]:
    ordered = sorted(city.regions, key=lambda region: (region.code != f"{STREAM}000000", region.code))
    return [
        {
            "code": region.code,
            "parent_code": region.parent_code if region.parent_code in city.region_by_code else None,
            "kind": region.kind,
            "name_zh": region.name_zh,
            "name_en": region.name_en,
            "lon": region.lon,
            "lat": region.lat,
            "population": region.population,
        }
        for region in ordered
    ]


def _units(city: City, units: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "id": units[unit.key],
            "kind": unit.kind,
            "name_zh": unit.name_zh,
            "name_en": unit.name_en,
            "region_code": unit.region_code,
            "parent_id": units.get(unit.parent_key) if unit.parent_key else None,
        }
        for unit in city.units
    ]


def _posts(city: City, units: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "id": units[unit.key],
            "unit_id": units[unit.key],
            "kind": unit.kind,
            "name_zh": f"{unit.name_zh}值班室",
            "region_code": unit.region_code,
            "phone": unit.duty_phone,
            "lines": list(desks.lines(unit)),
            "lon": unit.lon,
            "lat": unit.lat,
        }
        for unit in city.units
    ]


def _people(city: City, people: dict[str, int], units: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "id": people[person.key],
            "name_zh": person.name_zh,
            "post": person.title_zh,
            "region_code": person.region_code,
            "unit_id": units.get(person.unit_key) if person.unit_key else None,
            "phones": list(person.phones),
            **numbers_of(city, person),
        }
        for person in city.people
    ]


def _teams(city: City, teams: dict[str, int], people: dict[str, int]) -> list[dict[str, Any]]:
    parents = {team.parent_key for team in city.teams if team.parent_key}
    return [
        {
            "id": teams[team.key],
            "stream": STREAM,
            "name_zh": team.name_zh,
            "name_en": team.name_en,
            "call_sign": team.call_sign,
            "kind": team.kind,
            "region_code": team.region_code,
            "parent_id": teams.get(team.parent_key) if team.parent_key else None,
            "leader_id": people.get(team.leader_key),
            "lon": team.lon,
            "lat": team.lat,
            "strength": team.strength,
            "standby_strength": team.standby_strength,
            "speed_kmh": team.speed_kmh,
            "capabilities": list(team.capabilities),
            "standby": team.standby,
            "dispatchable": not (team.key in parents and team.kind in _NOT_SENT_AS_SUCH),
        }
        for team in city.teams
    ]


def _gateway() -> dict[str, Any]:
    """Return the gateway of the 370 MHz network: not a device of the city's count, but of the register."""
    return {
        "stream": STREAM,
        "family": "gateway",
        "number": DEMO_GATEWAY,
        "label": "370兆电台网关",
        "kind": "gateway",
        "region_code": f"{STREAM}000000",
        "active": True,
        "facts": {"carries": "hdap"},
    }


def _devices(city: City, teams: dict[str, int], people: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "stream": STREAM,
            "family": device.family,
            "number": device.number,
            "label": device.label,
            "kind": device.kind,
            "printed_number": device.printed_number,
            "lon": device.lon,
            "lat": device.lat,
            "coverage_km": device.coverage_km,
            "talk_groups": list(device.talk_groups),
            "region_code": device.region_code,
            "holder_id": people.get(device.holder_key) if device.holder_key else None,
            "team_id": teams.get(device.team_key) if device.team_key else None,
            "active": True,
            "facts": {},
        }
        for device in city.devices
    ]
