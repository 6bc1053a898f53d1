"""Returns of teams, exemptions of leaders, and what was told of both."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.duty.standby.facts import ExemptionFact, ReturnFact
from app.duty.standby.tables import ReadinessExemption, ReadinessReturn

_RETURN = """
SELECT r.id, r.team_id, t.name_zh AS team_name, t.region_code, r.day, r.strength, r.on_post, r.on_leave,
       r.out, r.sick, r.note, r.key_day, r.late, r.revision, r.returned_by, r.returned_at
  FROM readiness_return r JOIN team t ON t.id = r.team_id
"""


async def serialise(tx: Tx, stream: str) -> None:
    """Let what changes readiness pass one by one until commit: few do, and each looks at what others did."""
    await tx.execute(
        text("SELECT pg_advisory_xact_lock(hashtext('readiness'), hashtext(:stream))"), {"stream": stream}
    )


async def row_of(tx: Tx, team_id: int, day: date) -> ReadinessReturn | None:
    """Return a team's return of a day as its row, locked until commit."""
    found = await tx.execute(
        select(ReadinessReturn)
        .where(col(ReadinessReturn.team_id) == team_id, col(ReadinessReturn.day) == day)
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def fact(tx: Tx, team_id: int, day: date) -> ReturnFact | None:
    """Return a team's return of a day."""
    rows = await tx.execute(
        text(_RETURN + " WHERE r.team_id = :team AND r.day = :day"), {"team": team_id, "day": day}
    )
    found = rows.mappings().first()
    return ReturnFact(**found) if found else None


async def between(
    tx: Tx, team_ids: Sequence[int], first: date, last: date
) -> dict[tuple[int, date], ReturnFact]:
    """Return what teams reported, by team and day."""
    rows = await tx.execute(
        text(_RETURN + " WHERE r.team_id = ANY(:teams) AND r.day BETWEEN :first AND :last"),
        {"teams": list(team_ids), "first": first, "last": last},
    )
    return {(row["team_id"], row["day"]): ReturnFact(**row) for row in rows.mappings()}


async def exemptions(tx: Tx, stream: str, first: date, last: date) -> list[ExemptionFact]:
    """Return the exemptions that touch these days and were not taken back, the newest first."""
    rows = await tx.execute(
        text(
            "SELECT id, team_id, region_code, first, until, floor, reason, granted_by, granted_at,"
            " revoked_by, revoked_at FROM readiness_exemption WHERE stream = :stream AND revoked_at IS NULL"
            ' AND first <= :last AND "until" >= :first ORDER BY id DESC'
        ),
        {"stream": stream, "first": first, "last": last},
    )
    return [ExemptionFact(**row) for row in rows.mappings()]


async def exemption_row(tx: Tx, stream: str, exemption_id: int) -> ReadinessExemption | None:
    """Return an exemption as its row, locked until commit."""
    found = await tx.execute(
        select(ReadinessExemption)
        .where(col(ReadinessExemption.id) == exemption_id, col(ReadinessExemption.stream) == stream)
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def open_alerts(
    tx: Tx, stream: str, first: date, last: date
) -> dict[tuple[str, date], dict[str, datetime]]:
    """Return what is told and not over: by subject and day, since when of each kind."""
    rows = await tx.execute(
        text(
            "SELECT subject, day, kind, opened_at FROM readiness_alert WHERE stream = :stream"
            " AND closed_at IS NULL AND day BETWEEN :first AND :last"
        ),
        {"stream": stream, "first": first, "last": last},
    )
    found: dict[tuple[str, date], dict[str, datetime]] = {}
    for row in rows.mappings():
        found.setdefault((row["subject"], row["day"]), {})[row["kind"]] = row["opened_at"]
    return found


async def close_alerts(tx: Tx, stream: str, subject: str, day: date, now: datetime) -> None:
    """Note that a subject is in order again."""
    await tx.execute(
        text(
            "UPDATE readiness_alert SET closed_at = :now WHERE stream = :stream AND subject = :subject"
            " AND day = :day AND closed_at IS NULL"
        ),
        {"stream": stream, "subject": subject, "day": day, "now": now},
    )
