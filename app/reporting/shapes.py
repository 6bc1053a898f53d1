"""Rows of dues as they stand on the wire at an instant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.reporting.facts import (
    ReportCapFact,
    ReportDueFact,
    ReportLateFact,
    ReportRuleFact,
    ReportState,
    ReportWhyFact,
)
from app.reporting.rules.book import Semantics
from app.reporting.rules.clock import Span, standing
from app.reporting.rules.dues import Due
from app.reporting.rules.words import in_words, limit_in_words
from app.reporting.tables import ReportDue, ReportLate

_HIDDEN = frozenset(
    {
        "stream",
        "incident_id",
        "explanation",
        "state",
        "alarmed_at",
        "next_alarm_at",
        "messaged_at",
        "rules_id",
        "before_at",
    }
)


def due_fact(
    row: ReportDue,
    incident: tuple[int, str, str],
    lates: Sequence[ReportLate],
    semantics: Semantics,
    now: datetime,
) -> ReportDueFact:
    """Return a due as it stands now; `incident` is its id, number and title."""
    stands = standing(Span(row.begins_at, row.due_at, row.done_at), semantics, now)
    state: ReportState = "dropped" if row.state == "dropped" else stands.state
    fields: dict[str, Any] = row.model_dump(exclude=set(_HIDDEN))
    flagged = any(one.kind == "late" for one in lates)
    return ReportDueFact(
        **fields,
        incident_id=incident[0],
        incident_number=incident[1],
        incident_title=incident[2],
        why=ReportWhyFact.model_validate(row.explanation),
        state=state,
        at=now,
        seconds_left=int((row.due_at - now).total_seconds()) if row.state == "open" else None,
        late_minutes=stands.late_min,
        flagged=flagged,
        disputed=flagged and (stands.late_min == 0 or row.state == "dropped"),
        late=[ReportLateFact(**one.model_dump(exclude={"due_id", "account_id"})) for one in lates],
    )


def why_fact(due: Due, zone: ZoneInfo) -> ReportWhyFact:
    """Return the whole reason of a due just reckoned."""
    zh, en = in_words(due, zone)
    limit_zh, limit_en = limit_in_words(due.why.limit)
    passed = due.cap_exceeded_upstream
    return ReportWhyFact(
        zh=zh,
        en=en,
        limit_zh=limit_zh,
        limit_en=limit_en,
        losers=[
            ReportRuleFact(rule_id=one.rule.id, profile=one.rule.profile, mark=one.rule.mark, due_at=one.at)
            for one in due.losers
        ],
        cap=ReportCapFact(
            rule_id=passed.rule_id,
            profile=passed.profile,
            cap_at=passed.cap_at,
            node=passed.late_node,
            late_minutes=passed.late_min,
        )
        if passed
        else None,
        skip_allowed=due.skip_allowed,
    )
