"""The devices through which checks are sent, and the calls that wait for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.duty.spot_check.tables import SpotAttempt


@dataclass(frozen=True, slots=True)
class PostDevice:
    """A device of a post that carries text."""

    id: int
    family: str
    number: str
    label: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A call that was sent and that nobody answered yet, with its check and finding."""

    spot_check_id: int
    finding_id: int
    called_at: datetime


_WAITING = """
SELECT s.id AS spot_check_id, f.id AS finding_id, a.called_at
  FROM spot_attempt a JOIN spot_finding f ON f.id = a.finding_id AND f.state = 'calling'
  JOIN spot_check s ON s.id = f.spot_check_id AND s.state = 'open'
"""


async def of_post(tx: Tx, stream: str, region_code: str, families: Sequence[str]) -> PostDevice | None:
    """Return the device of a place that is best to send through: its own before a team's, heard last.

    One that failed its last test, or that nobody registered, is left out.
    """
    rows = await tx.execute(
        text(
            """
            SELECT id, family, number, label FROM device
             WHERE stream = :stream AND region_code = :region AND active AND family = ANY(:families)
               AND test_passed IS DISTINCT FROM false
               AND NOT coalesce(CAST(facts ->> 'unregistered' AS boolean), false)
             ORDER BY team_id IS NOT NULL, last_heard_at DESC NULLS LAST, id LIMIT 1
            """
        ),
        {"stream": stream, "region": region_code, "families": list(families)},
    )
    row = rows.mappings().first()
    return PostDevice(**row) if row else None


async def waiting_for(tx: Tx, stream: str, device_id: int) -> Waiting | None:
    """Return the call that was sent to this device and waits for its answer."""
    rows = await tx.execute(
        text(_WAITING + " WHERE a.device_id = :id AND a.answered IS NULL AND s.stream = :stream LIMIT 1"),
        {"id": device_id, "stream": stream},
    )
    row = rows.mappings().first()
    return Waiting(**row) if row else None


async def just_answered(tx: Tx, device_id: int, answer: str, since: datetime) -> bool:
    """Whether this device has answered a call with these words since an instant: a radio repeats itself."""
    found = await tx.execute(
        select(SpotAttempt.id)
        .where(
            col(SpotAttempt.device_id) == device_id,
            col(SpotAttempt.source) == "text",
            col(SpotAttempt.answer) == answer,
            col(SpotAttempt.ended_at) >= since,
        )
        .limit(1)
    )
    return found.first() is not None


async def receipted(tx: Tx, stream: str) -> list[Waiting]:
    """Return the calls without an answer whose message the post's device has confirmed."""
    rows = await tx.execute(
        text(
            _WAITING + " JOIN delivery d ON d.id = a.delivery_id AND d.state = 'delivered'"
            " WHERE a.answered IS NULL AND s.stream = :stream ORDER BY a.id LIMIT 50"
        ),
        {"stream": stream},
    )
    return [Waiting(**row) for row in rows.mappings()]
