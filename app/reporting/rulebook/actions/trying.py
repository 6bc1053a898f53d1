"""Try rules on recorded incidents: what would have been due. Nothing is written."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from app.db import Tx
from app.org.rules.access import Viewer, require
from app.refusals import FieldFault, InvalidInput
from app.reporting.rulebook.actions.reading import setup
from app.reporting.rulebook.actions.versions import read
from app.reporting.rulebook.commands import RulesTryIn
from app.reporting.rulebook.facts import RulesTrial, RulesTriedDue, RulesTriedRow
from app.reporting.rulebook.in_force import in_force
from app.reporting.rulebook.recorded import Recorded, recorded
from app.reporting.rules.clock import standing
from app.reporting.rules.dry_run import Difference, Setup, dry_run
from app.reporting.rules.dues import Due, dues
from app.reporting.rules.terms import OURS
from app.reporting.settings import Reporting

MOST_ROWS = 1_000


async def try_rules(tx: Tx, by: Viewer, policy: Reporting, told: RulesTryIn, now: datetime) -> RulesTrial:
    """Reckon incidents by the rules in force and by others, side by side.

    Raises RulesFaulty, InvalidInput for a profile the rules do not know, NotFound, NotPermitted.
    """
    require(by, "see_desk")
    held = await in_force(tx, policy, by.stream, now)
    other = replace(await _tried(tx, by, policy, told), days=held.days)
    found = await recorded(tx, by, told, now)
    return await asyncio.to_thread(_trial, Setup(held.rules, held.profiles, held.days), other, found, now)


async def _tried(tx: Tx, by: Viewer, policy: Reporting, told: RulesTryIn) -> Setup:
    if told.text is not None:
        rules = await read(told.text, policy)
        profiles = rules.default_profiles
    else:
        version = await setup(tx, by, policy, told.version or 0)
        rules, profiles = version.rules, version.profiles
    chosen = tuple(dict.fromkeys(told.profiles)) if told.profiles else profiles
    if unknown := [one for one in chosen if one not in rules.profiles]:
        raise InvalidInput(
            FieldFault("profiles", f"没有方案{'、'.join(unknown)}", f"no such profile: {', '.join(unknown)}")
        )
    return Setup(rules, chosen)


def _trial(before: Setup, after: Setup, found: Recorded, now: datetime) -> RulesTrial:
    of = {row.number: (row.id or 0, row.title) for row in found.incidents}
    differences = [one for one in dry_run(before, after, found.situations, now) if one.key[0] in OURS]
    rows = [_row(one, of[one.situation], before, after, now) for one in differences[:MOST_ROWS]]
    counts = [_counted(one, found, now) for one in (before, after)]
    return RulesTrial(
        incidents=len(found.incidents),
        more_incidents=found.more,
        reports_before=counts[0][0],
        reports_after=counts[1][0],
        late_before=counts[0][1],
        late_after=counts[1][1],
        changes=dict(Counter(one.change for one in differences)),
        rows=rows,
        left_off=len(differences) - len(rows),
    )


def _counted(setup: Setup, found: Recorded, now: datetime) -> tuple[int, int]:
    """Return how many reports are asked for, and how many of them are late."""
    asked: Iterable[Due] = (
        due
        for situation in found.situations
        for due in dues(situation, setup.rules, setup.profiles, now, setup.days)
        if due.sender in OURS
    )
    late = [standing(due, setup.rules.semantics, now).late_min > 0 for due in asked]
    return len(late), sum(late)


def _row(
    one: Difference, incident: tuple[int, str], before: Setup, after: Setup, now: datetime
) -> RulesTriedRow:
    sender, receiver, channel, kind = one.key
    done = next((due.done.at for due in (one.after, one.before) if due and due.done), None)
    return RulesTriedRow(
        incident_id=incident[0],
        incident_number=one.situation,
        incident_title=incident[1],
        sender=sender,
        receiver=receiver,
        channel=channel,
        kind=kind,
        round=one.round,
        change=one.change,
        done_at=done,
        before=_due(one.before, before, now),
        after=_due(one.after, after, now),
    )


def _due(due: Due | None, setup: Setup, now: datetime) -> RulesTriedDue | None:
    if due is None:
        return None
    rule = due.why.rule
    late = standing(due, setup.rules.semantics, now).late_min
    return RulesTriedDue(due_at=due.at, rule_id=rule.id, profile=rule.profile, late_minutes=late)
