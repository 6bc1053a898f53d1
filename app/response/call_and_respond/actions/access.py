"""Who may do what: the centre starts, draws and ends; each desk calls and reports for its own places."""

from __future__ import annotations

from app.db import Tx
from app.org.rules.access import Viewer, require
from app.refusals import NotFound, NotPermitted
from app.response.call_and_respond.refusals import CalloutOver
from app.response.call_and_respond.store import rounds, targets
from app.response.call_and_respond.tables import CalloutRound, CalloutTarget


def require_at_centre(by: Viewer) -> None:
    """Raise NotPermitted unless this person may command, and for the whole county."""
    require(by, "command")
    if not by.stream.startswith(by.scope):
        raise NotPermitted


async def round_for_centre(tx: Tx, by: Viewer, round_id: int) -> CalloutRound:
    """Return a round, locked, for one at the centre. Raises NotPermitted, NotFound."""
    require_at_centre(by)
    row = await rounds.row(tx, by.stream, round_id, lock=True)
    if row is None:
        raise NotFound("该轮叫应", "round of calls")
    return row


async def target_for_desk(tx: Tx, by: Viewer, target_id: int) -> tuple[CalloutRound, CalloutTarget]:
    """Return (round, target locked) of a running round, for a desk whose scope holds the place.

    Raises NotPermitted, NotFound, CalloutOver.
    """
    require(by, "command")
    return await running_target(tx, by, target_id, covered=True)


async def target_for_called(tx: Tx, by: Viewer, target_id: int) -> tuple[CalloutRound, CalloutTarget, int]:
    """Return (round, target locked, his line in the list) for a person who is called there himself.

    Raises NotFound, CalloutOver.
    """
    mine = [
        one.id
        for one in await targets.people(tx, [target_id])
        if one.person_id is not None and one.person_id == by.person_id
    ]
    if not mine or mine[0] is None:
        raise NotFound("该叫应", "call")
    row, target = await running_target(tx, by, target_id, covered=False)
    return row, target, mine[0]


async def running_target(
    tx: Tx, by: Viewer, target_id: int, *, covered: bool
) -> tuple[CalloutRound, CalloutTarget]:
    """Return (round, target locked); with `covered` the place must lie in the scope."""
    target = await targets.locked(tx, by.stream, target_id)
    if target is None or (covered and not by.covers(target.region_code)):
        raise NotFound("该叫应对象", "target of the calls")
    row = await rounds.row(tx, by.stream, target.round_id)
    assert row is not None  # a target has a round of the same county
    if row.state != "running":
        raise CalloutOver
    return row, target
