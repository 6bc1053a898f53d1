"""What people read of versions: what one says, how two differ; limits written into a text."""

from __future__ import annotations

import asyncio

from app.db import Tx
from app.nodes import RulesInvalid
from app.org.rules.access import Viewer, require
from app.refusals import FieldFault, InvalidInput, NotFound
from app.reporting.rulebook import store
from app.reporting.rulebook.actions.versions import brief, read
from app.reporting.rulebook.commands import RulesLimitsIn
from app.reporting.rulebook.facts import RulesBrief, RulesDifference, RulesReading, RulesVersion
from app.reporting.rulebook.refusals import RulesFaulty
from app.reporting.rulebook.shapes import difference_of, reading_of
from app.reporting.rules.editing import NoSuchLimit, Place, with_limits
from app.reporting.settings import Reporting, file_text


async def version(tx: Tx, by: Viewer, policy: Reporting, rules_id: int) -> RulesVersion:
    """Return a version with what it says; 0 is the file. Raises NotFound, NotPermitted."""
    require(by, "see_desk")
    text, profiles, told = await _text(tx, by, policy, rules_id)
    reading = await asyncio.to_thread(reading_of, text, policy)
    return RulesVersion(brief=told, profiles=profiles, reading=reading)


async def check(by: Viewer, policy: Reporting, text: str) -> RulesReading:
    """Return what a text says, or all its mistakes; nothing is kept. Raises NotPermitted."""
    require(by, "see_desk")
    return await asyncio.to_thread(reading_of, text, policy)


async def set_limits(by: Viewer, policy: Reporting, told: RulesLimitsIn) -> RulesReading:
    """Return the text with limits written into it; nothing is kept. Raises InvalidInput, NotPermitted."""
    require(by, "see_desk")
    changes = [(Place(o.profile, o.rule, o.key, o.channel, o.grade), o.value) for o in told.limits]
    try:
        text = await asyncio.to_thread(with_limits, told.text, changes)
    except NoSuchLimit as missing:
        where = str(missing)
        raise InvalidInput(
            FieldFault("limits", f"文本中没有此项时限:{where}", f"the text has no such limit: {where}")
        ) from missing
    except RulesInvalid as refused:
        raise RulesFaulty(refused) from refused
    except ValueError as error:
        raise InvalidInput(FieldFault("text", "文本过长", str(error))) from error
    return await asyncio.to_thread(reading_of, text, policy)


async def difference(tx: Tx, by: Viewer, policy: Reporting, before: int, after: int) -> RulesDifference:
    """Return how two versions differ, 0 being the file. Raises NotFound, RulesFaulty, NotPermitted."""
    require(by, "see_desk")
    one, other = await setup(tx, by, policy, before), await setup(tx, by, policy, after)
    return await asyncio.to_thread(difference_of, (before, after), one, other)


async def setup(tx: Tx, by: Viewer, policy: Reporting, rules_id: int) -> Reporting:
    """Return a version's rules and profiles, drafts too; 0 is the file. Raises NotFound, RulesFaulty."""
    if rules_id == 0:
        return policy.file
    text, profiles, _ = await _text(tx, by, policy, rules_id)
    return policy.file.held(None, None, await read(text, policy), tuple(profiles))


async def _text(
    tx: Tx, by: Viewer, policy: Reporting, rules_id: int
) -> tuple[str, list[str], RulesBrief | None]:
    if rules_id == 0:
        text = await asyncio.to_thread(file_text, policy.file.path)
        return text, list(policy.file.profiles), None
    row = await store.row(tx, rules_id, by.stream)
    if row is None:
        raise NotFound("该版规则", "version of the rules")
    return row.text, list(row.profiles), brief(row)
