"""Every SQL statement about drones, flights and live pictures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx, sql
from app.devices.drones.facts import DroneFact, DroneLiveFact, DroneMissionFact, ProposedFact
from app.devices.drones.live import ANSWER_WITHIN_S, Answer, words_of
from app.devices.drones.rules import DroneLimits, flies, link_of, video_of
from app.devices.drones.tables import DroneLive, DroneMission
from app.dispatch.secrecy.store import knowing, may_know
from app.org.rules.access import Viewer

MOST_DRONES, MOST_MISSIONS = 200, 500
HEARD_FAMILIES = ("dji", "mavlink")
LEFT_BEHIND = timedelta(seconds=3 * ANSWER_WITHIN_S)
_BEFORE = timedelta(minutes=10)  # it may have left the ground before somebody wrote the flight down

_MISSION = f"""
SELECT m.id, m.number, m.drill, m.device_id, d.label AS device_label, m.incident_id,
       coalesce(i.number, '') AS incident_number, m.region_code, m.purpose, m.pilot, m.observer,
       m.airspace_kind, m.airspace, m.launched_at, m.launch_pct, m.landed_at, m.landing_pct, m.note,
       m.attachment_ids, m.made_by, m.made_at, d.facts,
       CASE WHEN m.landed_at IS NOT NULL THEN 'landed' WHEN m.launched_at IS NOT NULL THEN 'flying'
            ELSE 'planned' END AS state
  FROM drone_mission m JOIN device d ON d.id = m.device_id LEFT JOIN incident i ON i.id = m.incident_id
 WHERE m.stream = :stream AND m.region_code LIKE :scope || '%' AND {may_know("m.incident_id")}
"""  # noqa: S608  constants of this house
_LIVE = """
SELECT l.id, l.device_id, d.label AS device_label, l.verb, l.url, l.outcome, l.code, l.asked_by, l.asked_at,
       l.ended_at
  FROM drone_live l JOIN device d ON d.id = l.device_id
"""
_DRONES = """
SELECT d.id, d.family, d.number, d.label, d.region_code, d.last_heard_at, d.battery_pct, d.facts,
       p.lon, p.lat, p.true_at, p.speed_mps,
       (SELECT max(m.id) FROM drone_mission m
         WHERE m.device_id = d.id AND m.launched_at IS NOT NULL AND m.landed_at IS NULL) AS mission_id,
       (SELECT max(l.id) FROM drone_live l WHERE l.device_id = d.id) AS live_id
  FROM device d LEFT JOIN position p ON p.device_id = d.id
 WHERE d.stream = :stream AND d.active AND d.kind = 'uav' AND d.region_code LIKE :scope || '%'
 ORDER BY d.family NOT IN ('dji', 'mavlink'), d.label, d.id LIMIT :most
