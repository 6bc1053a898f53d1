"""Who may do what in a drill: its injects are need-to-know, by the drill and not by the rank."""

from __future__ import annotations

from app.db import Tx
from app.exercise.facts import DrillFact
from app.exercise.store import drills
from app.exercise.tables import Drill
from app.org.rules.access import Concern, Viewer, may_for_county, require_for_county
from app.refusals import NotFound, NotPermitted


async def for_control(tx: Tx, by: Viewer, drill_id: int, *, directs: bool = False) -> Drill:
    """Return a drill, locked, which this person controls; with `directs` which he directs.

    To everybody else there is no such thing. Raises NotFound, NotPermitted.
    """
    require_for_county(by, "command")
    row = await drills.locked(tx, by.stream, drill_id)
    role = await drills.role_of(tx, drill_id, by.account_id)
    if row is None or role is None:
        raise NotFound("您导调的该演练", "drill that you control")
    if directs and role != "director":
        raise NotPermitted
    return row


async def for_pausing(tx: Tx, by: Viewer, drill_id: int) -> Drill:
    """Return a drill, locked, which this person may pause: who controls it, or leads the desk.

    What is in earnest does not wait for the director. Raises NotFound, NotPermitted.
    """
    require_for_county(by, "command")
    row = await drills.locked(tx, by.stream, drill_id)
    if row is None:
        raise NotFound("该演练", "drill")
    if await drills.role_of(tx, drill_id, by.account_id) is None and not may_for_county(by, "reopen"):
        raise NotPermitted
    return row


async def controllers_only(tx: Tx, row: Drill) -> Concern:
    """Return whom the injects of a drill concern: those who control it, by their accounts."""
    readers = [f"account:{one.account_id}" for one in await drills.members(tx, row.id or 0)]
    return Concern((row.stream.ljust(12, "0"),), restricted=True, readers=tuple(readers))


def county_of(row: Drill, fact: DrillFact) -> Concern:
    """Return whom the drill itself concerns: the desk of the county, and the townships that take part."""
    named = (one.key.partition(":") for one in (*fact.participants, *fact.observers))
    places = [code.ljust(12, "0") for kind, _, code in named if kind == "place"]
    return Concern((row.stream.ljust(12, "0"), *places))
