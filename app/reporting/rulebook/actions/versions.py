"""A version is drafted, edited, dropped, and published from an instant on."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from app.db import Tx
from app.journal import store as journal
from app.nodes import RulesInvalid
from app.org.rules.access import Concern, Viewer, actor, may_for_county, require, require_for_county
from app.refusals import FieldFault, InvalidInput, NotFound
from app.reporting.rulebook import store
from app.reporting.rulebook.commands import RulesDraftIn, RulesDropIn, RulesPublishIn
from app.reporting.rulebook.events import RulesChanged
from app.reporting.rulebook.facts import RulesBrief, RulesList
from app.reporting.rulebook.in_force import in_force
from app.reporting.rulebook.refusals import (
    NoDraft,
    PublishedMeanwhile,
    RulesFaulty,
    StaleRules,
    TooManyDrafts,
)
from app.reporting.rulebook.tables import ReportingRules
from app.reporting.rules.book import Rulebook
from app.reporting.rules.profile import read_rules
from app.reporting.settings import Reporting

MOST_DRAFTS = 20
AHEAD_AT_MOST = timedelta(days=366)


async def listed(tx: Tx, by: Viewer, policy: Reporting, now: datetime) -> RulesList:
    """Return the county's versions and which of them holds. Raises NotPermitted."""
    require(by, "see_desk")
    held = await in_force(tx, policy, by.stream, now)
    return RulesList(
        versions=[brief(row) for row in await store.versions(tx, by.stream)],
        in_force=held.id or 0,
        published_last=await store.last_published(tx, by.stream),
        file_label=policy.file.rules.version,
        file_profiles=list(policy.file.profiles),
        may_draft=may_for_county(by, "review_reports"),
        may_publish=may_for_county(by, "approve_duty"),
        at=now,
    )


async def draft(tx: Tx, by: Viewer, policy: Reporting, told: RulesDraftIn, now: datetime) -> RulesBrief:
    """Keep a new draft. Raises RulesFaulty, InvalidInput, TooManyDrafts, NotPermitted."""
    require_for_county(by, "review_reports")
    rules = await read(told.text, policy)
    _check_profiles(told.profiles, rules)
    await store.one_at_a_time(tx, by.stream)
    drafts = sum(row.state == "draft" for row in await store.versions(tx, by.stream))
    if drafts >= MOST_DRAFTS:
        raise TooManyDrafts(MOST_DRAFTS)
    base = await store.row(tx, told.base, by.stream) if told.base else None
    row = ReportingRules(
        stream=by.stream,
        number=1 + await store.last_number(tx, by.stream),
        label=rules.version,
        text=told.text,
        sha256=_hash(told.text),
        profiles=_once(told.profiles),
        base_id=base.id if base else None,
        author=by.name,
        account_id=by.account_id,
        created_at=now,
        edited_by=by.name,
        edited_at=now,
    )
    tx.add(row)
    return await _tell(tx, by, row, "reporting_rules.drafted", now)


async def edit(
    tx: Tx, by: Viewer, policy: Reporting, rules_id: int, told: RulesDraftIn, now: datetime
) -> RulesBrief:
    """Change a draft. Raises RulesFaulty, StaleRules, NoDraft, InvalidInput, NotFound, NotPermitted."""
    require_for_county(by, "review_reports")
    rules = await read(told.text, policy)
    _check_profiles(told.profiles, rules)
    row = await _draft(tx, by, rules_id, told.revision)
    row.label, row.text, row.sha256 = rules.version, told.text, _hash(told.text)
    row.profiles, row.revision = _once(told.profiles), row.revision + 1
    row.edited_by, row.edited_at = by.name, now
    return await _tell(tx, by, row, "reporting_rules.edited", now)


