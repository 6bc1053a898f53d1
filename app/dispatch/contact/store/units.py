"""Every SQL statement about contact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.dispatch.contact.facts import ContactAttemptFact, ContactTaskFact
from app.dispatch.contact.rules import COUNTY, VILLAGES, UnitKind, means_of
from app.dispatch.contact.tables import ContactAttempt, ContactTask, ContactWatch, UnitContact
from app.dispatch.tables import ACTIVE_STATES

BACK = timedelta(hours=24)  # older answers say nothing of tonight

# What says that somebody is there: the kind of thing, how it spoke, where it belongs, when.
_SIGNS = """
SELECT d.region_code AS place, d.team_id, d.kind, d.family, max(d.last_heard_at) AS at
  FROM device d WHERE d.stream = :stream AND d.active AND d.last_heard_at IS NOT NULL
 GROUP BY 1, 2, 3, 4
UNION ALL
SELECT CASE WHEN c.unit LIKE 'team:%' THEN '' ELSE c.unit END,
       CASE WHEN c.unit LIKE 'team:%' THEN CAST(substr(c.unit, 6) AS bigint) END, c.means, '', c.at
  FROM contact_sign c WHERE c.stream = :stream
UNION ALL
SELECT '', a.team_id, s.channel, '', max(s.happened_at)
  FROM assignment_step s JOIN assignment a ON a.id = s.assignment_id JOIN team t ON t.id = a.team_id
 WHERE t.stream = :stream AND s.entered_at > :back AND s.step <> 'cancel' GROUP BY 2, 3
UNION ALL
SELECT u.region_code, NULL, s.source, '', max(s.told_at)
  FROM status_answer s JOIN status_recipient r ON r.id = s.recipient_id JOIN org_unit u ON u.id = r.unit_id
 WHERE u.region_code LIKE :stream || '%' AND s.entered_at > :back GROUP BY 1, 3
UNION ALL
SELECT r.region_code, r.team_id, s.channel, '', max(s.happened_at)
  FROM order_answer s JOIN order_recipient r ON r.id = s.recipient_id
 WHERE r.region_code LIKE :stream || '%' AND s.entered_at > :back
   AND s.kind IN ('acknowledged', 'progress', 'done')
 GROUP BY 1, 2, 3
UNION ALL
SELECT n.region_code, NULL, n.channel, '', max(n.told_at) FROM intake_notice n
 WHERE n.stream = :stream AND n.region_code IS NOT NULL AND n.received_at > :back GROUP BY 1, 3
UNION ALL
SELECT d.region_code, d.team_id, 'radio_370', '', max(k.started_at)
  FROM radio_talk k JOIN device d ON d.id = k.device_id
 WHERE k.stream = :stream AND k.started_at > :back GROUP BY 1, 2
"""
_UNITS = """
SELECT r.code AS unit, r.kind, r.name_zh, r.code AS region_code, r.lon, r.lat,
       coalesce((SELECT p.phone FROM duty_post p WHERE p.region_code = r.code ORDER BY p.id LIMIT 1), '')
         AS phone
  FROM region r WHERE r.code LIKE :stream || '%'
UNION ALL
SELECT 'team:' || t.id, 'team', t.name_zh, t.region_code, t.lon, t.lat,
       coalesce((SELECT p.phones[1] FROM person p WHERE p.id = t.leader_id), '')
  FROM team t WHERE t.stream = :stream
   AND EXISTS (SELECT 1 FROM assignment a WHERE a.team_id = t.id AND a.state = ANY(:active))
"""
# Where somebody is logged in: an app that was left in order is not expected to be heard.
_LOGGED_IN = """
SELECT DISTINCT rpad(a.scope, 12, '0') AS place, a.team_ids FROM login_session s
  JOIN account a ON a.id = s.account_id
 WHERE a.stream = :stream AND s.expires_at > :now AND a.password_hash <> '-'  -- programs are nobody
