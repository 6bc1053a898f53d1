"""Read a window of the journal with what stood before it, where everybody was and who had a screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.db import Tx
from app.desk.replay import store
from app.desk.replay.facts import CarriedFact, OnlookerFact, ProofFact, StayFact
from app.desk.snapshot import concern_of_position
from app.dispatch.facts import TeamFact
from app.dispatch.secrecy import store as secrecy
from app.dispatch.secrecy.sealed import Sealed
from app.dispatch.store import teams
from app.journal.store import JournalRow
from app.org.rules.access import Concern, Viewer, may_see, require
from app.org.screen_times import store as screen_times
from app.org.screen_times.store import Stay
from app.refusals import FieldFault, InvalidInput
from app.tracking import store as tracking
from app.tracking.facts import TrackFact

LONGEST = timedelta(days=7)
MOST_EVENTS = 20_000
MOST_PRIOR = 5_000
MOST_POINTS = 60_000  # of all devices together
LEAST_POINTS = 60  # of one device
MOST_STAYS = 20_000
LOST_AFTER = timedelta(minutes=3)
BEFORE = timedelta(minutes=15)  # positions so long before the window: where a unit stood when it begins


@dataclass(frozen=True, slots=True)
class Recording:
    """What a person may see of a window [start, end)."""

    start: datetime
    end: datetime
    prior: Sequence[JournalRow]
    events: Sequence[JournalRow]
    teams: Sequence[TeamFact]
    carried: Sequence[CarriedFact]
    tracks: Sequence[TrackFact]
    onlookers: Sequence[OnlookerFact]
    proof: ProofFact


async def record(tx: Tx, by: Viewer, start: datetime, end: datetime, now: datetime) -> Recording:
    """Return a window as this person may see it today.

    Raises NotPermitted, InvalidInput: the window ends before it begins, lies ahead, or is too large.
    """
    require(by, "see_desk")
    end = min(end, now)
    if end <= start:
        raise _wrong("结束时间须晚于开始时间,且不在将来", "must come after the beginning, not in the future")
    if end - start > LONGEST:
        raise _wrong("最长七天,请缩短时段", "seven days at most: choose a shorter window")
    rows = await store.window(tx, by.stream, start, end, MOST_EVENTS + 1)
    if len(rows) > MOST_EVENTS:
        raise _wrong(
            f"该时段超过 {MOST_EVENTS} 条记录,请缩短时段",
            f"more than {MOST_EVENTS} entries: choose a shorter window",
        )
    sealed = await secrecy.sealed(tx, by.stream)
    events = [row for row in rows if sealed.shows(by, row)]
    prior = [row for row in await store.prior(tx, by.stream, start, MOST_PRIOR) if sealed.shows(by, row)]
    carried = await _carried(tx, by)
    most = max(LEAST_POINTS, MOST_POINTS // max(1, len(carried)))
    return Recording(
        start=start,
        end=end,
        prior=prior,
        events=events,
        teams=[
            team
            for team in await teams.facts(tx, by.stream)
            if may_see(by, Concern((team.region_code,), (team.id,)))
        ],
        carried=carried,
        tracks=await tracking.tracks(tx, [one.device_id for one in carried], start - BEFORE, end, most),
        onlookers=onlookers(
            by, await screen_times.within(tx, by.stream, start, end, MOST_STAYS), events, sealed, now
        ),
        proof=_proof(rows),
    )


def onlookers(
    by: Viewer, stays: Sequence[Stay], events: Sequence[JournalRow], sealed: Sealed, now: datetime
) -> list[OnlookerFact]:
    """Return who had a screen, of the people within the reader's scope, and what of the events is theirs."""
    people: dict[int, list[Stay]] = {}
    for stay in stays:
        if stay.viewer.scope.startswith(by.scope) or stay.viewer.account_id == by.account_id:
            people.setdefault(stay.viewer.account_id, []).append(stay)
    seen: dict[object, list[int] | None] = {}
    found = []
    for times in people.values():
        who = times[0].viewer
        alike = (who.role, who.scope, who.team_ids, who.person_id)
        if alike not in seen:
            theirs = [row.seq for row in events if sealed.shows(who, row)]
            seen[alike] = None if len(theirs) == len(events) else theirs
        found.append(
            OnlookerFact(
                account_id=who.account_id,
                name=who.name,
                role=who.role,
                scope=who.scope,
                stays=[_stay(stay, now) for stay in times],
                sees=seen[alike],
            )
        )
    return found


def _stay(stay: Stay, now: datetime) -> StayFact:
    """Return a stay; an open screen is seen twice a minute, so if it was not, its node has died."""
    lost = stay.closed_at is None and now - stay.seen_at > LOST_AFTER
    return StayFact(
        opened_at=stay.opened_at,
        until=stay.seen_at if lost else stay.closed_at,
        known=not lost,
        from_seq=stay.from_seq,
        to_seq=stay.to_seq,
    )


async def _carried(tx: Tx, by: Viewer) -> list[CarriedFact]:
    return [
        CarriedFact(device_id=one.device_id, team_id=one.team_id, region_code=one.region_code)
        for one in await tracking.latest(tx, by.stream)
        if may_see(by, concern_of_position(one))
    ]


def _proof(rows: Sequence[JournalRow]) -> ProofFact:
    if not rows:
        return ProofFact(first_seq=None, last_seq=None, hash="", algorithm="sha256")
    last = rows[-1]
    return ProofFact(first_seq=rows[0].seq, last_seq=last.seq, hash=last.hash.hex(), algorithm=last.algorithm)


def _wrong(zh: str, en: str) -> InvalidInput:
    return InvalidInput(FieldFault("end", zh, en))
