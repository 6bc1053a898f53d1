"""Every SQL statement about meetings and their seats; the screens that take part stand in `peers`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Row
from sqlmodel import col, select

from app.db import Tx, sql
from app.dispatch.meeting import rules
from app.dispatch.meeting.facts import MeetingFact, MeetingMemberFact, MeetingMine
from app.dispatch.meeting.tables import Meeting, MeetingMember
from app.dispatch.secrecy.store import knowing, may_know
from app.org.rules.access import Viewer

_MEETING = """
SELECT m.id, m.kind, m.title, m.drill, m.incident_id, i.number AS incident_number, m.region_codes, m.state,
       m.opened_at, m.opened_by, m.closed_at, m.closed_by
  FROM meeting m LEFT JOIN incident i ON i.id = m.incident_id
 WHERE m.stream = :stream AND {which}
"""
_CONCERNING = f"""EXISTS (SELECT 1 FROM unnest(m.region_codes) c WHERE c LIKE :scope || '%')
   AND {may_know("m.incident_id")}
   AND (CAST(:kind AS text) IS NULL OR m.kind = :kind)
   AND (CAST(:incident AS bigint) IS NULL OR m.incident_id = :incident)
"""  # noqa: S608
_ONE = sql(_MEETING.format(which="m.id = :id"))
_LATEST = sql(_MEETING.format(which=_CONCERNING) + " ORDER BY m.state = 'closed', m.id DESC LIMIT :limit")
_MEMBERS = sql(
    """
    SELECT id, meeting_id, kind, ref_id, name, region_code, state, rang_at, answered_at, answered_by,
           connected_at, video_at, left_at, camera, microphone
      FROM meeting_member WHERE meeting_id = ANY(:ids) ORDER BY meeting_id, ordinal
    """
)
# A unit's seat is for its people and for the desk of its place, like its answers to a round-up.
MINE = """
 (s.kind = 'account' AND s.ref_id = :account
  OR s.kind = 'person' AND s.ref_id = CAST(:person AS bigint)
  OR s.kind = 'team' AND s.ref_id = ANY(CAST(:teams AS bigint[]))
  OR s.kind = 'unit' AND ('unit:' || s.ref_id = ANY(CAST(:names AS text[]))
                          OR CAST(:desk AS text) <> '' AND s.region_code LIKE CAST(:desk AS text) || '%'))
"""
_SEATS = f"""
SELECT m.id AS meeting_id, m.kind, m.title, m.drill, m.opened_at, m.opened_by, s.id AS member_id,
       s.kind AS member_kind, s.name, s.state, s.rang_at,
       (SELECT p.name FROM meeting_peer p WHERE p.member_id = s.id) AS taken_by
  FROM meeting m JOIN meeting_member s ON s.meeting_id = m.id
 WHERE m.stream = :stream AND {MINE} AND {may_know("m.incident_id")}