async def publish(
    tx: Tx, by: Viewer, policy: Reporting, rules_id: int, told: RulesPublishIn, now: datetime
) -> RulesBrief:
    """Let a draft hold from an instant on. Of two who publish at once the second is told.

    Raises PublishedMeanwhile, StaleRules, NoDraft, RulesFaulty, InvalidInput, NotFound, NotPermitted.
    """
    require_for_county(by, "approve_duty")
    row = await _draft(tx, by, rules_id, told.revision)
    last = await store.last_published(tx, by.stream)
    if last != told.published_last:
        other = await store.row(tx, last)
        assert other is not None
        raise PublishedMeanwhile(other.number, other.published_by or "")
    _check_profiles(row.profiles, await read(row.text, policy))  # a later release may read more strictly
    holds_from = told.holds_from or now
    if not now <= holds_from <= now + AHEAD_AT_MOST:
        raise InvalidInput(
            FieldFault("holds_from", "生效时间不能早于现在,最迟一年内", "from now on, within a year")
        )
    row.state, row.revision, row.reason = "published", row.revision + 1, told.reason
    row.published_by, row.published_at, row.holds_from = by.name, now, holds_from
    return await _tell(tx, by, row, "reporting_rules.published", now, told.reason)


async def drop(tx: Tx, by: Viewer, rules_id: int, told: RulesDropIn, now: datetime) -> RulesBrief:
    """Drop a draft; who may publish may also withdraw, with a reason, what does not hold yet.

    Raises StaleRules, NoDraft, InvalidInput, NotFound, NotPermitted.
    """
    require_for_county(by, "review_reports")
    row = await _version(tx, by, rules_id)
    if row.state == "published" and row.holds_from is not None and row.holds_from > now:
        require_for_county(by, "approve_duty")
        if told.reason == "":
            raise InvalidInput(FieldFault("reason", "请写明撤回原因", "say why it is withdrawn"))
    elif row.state != "draft":
        raise NoDraft
    if row.revision != told.revision:
        raise StaleRules
    row.state, row.revision, row.dropped_by, row.dropped_at = "dropped", row.revision + 1, by.name, now
    return await _tell(tx, by, row, "reporting_rules.dropped", now, told.reason)


async def read(text: str, policy: Reporting) -> Rulebook:
    """Read a text of rules. Raises RulesFaulty with every mistake."""
    try:
        return await asyncio.to_thread(read_rules, text, "", policy.rules.zone)
    except RulesInvalid as refused:
        raise RulesFaulty(refused) from refused


def brief(row: ReportingRules) -> RulesBrief:
    """Return the shape of a version."""
    return RulesBrief(**row.model_dump(exclude={"stream", "text", "account_id", "dropped_by", "dropped_at"}))


def _check_profiles(profiles: Sequence[str], rules: Rulebook) -> None:
    if unknown := [one for one in profiles if one not in rules.profiles]:
        known = ", ".join(rules.profiles)
        raise InvalidInput(
            FieldFault(
                "profiles",
                f"没有方案{'、'.join(unknown)},可用:{known}",
                f"no such profile: {', '.join(unknown)}; use {known}",
            )
        )


async def _version(tx: Tx, by: Viewer, rules_id: int) -> ReportingRules:
    await store.one_at_a_time(tx, by.stream)
    row = await store.row(tx, rules_id, by.stream)
    if row is None:
        raise NotFound("该版规则", "version of the rules")
    return row


async def _draft(tx: Tx, by: Viewer, rules_id: int, revision: int | None) -> ReportingRules:
    row = await _version(tx, by, rules_id)
    if row.state != "draft":
        raise NoDraft
    if row.revision != revision:
        raise StaleRules
    return row


def _once(profiles: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(profiles))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


async def _tell(
    tx: Tx,
    by: Viewer,
    row: ReportingRules,
    type_: Literal[
        "reporting_rules.drafted",
        "reporting_rules.edited",
        "reporting_rules.published",
        "reporting_rules.dropped",
    ],
    now: datetime,
    words: str = "",
) -> RulesBrief:
    await tx.flush()
    told = brief(row)
    concern = Concern((by.stream.ljust(12, "0"),))
    event = RulesChanged(type=type_, rules=told, words=words)
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern)], actor(by))
    return told
