"""Which rules hold in a transaction: the county's version in force, else the file the process was given.

Every node asks the database in the very transaction that reckons, so that all of them follow a publication
at once; what was read is kept by version, which never changes.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime

import structlog

from app.db import Tx
from app.duty.county_days import store as county_days
from app.nodes import RulesInvalid
from app.reporting.rulebook import store
from app.reporting.rulebook.tables import ReportingRules
from app.reporting.rules.profile import read_rules
from app.reporting.settings import Reporting

log = structlog.get_logger()


async def in_force(tx: Tx, file: Reporting, stream: str, now: datetime) -> Reporting:
    """Return the rules that hold now. A version a later release cannot read gives way to the one before."""
    if file.resolved:
        return file
    days = await county_days.extra_days(tx, stream)
    for rules_id in await store.in_force(tx, stream, now):
        if (found := await _read(tx, file, rules_id)) is not None:
            return replace(found, days=days)
    return replace(file.held(None, None), days=days)


async def of_version(tx: Tx, policy: Reporting, rules_id: int | None) -> Reporting | None:
    """Return a version as it was published, of None the file; None where it cannot be read any more."""
    found = policy.file if rules_id is None else await _read(tx, policy.file, rules_id)
    return None if found is None else replace(found, days=policy.days)


async def _read(tx: Tx, file: Reporting, rules_id: int) -> Reporting | None:
    if rules_id not in file.versions:
        row = await store.row(tx, rules_id)
        file.versions[rules_id] = None if row is None else await _parsed(file, row)
    return file.versions[rules_id]


async def _parsed(file: Reporting, row: ReportingRules) -> Reporting | None:
    try:
        rules = await asyncio.to_thread(read_rules, row.text, f"#{row.number}", file.rules.zone)
    except RulesInvalid as refused:
        log.error("reporting_rules_unreadable", version=row.number, faults=str(refused))
        return None
    profiles = tuple(one for one in row.profiles if one in rules.profiles)
    return file.held(row.id, row.holds_from, rules, profiles)
