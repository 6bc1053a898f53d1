"""What a month held for every post: checks and the failures they found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from app.db import Tx
from app.duty.spot_check.rules.judge import Failure


@dataclass(frozen=True, slots=True)
class Checked:
    """One finding of a post that counts for a month."""

    finding_id: int
    spot_check_id: int
    post_id: int
    called_at: datetime
    failures: tuple[Failure, ...]
    upheld: frozenset[Failure]


async def checked(tx: Tx, stream: str, start: datetime, end: datetime) -> Sequence[Checked]:
    """Return what the finished checks of the county found at posts called within a span."""
    rows = await tx.execute(
        text(
            """
            SELECT f.id, f.spot_check_id, f.post_id, min(a.called_at) AS called_at, f.failures,
                   ARRAY(SELECT p.failure FROM spot_appeal p
                          WHERE p.finding_id = f.id AND p.state = 'upheld') AS upheld
              FROM spot_finding f JOIN spot_check s ON s.id = f.spot_check_id
              JOIN spot_attempt a ON a.finding_id = f.id
             WHERE s.stream = :stream AND s.state = 'finished' AND f.state IN ('passed', 'failed')
             GROUP BY f.id HAVING min(a.called_at) >= :start AND min(a.called_at) < :end
             ORDER BY min(a.called_at), f.id
            """
        ),
        {"stream": stream, "start": start, "end": end},
    )
    return [
        Checked(
            row.id, row.spot_check_id, row.post_id, row.called_at, tuple(row.failures), frozenset(row.upheld)
        )
        for row in rows
    ]
