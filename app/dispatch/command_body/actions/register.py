"""Keep the register of command bodies."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.db import Tx
from app.dispatch.command_body import store
from app.dispatch.command_body.commands import CommandBodyAmendIn, CommandBodyIn, CommandHolderIn
from app.dispatch.command_body.events import CommandBodyChanged
from app.dispatch.command_body.facts import CommandBodyFact
from app.dispatch.command_body.refusals import BodyStale
from app.dispatch.command_body.tables import CommandBody
from app.journal import store as journal
from app.org import store as org
from app.org.rules.access import Concern, Viewer, actor, require, require_for_county
from app.refusals import FieldFault, InvalidInput, NotFound


async def listed(tx: Tx, by: Viewer, *, retired: bool = False) -> list[CommandBodyFact]:
    """Return the register. Raises NotPermitted."""
    require(by, "see_desk")
    return [await store.body_fact(tx, row) for row in await store.listed(tx, by.stream, retired=retired)]


async def register(tx: Tx, by: Viewer, told: CommandBodyIn, now: datetime) -> CommandBodyFact:
    """Enter a headquarters. Raises InvalidInput, NotPermitted."""
    require_for_county(by, "manage_people")
    row = CommandBody(stream=by.stream, kind=told.kind, name_zh=told.name_zh)
    await _write(tx, by, row, told)
    tx.add(row)
    return await _tell(tx, by, row, "command_body.registered", now)


async def amend(tx: Tx, by: Viewer, body_id: int, told: CommandBodyAmendIn, now: datetime) -> CommandBodyFact:
    """Set a headquarters anew; activations stay as they were.

    Raises BodyStale, InvalidInput, NotFound, NotPermitted.
    """
    row = await _known(tx, by, body_id)
    if row.version != told.version:
        raise BodyStale(row.name_zh)
    await _write(tx, by, row, told)
    row.version += 1
    return await _tell(tx, by, row, "command_body.amended", now)


async def retire(tx: Tx, by: Viewer, body_id: int, now: datetime) -> CommandBodyFact:
    """Take a headquarters out of the register. Raises NotFound, NotPermitted."""
    row = await _known(tx, by, body_id)
    row.retired_at = now
    return await _tell(tx, by, row, "command_body.retired", now)


async def named(tx: Tx, holders: list[CommandHolderIn]) -> list[dict[str, Any]]:
    """Return who holds posts, by the names of the register of persons. Raises InvalidInput."""
    names = await org.names(tx, [one.person_id for one in holders if one.person_id is not None])
    missing = [one.person_id for one in holders if one.person_id is not None and one.person_id not in names]
    if missing:
        raise InvalidInput(
            FieldFault("posts", f"没有人员 {missing[0]},请重新选择", f"no such person: {missing[0]}")
        )
    return [
        {
            "post": one.post,
            "person_id": one.person_id,
            "name": one.name if one.person_id is None else names[one.person_id],
        }
        for one in holders
    ]


async def _write(tx: Tx, by: Viewer, row: CommandBody, told: CommandBodyIn) -> None:
    known = await store.units(tx, by.stream, told.member_unit_ids)
    if len(known) < len(set(told.member_unit_ids)):
        raise InvalidInput(
            FieldFault("member_unit_ids", "成员单位不存在,请重新选择", "no such member unit: choose again")
        )
    row.kind, row.name_zh, row.name_en = told.kind, told.name_zh, told.name_en
    row.hazards = list(dict.fromkeys(told.hazards))
    row.posts = await named(tx, told.posts)
    row.member_unit_ids = [one.id for one in known]


async def _known(tx: Tx, by: Viewer, body_id: int) -> CommandBody:
    require_for_county(by, "manage_people")
    row = await store.body(tx, by.stream, body_id)
    if row is None or row.retired_at is not None:
        raise NotFound("该指挥部", "headquarters")
    return row


async def _tell(tx: Tx, by: Viewer, row: CommandBody, event_type: str, now: datetime) -> CommandBodyFact:
    await tx.flush()
    fact = await store.body_fact(tx, row)
    event = CommandBodyChanged(type=event_type, body=fact)
    await journal.append(
        tx, by.stream, now, [journal.Entry(event, Concern((by.stream.ljust(12, "0"),)))], actor(by)
    )
    return fact
