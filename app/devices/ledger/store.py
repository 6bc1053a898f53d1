"""Every SQL statement of the register as people read and keep it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import RowMapping, text
from sqlmodel import col, select

from app.db import Tx
from app.devices.ledger.facts import DeviceOut
from app.devices.ledger.rules import device_state, vouched_by
from app.devices.testing.facts import TestStanding
from app.devices.testing.rules import LastTest, due_at, judge
from app.org.tables import Device

_ROW = """
SELECT d.id, d.family, d.kind, d.number, d.printed_number, d.label, d.region_code,
       concat(r1.name_zh, r2.name_zh, r3.name_zh) AS region_path,
       d.holder_id, p.name_zh AS holder_name, p.phones[1] AS holder_phone,
       d.team_id, t.name_zh AS team_name, d.lon, d.lat, d.coverage_km, d.talk_groups,
       d.battery_pct, d.signal_pct, d.firmware, d.heard_via, d.last_heard_at, d.health_at, d.note, d.active,
       d.terminal_id IS NOT NULL AS pinned, d.credential_at, d.credential_by,
       d.facts, d.tested_at, d.test_passed, last.method, last.detail,
       EXISTS (SELECT 1 FROM device_test o WHERE o.device_id = d.id
                AND o.state IN ('waiting', 'running')) AS test_open
  FROM device d
  LEFT JOIN region r3 ON r3.code = d.region_code
  LEFT JOIN region r2 ON r2.code = left(d.region_code, 9) || '000' AND r2.code <> d.region_code
  LEFT JOIN region r1 ON r1.code = left(d.region_code, 6) || '000000' AND r1.code <> d.region_code
                     AND r1.code <> left(d.region_code, 9) || '000'
  LEFT JOIN person p ON p.id = d.holder_id
  LEFT JOIN team t ON t.id = d.team_id
  LEFT JOIN LATERAL (
    SELECT k.method, k.detail FROM device_test k
     WHERE k.device_id = d.id AND k.ended_at = d.tested_at AND k.state IN ('passed', 'failed')
     ORDER BY k.id DESC LIMIT 1
  ) last ON true