"""  # noqa: S608
_MINE = sql(_SEATS + " AND m.state = 'open' ORDER BY m.id DESC, s.ordinal")
_SEATS_OF = sql(_SEATS + " AND m.id = :id")
_UNITS = sql(
    "SELECT id, name_zh AS name, region_code FROM org_unit WHERE active AND id = ANY(:ids) "
    "AND region_code LIKE :scope || '%'"
)
_TEAMS = sql(
    "SELECT id, name_zh AS name, region_code FROM team WHERE active AND id = ANY(:ids) "
    "AND stream = :stream AND region_code LIKE :scope || '%'"
)
_PERSONS = sql(
    "SELECT id, name_zh AS name, region_code FROM person WHERE active AND id = ANY(:ids) "
    "AND region_code LIKE :scope || '%'"
)
# Teams in whose name the people of these units, and these persons, hear: a field phone hears by its team.
_HEARING = sql(
    """
    SELECT DISTINCT unnest(a.team_ids) FROM account a JOIN person p ON p.id = a.person_id
     WHERE a.stream = :stream AND a.active AND (p.id = ANY(:persons) OR p.unit_id = ANY(:units))
    """
)
_OPEN = sql("SELECT count(*) FROM meeting WHERE stream = :stream AND state = 'open'")
_OPEN_IDS = sql("SELECT id FROM meeting WHERE stream = :stream AND state = 'open' ORDER BY id")


@dataclass(frozen=True, slots=True)
class Called:
    """Somebody who can be called."""

    kind: str
    ref_id: int
    name: str
    region_code: str


def of_viewer(by: Viewer) -> dict[str, Any]:
    """Return what `MINE` asks of a person. The desk of a place below the county answers for its units."""
    desk = by.scope if by.may("command") and not by.stream.startswith(by.scope) else ""
    return {
        "account": by.account_id,
        "person": by.person_id,
        "teams": sorted(by.team_ids),
        "names": by.names,
        "desk": desk,
    }


def seen(member: MeetingMember | Row[Any]) -> rules.Seen:
    """Return what the rules look at."""
    return rules.Seen(
        state=member.state,  # type: ignore[arg-type]
        rang_at=member.rang_at,
        answered_at=member.answered_at,
        connected_at=member.connected_at,
        video_at=member.video_at,
    )


async def called(tx: Tx, stream: str, scope: str, kind: str, ids: Sequence[int]) -> list[Called]:
    """Return those of a kind that are in service and lie in a scope, in the order asked for."""
    statement = {"unit": _UNITS, "team": _TEAMS, "person": _PERSONS}[kind]
    told: dict[str, Any] = {"ids": list(ids), "scope": scope}
    if kind == "team":
        told["stream"] = stream
    found = {row.id: row for row in await tx.execute(statement, told)}
    return [
        Called(kind, id_, found[id_].name, found[id_].region_code)
        for id_ in dict.fromkeys(ids)
        if id_ in found
    ]


async def hearing_teams(tx: Tx, stream: str, unit_ids: Sequence[int], person_ids: Sequence[int]) -> list[int]:
    """Return the teams in whose name these people hear."""
    told = {"stream": stream, "units": list(unit_ids), "persons": list(person_ids)}
    return sorted((await tx.execute(_HEARING, told)).scalars())


async def open_count(tx: Tx, stream: str) -> int:
    """Return how many meetings are open."""
    return int(await tx.scalar(_OPEN, {"stream": stream}) or 0)


async def open_ids(tx: Tx, stream: str) -> Sequence[int]:
    """Return the open meetings."""
    return (await tx.execute(_OPEN_IDS, {"stream": stream})).scalars().all()


async def locked(tx: Tx, stream: str, meeting_id: int) -> Meeting | None:
    """Return the row, locked until commit: whoever comes, goes or is rung does so one after the other."""
    found = await tx.execute(
        select(Meeting)
        .where(col(Meeting.id) == meeting_id, col(Meeting.stream) == stream)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def row(tx: Tx, stream: str, meeting_id: int) -> Meeting | None:
    """Return the row; None if it is not in this county."""
    found = await tx.execute(
        select(Meeting).where(col(Meeting.id) == meeting_id, col(Meeting.stream) == stream)
    )
    return found.scalar_one_or_none()


async def members(tx: Tx, meeting_id: int) -> list[MeetingMember]:
    """Return the seats as rows, the caller's first. The meeting is locked."""
    found = await tx.execute(
        select(MeetingMember)
        .where(col(MeetingMember.meeting_id) == meeting_id)
        .order_by(col(MeetingMember.ordinal))
        .execution_options(populate_existing=True)
    )
    return list(found.scalars())


async def seats_of(tx: Tx, by: Viewer, meeting_id: int) -> list[int]:
    """Return the seats of a meeting that are for this person, if he may know its incident."""
    told = {"stream": by.stream, "id": meeting_id, **of_viewer(by), **knowing(by)}
    return [row.member_id for row in await tx.execute(_SEATS_OF, told)]


async def mine(tx: Tx, by: Viewer) -> list[MeetingMine]:
    """Return the open meetings in which there is a seat for this person, the latest first."""
    found = await tx.execute(_MINE, {"stream": by.stream, **of_viewer(by), **knowing(by)})
    return [MeetingMine(**row) for row in found.mappings()]


async def fact(tx: Tx, stream: str, meeting_id: int) -> MeetingFact | None:
    """Return one meeting of the county with its count, or None."""
    found = await _facts(tx, (await tx.execute(_ONE, {"stream": stream, "id": meeting_id})).mappings().all())
    return found[0] if found else None


async def latest(
    tx: Tx, by: Viewer, *, kind: str | None = None, incident_id: int | None = None, limit: int = 50
) -> list[MeetingFact]:
    """Return the last meetings that concern a person's scope and that he may know, open ones first."""
    told = {"stream": by.stream, "scope": by.scope, "kind": kind, "incident": incident_id, "limit": limit}
    return await _facts(tx, (await tx.execute(_LATEST, {**told, **knowing(by)})).mappings().all())


async def member_facts(tx: Tx, meeting_id: int) -> list[MeetingMemberFact]:
    """Return the seats of a meeting, the caller's first."""
    return [_member(row) for row in await tx.execute(_MEMBERS, {"ids": [meeting_id]})]


def member_fact(member: MeetingMember) -> MeetingMemberFact:
    """Return a seat as it stands."""
    names = set(MeetingMemberFact.model_fields) - {"outcome", "seconds"}
    told = {name: getattr(member, name) for name in names}
    of = seen(member)
    return MeetingMemberFact(**told, outcome=rules.outcome(of), seconds=rules.seconds(of))


def _member(row: Row[Any]) -> MeetingMemberFact:
    of = seen(row)
    return MeetingMemberFact(**row._mapping, outcome=rules.outcome(of), seconds=rules.seconds(of))  # noqa: SLF001


async def _facts(tx: Tx, rows: Sequence[Any]) -> list[MeetingFact]:
    by_meeting: dict[int, list[rules.Seen]] = {row["id"]: [] for row in rows}
    for member in await tx.execute(_MEMBERS, {"ids": list(by_meeting)}):
        if member.kind != "account":
            by_meeting[member.meeting_id].append(seen(member))
    return [MeetingFact(**row, **asdict(rules.summary(by_meeting[row["id"]]))) for row in rows]