"""


@dataclass
class Unit:
    """A unit with the latest sign of each means; `signs` is empty for one that was never heard."""

    unit: str
    kind: UnitKind
    name_zh: str
    region_code: str
    lon: float | None
    lat: float | None
    phone: str
    signs: dict[str, datetime] = field(default_factory=dict)


def _kind(kind: str) -> UnitKind | None:
    if kind in COUNTY:
        return None
    return "team" if kind == "team" else "village" if kind in VILLAGES else "township"


async def units(tx: Tx, stream: str, now: datetime) -> dict[str, Unit]:
    """Return the units of a county that were ever heard, by their key, with what was heard of them."""
    known = await _known(tx, stream)
    rows = await tx.execute(text(_SIGNS), {"stream": stream, "back": now - BACK})
    for row in rows.mappings():
        _hear(known, row["place"], row["team_id"], means_of(row["kind"], row["family"]), row["at"])
    here: set[str] = set()
    for row in (await tx.execute(text(_LOGGED_IN), {"stream": stream, "now": now})).mappings():
        here |= {row["place"], *(f"team:{team}" for team in row["team_ids"])}
    for unit in known.values():
        if unit.unit not in here:
            unit.signs.pop("app", None)
    return {key: unit for key, unit in known.items() if unit.signs}


async def _known(tx: Tx, stream: str) -> dict[str, Unit]:
    rows = await tx.execute(text(_UNITS), {"stream": stream, "active": list(ACTIVE_STATES)})
    return {
        row["unit"]: Unit(**{**row, "kind": kind})
        for row in rows.mappings()
        if (kind := _kind(row["kind"])) is not None
    }


def _hear(
    known: Mapping[str, Unit], place: str, team_id: int | None, means: str | None, at: datetime
) -> None:
    """Keep a sign with the place and the team it is of; the latest of each means counts."""
    for key in (place, f"team:{team_id}"):
        if means is not None and (unit := known.get(key)) is not None:
            unit.signs[means] = max(unit.signs.get(means, at), at)


async def note_signs(tx: Tx, stream: str, unit_keys: Sequence[str], means: str, at: datetime) -> None:
    """Keep that units were heard by a means at an instant; an older one is nothing new."""
    await tx.execute(
        text(
            """
            INSERT INTO contact_sign (stream, unit, means, at)
            SELECT :stream, u, :means, :at FROM unnest(CAST(:units AS text[])) u ORDER BY u
            ON CONFLICT (stream, unit, means) DO UPDATE SET at = excluded.at
             WHERE contact_sign.at < excluded.at
            """
        ),
        {"stream": stream, "units": sorted(set(unit_keys)), "means": means, "at": at},
    )


async def watch(tx: Tx, stream: str, now: datetime) -> ContactWatch:
    """Return the county's watch, locked until commit: one node looks at a time."""
    await tx.execute(
        text(
            "INSERT INTO contact_watch (stream, looked_at, listening_since) VALUES (:stream, :now, :now) "
            "ON CONFLICT DO NOTHING"
        ),
        {"stream": stream, "now": now},
    )
    found = await tx.execute(
        select(ContactWatch)
        .where(col(ContactWatch.stream) == stream)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one()


async def listening_since(tx: Tx, stream: str, now: datetime) -> datetime:
    """Return since when the county listens without a gap."""
    found = await tx.execute(select(ContactWatch).where(col(ContactWatch.stream) == stream))
    row = found.scalar_one_or_none()
    return row.listening_since if row else now


async def contacts(tx: Tx, stream: str) -> dict[str, UnitContact]:
    """Return the units that are or were out of contact, by their key."""
    found = await tx.execute(select(UnitContact).where(col(UnitContact.stream) == stream))
    return {row.unit: row for row in found.scalars()}


async def open_task(tx: Tx, stream: str, unit: str) -> ContactTask | None:
    """Return the open task of a unit, locked until commit, or None."""
    found = await tx.execute(
        select(ContactTask)
        .where(
            col(ContactTask.stream) == stream,
            col(ContactTask.unit) == unit,
            col(ContactTask.closed_at).is_(None),
        )
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def task(tx: Tx, stream: str, scope: str, task_id: int) -> ContactTask | None:
    """Return a task of a scope, locked until commit, or None."""
    found = await tx.execute(
        select(ContactTask)
        .where(
            col(ContactTask.id) == task_id,
            col(ContactTask.stream) == stream,
            col(ContactTask.region_code).startswith(scope),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def tasks(tx: Tx, stream: str, scope: str, *, closed_after: datetime) -> list[ContactTask]:
    """Return the open tasks of a scope and those closed lately, the oldest first."""
    found = await tx.execute(
        select(ContactTask)
        .where(
            col(ContactTask.stream) == stream,
            col(ContactTask.region_code).startswith(scope),
            (col(ContactTask.closed_at).is_(None)) | (col(ContactTask.closed_at) > closed_after),
        )
        .order_by(col(ContactTask.id))
        .limit(500)
    )
    return list(found.scalars())


async def attempts(tx: Tx, task_ids: Sequence[int]) -> Mapping[int, list[ContactAttemptFact]]:
    """Return the attempts of tasks, oldest first."""
    found = await tx.execute(
        select(ContactAttempt)
        .where(col(ContactAttempt.task_id).in_(task_ids))
        .order_by(col(ContactAttempt.id))
    )
    result: dict[int, list[ContactAttemptFact]] = {}
    for row in found.scalars():
        result.setdefault(row.task_id, []).append(attempt_fact(row))
    return result


def attempt_fact(row: ContactAttempt) -> ContactAttemptFact:
    """Return the wire shape of an attempt."""
    return ContactAttemptFact(**row.model_dump(exclude={"task_id"}))


def task_fact(
    row: ContactTask, tried: Sequence[ContactAttemptFact], next_means: str | None
) -> ContactTaskFact:
    """Return the wire shape of a task with its attempts."""
    told = row.model_dump(exclude={"stream"})
    return ContactTaskFact(**told, attempts=list(tried), next_means=next_means)