"""
MOST_CARRIED = 50


def _standing(row: RowMapping, now: datetime) -> TestStanding:
    tested = LastTest(row["kind"], row["active"], row["tested_at"], row["test_passed"], open=row["test_open"])
    return TestStanding(
        state=judge(tested, now),
        at=tested.at,
        due_at=due_at(tested.kind, tested.at) if tested.active else None,
        method=row["method"],
        detail=row["detail"],
    )


_ASIDE = ("facts", "tested_at", "test_passed", "method", "detail", "test_open")


def _fact(row: RowMapping, now: datetime) -> DeviceOut:
    facts: dict[str, object] = row["facts"]
    # A test passed by hand is a word of the device too: somebody heard it work.
    heard = [at for at in (row["last_heard_at"], row["tested_at"] if row["test_passed"] else None) if at]
    state = device_state(
        row["kind"], max(heard, default=None), now, active=row["active"], vouched=vouched_by(facts)
    )
    return DeviceOut(
        **{key: value for key, value in row.items() if key not in _ASIDE},
        fenced=facts.get("fence") is True,
        unregistered=facts.get("unregistered") is True,
        off_reason="" if row["active"] else str(facts.get("off_reason") or ""),
        carries=_carried(facts.get("carries")),
        state=state,
        test=_standing(row, now),
    )


def _carried(told: object) -> list[str]:
    """Return what a gateway says it reaches: a word or a list of them."""
    words = told if isinstance(told, list) else [told] if isinstance(told, str) else []
    return [str(word)[:100] for word in words[:MOST_CARRIED]]


async def in_scope(tx: Tx, stream: str, scope: str, now: datetime) -> list[DeviceOut]:
    """Return the devices of a scope by family and number."""
    rows = await tx.execute(
        text(
            _ROW + " WHERE d.stream = :stream AND d.region_code LIKE :scope || '%'"
            " ORDER BY d.family, d.number"
        ),
        {"stream": stream, "scope": scope},
    )
    return [_fact(row, now) for row in rows.mappings()]


async def fact(tx: Tx, stream: str, device_id: int, now: datetime) -> DeviceOut | None:
    """Return one device of the county, or None."""
    rows = await tx.execute(
        text(_ROW + " WHERE d.stream = :stream AND d.id = :id"), {"stream": stream, "id": device_id}
    )
    row = rows.mappings().first()
    return _fact(row, now) if row else None


async def locked(tx: Tx, stream: str, device_id: int) -> Device | None:
    """Return the row, locked until commit; None if it is not in this county."""
    found = await tx.execute(
        select(Device)
        .where(col(Device.id) == device_id, col(Device.stream) == stream)
        .with_for_update(key_share=True)
    )
    return found.scalar_one_or_none()


async def locked_number(tx: Tx, families: Sequence[str], number: str) -> Device | None:
    """Return the device of this number in one of the families, locked until commit, active or not."""
    found = await tx.execute(
        select(Device)
        .where(col(Device.family).in_(families), col(Device.number) == number)
        .with_for_update(key_share=True)
    )
    return found.scalars().first()


async def number_holder(
    tx: Tx, stream: str, families: Sequence[str], number: str, but: int | None
) -> str | None:
    """Return the label of another device with this number ("" for another county's), or None."""
    found = await tx.scalar(
        text(
            "SELECT CASE WHEN stream = :stream THEN label ELSE '' END FROM device "
            "WHERE family = ANY(:families) AND number = :number "
            "AND id IS DISTINCT FROM CAST(:but AS bigint) LIMIT 1"
        ),
        {"stream": stream, "families": list(families), "number": number, "but": but},
    )
    return None if found is None else str(found)


async def dismiss_unknown(tx: Tx, family: str, number: str) -> int | None:
    """Take a number off the quarantine list and return how often it had spoken; None if it did not stand."""
    gone = await tx.execute(
        text("DELETE FROM unknown_device WHERE family = :family AND number = :number RETURNING count"),
        {"family": family, "number": number},
    )
    row = gone.first()
    return None if row is None else int(row[0])


async def forget_unknown(tx: Tx, families: Sequence[str], number: str) -> bool:
    """Take a number off the quarantine list; False if it did not stand there."""
    gone = await tx.execute(
        text(
            "DELETE FROM unknown_device WHERE family = ANY(:families) AND number = :number RETURNING number"
        ),
        {"families": list(families), "number": number},
    )
    return gone.first() is not None


async def person_region(tx: Tx, person_id: int) -> str | None:
    """Return the place a person belongs to, or None if there is no such person."""
    found = await tx.scalar(text("SELECT region_code FROM person WHERE id = :id"), {"id": person_id})
    return None if found is None else str(found)


async def team_region(tx: Tx, stream: str, team_id: int) -> str | None:
    """Return the place of a team of the county, or None."""
    found = await tx.scalar(
        text("SELECT region_code FROM team WHERE id = :id AND stream = :stream"),
        {"id": team_id, "stream": stream},
    )
    return None if found is None else str(found)


async def people_named(tx: Tx, stream: str, names: Sequence[str]) -> Sequence[RowMapping]:
    """Return the county's people with these names: id, name_zh, phones, region_code."""
    rows = await tx.execute(
        text(
            "SELECT id, name_zh, phones, region_code FROM person "
            "WHERE name_zh = ANY(:names) AND region_code LIKE :stream || '%' ORDER BY id"
        ),
        {"names": list(names), "stream": stream},
    )
    return rows.mappings().all()


async def team_names(tx: Tx, stream: str) -> Sequence[RowMapping]:
    """Return the county's teams: id, name_zh, region_code."""
    rows = await tx.execute(
        text("SELECT id, name_zh, region_code FROM team WHERE stream = :stream ORDER BY id"),
        {"stream": stream},
    )
    return rows.mappings().all()


async def by_numbers(tx: Tx, numbers: Sequence[str], *, lock: bool) -> Sequence[Device]:
    """Return the devices with these numbers, of whatever family and county, locked in order if asked."""
    wanted = select(Device).where(col(Device.number).in_(numbers)).order_by(col(Device.id))
    found = await tx.execute(wanted.with_for_update(key_share=True) if lock else wanted)
    return found.scalars().all()
