"""Find what may have come in twice, and take down what a person makes of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.db import Tx
from app.dispatch.inbox import actions as inbox
from app.dispatch.inbox.commands import JoinIn
from app.dispatch.lifecycle.actions.merge import merge
from app.dispatch.lifecycle.commands import MergeIn
from app.dispatch.reconciliation import store
from app.dispatch.reconciliation.commands import PairDecisionIn
from app.dispatch.reconciliation.events import PairChanged
from app.dispatch.reconciliation.facts import AccountFact, PairTold, SuspectedPairFact
from app.dispatch.reconciliation.refusals import NothingToMerge, PairSettled
from app.dispatch.reconciliation.rules import suspicions
from app.dispatch.secrecy import store as secrecies
from app.journal import store as journal
from app.org.rules.access import Concern, Viewer, actor, require
from app.refusals import NotFound

BACK = timedelta(hours=24)
MOST = 200


async def look(tx: Tx, stream: str, now: datetime) -> int:
    """Compare what was entered in the last day; return how many pairs are new. Nothing is changed by it."""
    new = 0
    for found in suspicions(await store.accounts(tx, stream, now - BACK)):
        pair_id = await store.suspect(tx, stream, found, now)
        if pair_id is None:
            continue
        new += 1
        told = PairTold(
            id=pair_id,
            left_kind=found.left.kind,
            left_id=found.left.id,
            right_kind=found.right.kind,
            right_id=found.right.id,
            why_zh=found.zh,
            why_en=found.en,
        )
        incidents = {one.id if one.kind == "incident" else one.of for one in (found.left, found.right)}
        place = min(found.left.place, found.right.place)
        await _tell(tx, stream, told, incidents, place, now, None)
    return new


async def listed(tx: Tx, by: Viewer, *, settled: bool) -> list[SuspectedPairFact]:
    """Return the pairs of a scope, open or settled."""
    require(by, "see_desk")
    return await store.listed(tx, by, settled=settled, limit=MOST)


async def decide(tx: Tx, by: Viewer, pair_id: int, told: PairDecisionIn, now: datetime) -> SuspectedPairFact:
    """Take down what two accounts are. Only `merge` does more: it joins or merges as the inbox would.

    Raises PairSettled, NothingToMerge, NotFound, NotPermitted, and what joining and merging raise.
    """
    require(by, "command")
    row = await store.locked(tx, by.stream, pair_id)
    pair = await store.visible(tx, by, pair_id) if row else None
    if row is None or pair is None:
        raise NotFound("该对记录", "pair")
    if row.decision is not None:
        raise PairSettled(row.decided_by)
    if told.decision == "merge":
        await _merge(tx, by, pair.left, pair.right, told.reason, now)
    row.decision = "merged" if told.decision == "merge" else told.decision
    row.reason, row.decided_by, row.decided_at = told.reason, by.name, now
    await tx.flush()
    fact = PairTold(**{name: getattr(row, name) for name in PairTold.model_fields})
    incidents = {one.incident_id for one in (pair.left, pair.right)}
    await _tell(tx, by.stream, fact, incidents, row.region_code, now, by)
    settled = await store.visible(tx, by, pair_id)
    assert settled is not None
    return settled


async def _merge(
    tx: Tx, by: Viewer, left: AccountFact, right: AccountFact, reason: str, now: datetime
) -> None:
    """Merge the later incident into the earlier, or join the waiting notice to the other's incident."""
    if left.kind == right.kind == "incident":
        await merge(tx, by, right.id, MergeIn(into_id=left.id, reason=reason), now)
        return
    for notice, other in ((right, left), (left, right)):
        into = other.incident_id
        if notice.kind == "notice" and notice.state == "waiting" and into is not None:
            await inbox.join(tx, by, notice.id, JoinIn(incident_id=into, note=reason[:200]), now)
            return
    raise NothingToMerge


async def _tell(
    tx: Tx,
    stream: str,
    told: PairTold,
    incident_ids: set[int | None],
    place: str,
    now: datetime,
    by: Viewer | None,
) -> None:
    """Tell of a pair: need-to-know if one of its incidents is."""
    secrecy = [await secrecies.of_incident(tx, one) for one in sorted(i for i in incident_ids if i)]
    readers = [set(one.readers) for one in secrecy if one.readers]
    concern = Concern(
        (place,),
        restricted=any(one.restricted for one in secrecy),
        readers=tuple(sorted(set.intersection(*readers))) if readers else (),
    )
    event = PairChanged(type="pair.settled" if told.decision else "pair.suspected", pair=told)
    await journal.append(tx, stream, now, [journal.Entry(event, concern)], actor(by) if by else None)
