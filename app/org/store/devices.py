"""Every SQL statement about the devices of the register."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import col, select

from app.db import Tx
from app.org.tables import Device

MAX_KEPT_FRAME = 1024  # bytes of an unknown device's frame that are kept as evidence
MAX_UNKNOWN = 5000  # numbers on the quarantine list: whoever tries them all must not fill the disk


@dataclass(frozen=True, slots=True)
class DeviceFact:
    """A device as the pump and dispatch see it."""

    id: int
    stream: str
    family: str
    number: str
    label: str
    region_code: str
    team_id: int | None
    holder_name: str | None
    holder_phone: str | None
    unit_name: str | None
    kind: str = "other"
    heard_via: str | None = None  # the driver that reaches it
    terminal_id: str | None = None  # which terminal the number is pinned to


_FIELDS = """
SELECT d.id, d.stream, d.family, d.number, d.label, d.region_code, d.team_id,
       p.name_zh AS holder_name, p.phones[1] AS holder_phone,
       coalesce(t.name_zh, u.name_zh) AS unit_name, d.kind, d.heard_via, d.terminal_id
"""
_FROM = """
  FROM device d
  LEFT JOIN person p ON p.id = d.holder_id
  LEFT JOIN team t ON t.id = d.team_id
  LEFT JOIN org_unit u ON u.id = p.unit_id
