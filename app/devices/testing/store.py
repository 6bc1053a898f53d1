"""Every SQL statement about device tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import col, select

from app.db import Tx
from app.devices.ledger.rules import device_state, vouched_by
from app.devices.testing.facts import DeviceTestFact
from app.devices.testing.rules import PLANS, LastTest
from app.devices.testing.tables import DeviceTest

TAKEN_BY_ANYBODY_AFTER_S = 30  # whoever holds the link to the device comes first
INTERRUPTED = "interrupted"

_FACT = """
SELECT k.id, k.device_id, d.label AS device_label, d.kind, d.region_code, k.method, k.automatic,
       k.requested_by, k.state, k.asked_at, k.started_at, k.ended_at, k.detail
  FROM device_test k JOIN device d ON d.id = k.device_id
"""


async def fact(tx: Tx, test_id: int) -> DeviceTestFact:
    """Return the wire shape of one test."""
    row = (await tx.execute(text(_FACT + " WHERE k.id = :id"), {"id": test_id})).mappings().one()
    return DeviceTestFact(**row)


async def history(tx: Tx, stream: str, scope: str, device_id: int | None, limit: int) -> list[DeviceTestFact]:
    """Return the last tests of a scope, or of one device in it, the latest first."""
    one = " AND k.device_id = :device" if device_id is not None else ""
    rows = await tx.execute(
        text(
            _FACT
            + " WHERE k.stream = :stream AND d.region_code LIKE :scope || '%'"
            + one
            + " ORDER BY k.id DESC LIMIT :limit"
        ),
        {"stream": stream, "scope": scope, "device": device_id, "limit": limit},
    )
    return [DeviceTestFact(**row) for row in rows.mappings()]


async def enqueue(tx: Tx, test: DeviceTest) -> int | None:
    """Let a test wait; None if one of the device waits or runs already."""
    rows = await tx.execute(
        text(
            """
            INSERT INTO device_test (stream, device_id, method, automatic, requested_by, state, asked_at,
                                     deadline, detail)
            VALUES (:stream, :device_id, '', :automatic, :requested_by, 'waiting', :asked_at, :deadline, '')
            ON CONFLICT (device_id) WHERE state IN ('waiting', 'running') DO NOTHING RETURNING id
            """
        ),
        test.model_dump(include={"stream", "device_id", "automatic", "requested_by", "asked_at", "deadline"}),
    )
    found = rows.scalar_one_or_none()
    return None if found is None else int(found)


async def open_of(tx: Tx, device_id: int) -> int | None:
    """Return the test of a device that waits or runs, or None."""
    found = await tx.scalar(
        text("SELECT id FROM device_test WHERE device_id = :id AND state IN ('waiting', 'running')"),
        {"id": device_id},
    )
    return None if found is None else int(found)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A device that might be tested by itself."""

    device_id: int
    heard_via: str | None
    tested: LastTest


async def candidates(tx: Tx, stream: str, drivers: Sequence[str], now: datetime) -> list[Candidate]:
    """Return the devices with a plan that one of these drivers heard and that no test is open for."""
    rows = await tx.execute(
        text(
            """
            SELECT d.id, d.heard_via, d.kind, d.tested_at, d.test_passed, d.last_heard_at,
                   d.facts FROM device d
             WHERE d.stream = :stream AND d.active AND d.kind = ANY(:kinds)
               AND (d.heard_via = ANY(:drivers) OR split_part(d.heard_via, ':', 1) = ANY(:drivers))
               AND NOT EXISTS (SELECT 1 FROM device_test o WHERE o.device_id = d.id
                                AND o.state IN ('waiting', 'running'))
             ORDER BY d.id
            """
        ),
        {"stream": stream, "kinds": list(PLANS), "drivers": list(drivers)},
    )
    return [
        Candidate(
            row.id,
            row.heard_via,
            LastTest(
                row.kind,
                active=True,
                at=row.tested_at,
                passed=row.test_passed,
                live=_live(row, now),
            ),
        )
        for row in rows
    ]


def _live(row: Row[Any], now: datetime) -> bool:
    vouched = vouched_by(row.facts)
    return device_state(row.kind, row.last_heard_at, now, active=True, vouched=vouched) == "live"


async def take_waiting(
    tx: Tx, stream: str, drivers: Sequence[str], now: datetime, limit: int
) -> list[DeviceTest]:
    """Return waiting tests, locked: those this node's drivers reach, and what nobody else took up.

    Several nodes share the work: a row that another one holds is passed over.
    """
    rows = await tx.execute(
        text(
            """
            SELECT k.id FROM device_test k JOIN device d ON d.id = k.device_id
             WHERE k.stream = :stream AND k.state = 'waiting'
               AND (d.heard_via IS NULL OR d.heard_via = ANY(:drivers)
                    OR split_part(d.heard_via, ':', 1) = ANY(:drivers)
                    OR k.asked_at < CAST(:now AS timestamptz) - make_interval(secs => :patience))
             ORDER BY k.automatic, k.id LIMIT :limit FOR UPDATE OF k SKIP LOCKED
            """
        ),
        {
            "stream": stream,
            "drivers": list(drivers),
            "now": now,
            "patience": TAKEN_BY_ANYBODY_AFTER_S,
            "limit": limit,
        },
    )
    ids = list(rows.scalars())
    found = await tx.execute(
        select(DeviceTest).where(col(DeviceTest.id).in_(ids)).order_by(col(DeviceTest.id))
    )
    return list(found.scalars())


async def locked(tx: Tx, test_id: int) -> DeviceTest | None:
    """Return the row, locked until commit."""
    found = await tx.execute(select(DeviceTest).where(col(DeviceTest.id) == test_id).with_for_update())
    return found.scalar_one_or_none()


async def left_behind(tx: Tx, stream: str, now: datetime) -> list[DeviceTest]:
    """Return the open tests whose time is over, locked; what another node holds is passed over."""
    found = await tx.execute(
        select(DeviceTest)
        .where(
            col(DeviceTest.stream) == stream,
            col(DeviceTest.state).in_(("waiting", "running")),
            col(DeviceTest.deadline) < now,
        )
        .order_by(col(DeviceTest.id))
        .limit(20)
        .with_for_update(skip_locked=True)
    )
    return list(found.scalars())


async def was_interrupted(tx: Tx, test: DeviceTest) -> bool:
    """Whether the device's test before this one was left behind too."""
    found = await tx.scalar(
        text(
            "SELECT detail FROM device_test WHERE device_id = :device AND id < :id ORDER BY id DESC LIMIT 1"
        ),
        {"device": test.device_id, "id": test.id},
    )
    return bool(found == INTERRUPTED)
