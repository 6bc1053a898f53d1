"""The relays that fail and what is lost with them: load, decide, tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from app.db import Tx
from app.devices.ledger.table import township_of
from app.devices.relays import store
from app.devices.relays.facts import RelayFailureOut, RelayPlaceOut, RelayReportOut
from app.devices.relays.rules import ANY_GROUP, GRADES, Loss, Place, losses
from app.devices.relays.store import Listed


async def report(tx: Tx, stream: str, scope: str, now: datetime) -> RelayReportOut:
    """Return the failing relays that stand in a scope or leave places of it without cover, the lost first."""
    listed = await store.relays(tx, stream, now)
    places = await store.places(tx, stream, scope)
    failures = [_failure(one, listed, places) for one in listed if one.relay.trouble]
    concerning = [one for one in failures if one.places or one.region_code.startswith(scope)]
    return RelayReportOut(
        total=len(listed),
        never_heard=sum(one.state == "never_heard" for one in listed),
        failures=sorted(concerning, key=lambda one: (one.grade != "lost", one.label)),
    )


def _failure(one: Listed, listed: Sequence[Listed], places: Sequence[Place]) -> RelayFailureOut:
    relay = one.relay
    lost = losses(relay, [other.relay for other in listed], places)
    return RelayFailureOut(
        device_id=relay.device_id,
        label=one.label,
        number=one.number,
        region_code=one.region_code,
        region_path=one.region_path,
        trouble=relay.trouble,
        grade=GRADES[relay.trouble],
        since=one.since,
        text=one.text,
        coverage_known=None not in (relay.lon, relay.lat, relay.coverage_km),
        talk_groups=list(relay.talk_groups),
        groups_lost=_groups(lost),
        places=_by_township(lost, places),
        covered=sum(relay.reaches(place) for place in places) - len(lost),
    )


def _by_township(lost: Sequence[Loss], places: Sequence[Place]) -> list[RelayPlaceOut]:
    names = {place.region_code: place.name for place in places}
    totals = Counter(township_of(place.region_code) for place in places)
    return [
        RelayPlaceOut(
            region_code=code,
            name=names.get(code, code),
            lost=len(those),
            of=totals[code],
            names=[loss.place.name for loss in those],
            groups=_groups(those),
        )
        for code, those in (
            (code, list(found)) for code, found in groupby(lost, lambda x: township_of(x.place.region_code))
        )
    ]


def _groups(lost: Sequence[Loss]) -> list[str]:
    """Return the groups that are lost somewhere, each once, in the relay's order."""
    return [one for one in dict.fromkeys(group for loss in lost for group in loss.groups) if one != ANY_GROUP]