"""
_DEVICE = _FIELDS + _FROM


async def device_by_number(tx: Tx, families: Sequence[str], number: str) -> DeviceFact | None:
    """Return the active device with this number in one of the families, or None."""
    rows = await tx.execute(
        text(_DEVICE + " WHERE d.family = ANY(:families) AND d.number = :number AND d.active"),
        {"families": list(families), "number": number},
    )
    row = rows.first()
    return DeviceFact(*row) if row else None


async def devices_by_number(tx: Tx, families: Sequence[str], numbers: Sequence[str]) -> list[DeviceFact]:
    """Return the active devices that have these numbers in one of the families."""
    rows = await tx.execute(
        text(_DEVICE + " WHERE d.family = ANY(:families) AND d.number = ANY(:numbers) AND d.active"),
        {"families": list(families), "numbers": list(numbers)},
    )
    return [DeviceFact(*row) for row in rows]


async def device_by_id(tx: Tx, stream: str, device_id: int) -> DeviceFact | None:
    """Return the active device of a county, or None."""
    rows = await tx.execute(
        text(_DEVICE + " WHERE d.id = :id AND d.stream = :stream AND d.active"),
        {"id": device_id, "stream": stream},
    )
    row = rows.first()
    return DeviceFact(*row) if row else None


async def proven_devices(tx: Tx, family: str, numbers: Sequence[str]) -> list[DeviceFact]:
    """Return those of these devices that are active and hold a credential."""
    rows = await tx.execute(
        text(
            _DEVICE + " WHERE d.family = :family AND d.number = ANY(:numbers) AND d.active "
            "AND d.auth_code_hash IS NOT NULL"
        ),
        {"family": family, "numbers": list(numbers)},
    )
    return [DeviceFact(*row) for row in rows]


async def credential(tx: Tx, family: str, number: str) -> tuple[DeviceFact | None, str | None]:
    """Return the active device with this number and the hash of its code: thousands log in at once."""
    rows = await tx.execute(
        text(
            _FIELDS
            + ", d.auth_code_hash"
            + _FROM
            + " WHERE d.family = :family AND d.number = :number AND d.active"
        ),
        {"family": family, "number": number},
    )
    row = rows.first()
    return (DeviceFact(*row[:-1]), row[-1]) if row else (None, None)


async def last_heard_at(tx: Tx, device_id: int) -> datetime | None:
    """Return when a device was last heard, through whatever driver or node."""
    found = await tx.scalar(text("SELECT last_heard_at FROM device WHERE id = :id"), {"id": device_id})
    return found if isinstance(found, datetime) else None


async def lock_device(tx: Tx, device_id: int) -> Device:
    """Lock the device's row until commit: the parent of its alarms and texts.

    NO KEY UPDATE: a new message that merely refers to the device must not wait for it, or an answer
    and the escalation of the same order stop each other.
    """
    found = await tx.execute(
        select(Device).where(col(Device.id) == device_id).with_for_update(key_share=True)
    )
    return found.scalar_one()


async def note_unknown(tx: Tx, family: str, number: str, frame: bytes, now: datetime) -> bool:
    """Put a number that stands in no register on the quarantine list. False if the list is full."""
    row = await tx.execute(
        text(
            """
            INSERT INTO unknown_device (family, number, first_heard_at, last_heard_at, count, last_frame)
            SELECT CAST(:family AS text), CAST(:number AS text), CAST(:now AS timestamptz),
                   CAST(:now AS timestamptz), 1, CAST(:frame AS bytea)
             WHERE (SELECT count(*) FROM unknown_device) < :most
                OR EXISTS (SELECT 1 FROM unknown_device
                            WHERE family = CAST(:family AS text) AND number = CAST(:number AS text))
            ON CONFLICT (family, number) DO UPDATE
               SET last_heard_at = excluded.last_heard_at, count = unknown_device.count + 1,
                   last_frame = excluded.last_frame
            RETURNING count
            """
        ),
        {
            "family": family,
            "number": number[:64],
            "frame": frame[:MAX_KEPT_FRAME],
            "now": now,
            "most": MAX_UNKNOWN,
        },
    )
    return row.first() is not None


@dataclass(frozen=True, slots=True)
class TextDevice:
    """The device a text to a team goes through."""

    device_id: int
    family: str
    number: str


async def touch_devices(tx: Tx, heard: Mapping[int, str], now: datetime) -> None:
    """Remember that these devices were heard, and through which driver ("" when that is of no use).

    A device that somebody holds at this instant is passed over: it is being dealt with, and waiting here
    with others in hand could end in a deadlock. Its next word is remembered.
    """
    await tx.execute(
        text(
            """
            UPDATE device SET last_heard_at = :now, heard_via = coalesce(nullif(heard.via, ''), heard_via)
              FROM (SELECT d.id, h.via FROM device d
                      JOIN unnest(CAST(:ids AS bigint[]), CAST(:vias AS text[])) AS h(id, via) ON h.id = d.id
                     ORDER BY d.id FOR NO KEY UPDATE OF d SKIP LOCKED) heard
             WHERE device.id = heard.id
            """
        ),
        {"now": now, "ids": list(heard), "vias": list(heard.values())},
    )


async def note_health(tx: Tx, told: Mapping[int, Mapping[str, object]], now: datetime) -> None:
    """Keep what devices tell of themselves; what one does not tell stays. Held devices are passed over."""
    await tx.execute(
        text(
            """
            UPDATE device
               SET health_at = :now, facts = device.facts || heard.told,
                   battery_pct = coalesce((heard.told ->> 'battery_pct')::float8, battery_pct),
                   signal_pct = coalesce((heard.told ->> 'signal_pct')::float8, signal_pct),
                   firmware = coalesce(heard.told ->> 'firmware', firmware)
              FROM (SELECT d.id, h.told FROM device d
                      JOIN unnest(CAST(:ids AS bigint[]), CAST(:told AS text[])::jsonb[])
                           AS h(id, told) ON h.id = d.id
                     ORDER BY d.id FOR NO KEY UPDATE OF d SKIP LOCKED) heard
             WHERE device.id = heard.id
            """
        ),
        {"now": now, "ids": list(told), "told": [json.dumps(dict(facts)) for facts in told.values()]},
    )


async def devices_via(tx: Tx, family: str, via: str) -> list[int]:
    """Return the devices of a family that were last heard through a driver."""
    rows = await tx.execute(
        text("SELECT id FROM device WHERE family = :family AND heard_via = :via AND active ORDER BY id"),
        {"family": family, "via": via},
    )
    return list(rows.scalars())


async def admit_device(tx: Tx, stream: str, family: str, number: str, label: str) -> None:
    """Take a number that stood in no register in as "unregistered", placed at the county."""
    await tx.execute(
        text(
            """
            INSERT INTO device (stream, family, number, label, region_code, active, facts)
            VALUES (:stream, :family, :number, :label, :region, true, '{"unregistered": true}')
            ON CONFLICT (family, number) DO NOTHING
            """
        ),
        {
            "stream": stream,
            "family": family,
            "number": number,
            "label": label,
            "region": stream.ljust(12, "0"),
        },
    )


async def phone_of(
    tx: Tx, stream: str, account_id: int, label: str, region_code: str, team_id: int | None, now: datetime
) -> int:
    """Return the device id of an account's field phone, which enters the register at its first word."""
    found = await tx.execute(
        text(
            """
            INSERT INTO device (stream, family, number, label, kind, region_code, team_id, active, facts,
                                last_heard_at)
            VALUES (:stream, 'app', :number, :label, 'field_phone', :region, :team, true, '{}', :now)
            ON CONFLICT (family, number) DO UPDATE SET last_heard_at = :now, team_id = :team
            RETURNING id
            """
        ),
        {
            "stream": stream,
            "number": f"account-{account_id}",
            "label": label,
            "region": region_code,
            "team": team_id,
            "now": now,
        },
    )
    return int(found.scalar_one())


async def unknown_devices(tx: Tx) -> Sequence[Row[Any]]:
    """Return the quarantine list, the latest first."""
    rows = await tx.execute(
        text(
            "SELECT family, number, first_heard_at, last_heard_at, count FROM unknown_device "
            "ORDER BY last_heard_at DESC LIMIT 500"
        )
    )
    return rows.all()