"""


async def drones(tx: Tx, by: Viewer, limits: DroneLimits, now: datetime) -> list[DroneFact]:
    """Return the drones of a scope."""
    found = await tx.execute(sql(_DRONES), {"stream": by.stream, "scope": by.scope, "most": MOST_DRONES})
    rows = list(found)
    lives = await _lives(tx, [row.live_id for row in rows if row.live_id is not None], now)
    known = await _known_missions(tx, by, [row.mission_id for row in rows if row.mission_id is not None])
    return [_drone(row, limits, now, lives, known) for row in rows]


async def _known_missions(tx: Tx, by: Viewer, ids: list[int]) -> set[int]:
    """Return which flights the reader may know."""
    if not ids:
        return set()
    found = await tx.execute(
        text(f"SELECT m.id FROM drone_mission m WHERE m.id = ANY(:ids) AND {may_know('m.incident_id')}"),  # noqa: S608
        {"ids": ids, **knowing(by)},
    )
    return set(found.scalars())


def _drone(
    row: Any, limits: DroneLimits, now: datetime, lives: Mapping[int, DroneLiveFact], known: set[int]
) -> DroneFact:
    facts: Mapping[str, Any] = row.facts
    heard = row.family in HEARD_FAMILIES
    return DroneFact(
        id=row.id,
        family=row.family,
        number=row.number,
        label=row.label,
        region_code=row.region_code,
        link=link_of(row.last_heard_at, facts, now, limits) if heard else "none",
        heard_at=row.last_heard_at,
        battery_pct=row.battery_pct,
        battery_known=facts.get("battery") != "unknown",
        remaining_s=_number(facts, "remaining_s"),
        height_m=_number(facts, "height_m"),
        heading_deg=_number(facts, "heading_deg"),
        wind_mps=_number(facts, "wind_mps"),
        satellites=None if (n := _number(facts, "satellites")) is None else int(n),
        mode=str(facts.get("mode") or ""),
        landed=str(facts.get("landed") or ""),
        flies=flies(facts),
        clock_off_s=None if (off := _number(facts, "clock_off_s")) is None else int(off),
        says=str(facts.get("says") or ""),
        gateway=str(facts.get("gateway") or ""),
        can_send=row.family == "dji" and bool(facts.get("gateway")) and bool(video_of(row.number, facts)),
        lon=row.lon,
        lat=row.lat,
        place_at=row.true_at,
        speed_mps=row.speed_mps,
        mission_id=row.mission_id if row.mission_id in known else None,
        live=lives.get(row.live_id),
    )


def _number(facts: Mapping[str, Any], name: str) -> float | None:
    value = facts.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


async def _lives(tx: Tx, ids: list[int], now: datetime) -> dict[int, DroneLiveFact]:
    if not ids:
        return {}
    found = await tx.execute(text(_LIVE + " WHERE l.id = ANY(:ids)"), {"ids": ids})
    return {row.id: _live(row, now) for row in found}


async def live(tx: Tx, live_id: int, now: datetime) -> DroneLiveFact:
    """Return what came of one request."""
    found = await tx.execute(text(_LIVE + " WHERE l.id = :id"), {"id": live_id})
    return _live(found.one(), now)


def _live(row: Any, now: datetime) -> DroneLiveFact:
    outcome = row.outcome
    if outcome == "asked" and now - row.asked_at > LEFT_BEHIND:
        outcome = "interrupted"
    said = ("", "") if row.outcome == "asked" else words_of(Answer(row.outcome, row.code))
    return DroneLiveFact(
        id=row.id,
        device_id=row.device_id,
        device_label=row.device_label,
        verb=row.verb,
        target=urlsplit(row.url).hostname or "",
        outcome=outcome,
        code=row.code,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        ended_at=row.ended_at,
        said_zh=said[0],
        said_en=said[1],
    )


async def locked_live(tx: Tx, live_id: int) -> DroneLive | None:
    """Return a request, locked until commit."""
    return await tx.get(DroneLive, live_id, with_for_update=True)


async def missions(tx: Tx, by: Viewer, incident_id: int | None) -> list[DroneMissionFact]:
    """Return the flights of a scope, of one incident or all, the latest first."""
    one = " AND m.incident_id = :incident" if incident_id is not None else ""
    found = await tx.execute(
        sql(_MISSION + one + " ORDER BY m.id DESC LIMIT :most"),
        {**_of(by), "most": MOST_MISSIONS, **({"incident": incident_id} if one else {})},
    )
    return [_mission(dict(row)) for row in found.mappings()]


async def mission(tx: Tx, by: Viewer, mission_id: int) -> DroneMissionFact | None:
    """Return one flight that the reader may know, or None."""
    found = await tx.execute(sql(_MISSION + " AND m.id = :id"), {**_of(by), "id": mission_id})
    row = found.mappings().first()
    return None if row is None else _mission(dict(row))


def _of(by: Viewer) -> dict[str, Any]:
    return {"stream": by.stream, "scope": by.scope, **knowing(by)}


def _mission(told: dict[str, Any]) -> DroneMissionFact:
    facts = told.pop("facts")
    launch = _proposed(facts, "took_off", told["made_at"] - _BEFORE) if told["launched_at"] is None else None
    landing = None
    if told["launched_at"] is not None and told["landed_at"] is None:
        landing = _proposed(facts, "touched_down", told["launched_at"])
    return DroneMissionFact(**told, proposed_launch=launch, proposed_landing=landing)


def _proposed(facts: Mapping[str, Any], name: str, after: datetime) -> ProposedFact | None:
    """Return what the drone told of a passing, if it was after an instant."""
    try:
        at = datetime.fromisoformat(str(facts.get(f"{name}_at")))
    except ValueError:
        return None
    return ProposedFact(at=at, battery_pct=_number(facts, f"{name}_pct")) if at >= after else None


async def locked_mission(tx: Tx, by: Viewer, mission_id: int) -> DroneMission | None:
    """Return a flight of the scope, locked until commit, or None."""
    found = await tx.execute(
        select(DroneMission)
        .where(
            col(DroneMission.id) == mission_id,
            col(DroneMission.stream) == by.stream,
            col(DroneMission.region_code).startswith(by.scope),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def flying(tx: Tx, device_id: int, but: int) -> str | None:
    """Return the number of another flight of a drone that has not landed."""
    found = await tx.scalar(
        sql(
            "SELECT number FROM drone_mission WHERE device_id = :device AND id <> :but "
            "AND launched_at IS NOT NULL AND landed_at IS NULL ORDER BY id LIMIT 1"
        ),
        {"device": device_id, "but": but},
    )
    return None if found is None else str(found)


async def foreign_attachments(tx: Tx, incident_id: int | None, ids: list[int]) -> list[int]:
    """Return which of these are no attachments of the incident."""
    found = await tx.execute(
        text("SELECT id FROM attachment WHERE id = ANY(:ids) AND incident_id = :incident"),
        {"ids": ids, "incident": incident_id},
    )
    own = set(found.scalars())
    return [one for one in ids if one not in own]
