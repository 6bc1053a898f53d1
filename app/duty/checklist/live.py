"""What the product itself knows of the places of a scope: stations, duty posts, teams."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.db import Tx
from app.duty.checklist import store
from app.duty.checklist.rules import Checklist, Crew, Kit, Live, Post, Station
from app.duty.presence import store as presence
from app.duty.roster.facts import PostOnDuty
from app.duty.roster.on_duty import on_duty
from app.org.facts import UnitFact
from app.org.store import units

AHEAD = timedelta(hours=24)
MOST_GAPS = 5000


@dataclass(frozen=True, slots=True)
class Known:
    """Live facts by place."""

    stations: Mapping[str, Station]
    posts: Mapping[str, Post]
    kit: Mapping[str, Kit]
    crews: Mapping[str, Sequence[Crew]]

    def of(self, code: str) -> Live:
        """Return what is known of one place."""
        return Live(
            self.stations.get(code), self.posts.get(code), self.kit.get(code), tuple(self.crews.get(code, ()))
        )


async def load(
    tx: Tx,
    stream: str,
    scope: str,
    lists: Iterable[Checklist],
    kit: Mapping[str, Kit],
    now: datetime,
    zone: ZoneInfo,
) -> Known:
    """Return what is known of a scope; `kit` comes from the register of devices, a floor above."""
    kinds = {kind for one in lists for item in one.items for kind in item.teams}
    gaps = await presence.gaps(tx, stream, scope, now, only_open=True, limit=MOST_GAPS)
    ahead = Counter(
        gap.post_id for gap in gaps if gap.kind == "unplanned" and now < gap.starts_at <= now + AHEAD
    )
    # A place may have several desks: its own stands before a department's that happens to be there.
    desks = sorted(
        await on_duty(tx, stream, scope, now, zone=zone), key=lambda one: one.kind in {"township", "village"}
    )
    return Known(
        stations=_stations(await units.in_scope(tx, stream, scope)),
        posts={one.region_code: _post(one, ahead[one.id]) for one in desks},
        kit=kit,
        crews=await store.crews(tx, stream, scope, kinds),
    )


def _post(post: PostOnDuty, ahead: int) -> Post:
    names = tuple(dict.fromkeys(shift.person_name for seat in post.seats for shift in seat.on))
    return Post(names, sum(seat.missing for seat in post.seats), ahead)


def _stations(found: Iterable[UnitFact]) -> dict[str, Station]:
    """Return the unit that serves each place: one whose kind has a minimum, else the one with most people."""
    served = sorted(
        (one for one in found if one.active), key=lambda one: (one.staffing != "exempt", one.people, -one.id)
    )
    return {one.region_code: Station(one.people, one.full_time, one.staffing) for one in served}
