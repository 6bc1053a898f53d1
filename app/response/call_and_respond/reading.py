"""Rounds and targets as a person may see them: a desk its scope, a person called what he is called for."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.org.rules.access import Viewer, require
from app.refusals import NotFound
from app.response.call_and_respond.actions import calling
from app.response.call_and_respond.facts import (
    CalloutMineFact,
    CalloutRoundDetail,
    CalloutTargetDetail,
)
from app.response.call_and_respond.store import rounds, targets

MOST_MINE = 20


async def round_detail(tx: Tx, by: Viewer, round_id: int, now: datetime) -> CalloutRoundDetail:
    """Return a round with the targets of a scope. Raises NotPermitted, NotFound."""
    require(by, "see_desk")
    row = await rounds.row(tx, by.stream, round_id)
    found = await targets.facts(tx, by.scope, now, round_ids=[round_id])
    if row is None or not found:
        raise NotFound("该轮叫应", "round of calls")
    return CalloutRoundDetail(**dict(rounds.fact_of(row, found)), targets=found)


async def target_detail(tx: Tx, by: Viewer, target_id: int, now: datetime) -> CalloutTargetDetail:
    """Return a target of a scope with everything about it. Raises NotPermitted, NotFound."""
    require(by, "see_desk")
    await tx.flush()
    found = await targets.facts(tx, by.scope, now, ids=[target_id])
    if not found or await rounds.row(tx, by.stream, found[0].round_id) is None:
        raise NotFound("该叫应对象", "target of the calls")
    return await targets.detail(tx, found[0])


async def mine_of(tx: Tx, by: Viewer, now: datetime) -> list[CalloutMineFact]:
    """Return what calls this person himself; what he sees here is delivered, not answered."""
    if by.person_id is None:
        return []
    roles = dict(await targets.mine(tx, by.stream, by.person_id, MOST_MINE))
    found = await targets.facts(tx, by.stream, now, ids=list(roles))
    of_round = await rounds.of_ids(tx, [one.round_id for one in found])
    await calling.read(tx, by, list(roles), now)
    return [
        CalloutMineFact(
            round=rounds.fact_of(of_round[one.round_id], []),
            target=one,
            role=roles[one.id],
        )
        for one in found
    ]
