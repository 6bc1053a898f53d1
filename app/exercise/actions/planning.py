"""A drill is planned from its script, changed while it is planned, and another lets loudspeakers sound."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.db import Tx
from app.dispatch.exercise import store as parties
from app.dispatch.exercise.tables import DrillParty
from app.exercise.actions.permission import county_of, for_control
from app.exercise.commands import DrillEditIn, DrillIn, DrillMemberIn, DrillVoiceIn
from app.exercise.events import DrillChanged
from app.exercise.facts import DrillFact
from app.exercise.refusals import BadScript, DrillMoved, DrillStale, VoiceNeedsAnother
from app.exercise.rules.script import Script, WrongScript, read_script
from app.exercise.store import drills, injects
from app.exercise.tables import Drill, DrillInject, DrillMember
from app.filing.rules.numbers import series_of
from app.filing.store.series import next_running
from app.journal import store as journal
from app.org.rules.access import Viewer, actor, require_for_county
from app.refusals import FieldFault, InvalidInput, NotFound


def checked(source: str) -> Script:
    """Return what a script says. Raises BadScript with every fault by its line."""
    try:
        return read_script(source)
    except WrongScript as error:
        raise BadScript(error.faults) from error


async def plan(tx: Tx, by: Viewer, told: DrillIn, now: datetime, zone: ZoneInfo) -> DrillFact:
    """Plan a drill as its director. Raises BadScript, InvalidInput, NotPermitted."""
    require_for_county(by, "command")
    script = checked(told.source)
    year = told.planned_at.astimezone(zone).year
    running = await next_running(tx, by.stream, series_of("drill", by.stream, drill=True), year)
    row = Drill(
        stream=by.stream,
        number=f"演〔{year}〕{running}号",
        source=told.source,
        planned_at=told.planned_at,
        director=by.name,
        made_at=now,
        **_of_script(script),
    )
    tx.add(row)
    await tx.flush()
    tx.add(DrillMember(drill_id=row.id or 0, account_id=by.account_id, role="director"))
    await _fill(tx, by, row, script, told.members)
    await _name(tx, row, told)
    return await tell(tx, by, row, "drill.planned", now)


async def edit(tx: Tx, by: Viewer, drill_id: int, told: DrillEditIn, now: datetime) -> DrillFact:
    """Write a planned drill anew. Raises BadScript, DrillMoved, DrillStale, NotFound, NotPermitted."""
    row = await for_control(tx, by, drill_id, directs=True)
    if row.state != "planned":
        raise DrillMoved(row.state)
    if row.revision != told.revision:
        raise DrillStale
    script = checked(told.source)
    for name, value in _of_script(script).items():
        setattr(row, name, value)
    row.source, row.planned_at, row.revision = told.source, told.planned_at, row.revision + 1
    await injects.forget(tx, drill_id)
    await drills.forget_members(tx, drill_id)
    await _fill(tx, by, row, script, told.members)
    await _name(tx, row, told)
    return await tell(tx, by, row, "drill.amended", now)


async def let_sound(tx: Tx, by: Viewer, drill_id: int, told: DrillVoiceIn, now: datetime) -> DrillFact:
    """Let loudspeakers sound in a drill (真实喊话), as another than its director who approves broadcasts.

    Raises VoiceNeedsAnother, DrillMoved, NotFound, NotPermitted.
    """
    require_for_county(by, "approve_broadcast")
    row = await drills.locked(tx, by.stream, drill_id)
    if row is None:
        raise NotFound("该演练", "drill")
    if row.director == by.name or await drills.role_of(tx, drill_id, by.account_id) == "director":
        raise VoiceNeedsAnother
    if row.state not in ("planned", "running", "paused"):
        raise DrillMoved(row.state)
    row.live_voice, row.live_voice_by, row.revision = True, by.name, row.revision + 1
    return await tell(tx, by, row, "drill.amended", now, f"批准真实喊话:{told.reason}")


async def tell(
    tx: Tx,
    by: Viewer,
    row: Drill,
    type_: str,
    now: datetime,
    reason: str = "",
    before: Sequence[journal.Entry] = (),
) -> DrillFact:
    """Put a drill's new state into the journal, after what comes before. The last call of an action."""
    await tx.flush()
    fact = await drills.fact(tx, row.id or 0)
    event = DrillChanged(type=type_, told=fact, reason=reason)
    await journal.append(
        tx, row.stream, now, [*before, journal.Entry(event, county_of(row, fact))], actor(by)
    )
    return await drills.fact(tx, row.id or 0, by)


def _of_script(script: Script) -> dict[str, Any]:
    return script.model_dump(include={"code", "name", "kind", "no_script", "purpose", "minutes"})


async def _fill(tx: Tx, by: Viewer, row: Drill, script: Script, members: Sequence[DrillMemberIn]) -> None:
    wanted = {one.account_id: one.role for one in members if one.account_id != by.account_id}
    if missing := set(wanted) - set(await drills.accounts(tx, row.stream, list(wanted))):
        account = min(missing)
        zh, en = f"没有账号 {account},导调人员须是县级值班账号", f"no account {account} of the county's desk"
        raise InvalidInput(FieldFault("members", zh, en))
    for account_id, role in wanted.items():
        tx.add(DrillMember(drill_id=row.id or 0, account_id=account_id, role=role))
    for n, one in enumerate(script.injects, start=1):
        spec = one.model_dump(mode="json")
        tx.add(DrillInject(drill_id=row.id or 0, ordinal=n, key=one.id, spec=spec))
    await tx.flush()


async def _name(tx: Tx, row: Drill, told: DrillIn) -> None:
    """Write down who takes part and who looks on; who controls the drill knows of it too."""
    roles = {"participant": told.participants, "observer": told.observers}
    names = await parties.names_of(tx, row.stream, [*told.participants, *told.observers])
    for field, keys in (("participants", told.participants), ("observers", told.observers)):
        if missing := [key for key in keys if key not in names]:
            zh, en = f"没有 {missing[0]},请从列表中选择", f"no {missing[0]}: choose from the list"
            raise InvalidInput(FieldFault(field, zh, en))
    for role, keys in roles.items():
        tx.add_all(
            DrillParty(drill_id=row.id or 0, key=key, role=role, name=names[key])
            for key in dict.fromkeys(keys)
        )
    for one in await drills.members(tx, row.id or 0):
        key = f"account:{one.account_id}"
        tx.add(DrillParty(drill_id=row.id or 0, key=key, role="controller", name=one.name))
    await tx.flush()
