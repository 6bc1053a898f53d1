"""Versions of the rules on the wire: what they say in words, how two differ, what would have been due."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.dispatch.facts import ReportKind, ReportNode
from app.reporting.facts import ReportMeans
from app.wire import Fact

RulesState = Literal["draft", "published", "dropped"]


class RulesBrief(Fact):
    """A version without its text. `label` is what the text calls itself; `base_id` what it was made from."""

    id: int
    number: int
    label: str
    sha256: str
    profiles: list[str]
    state: RulesState
    revision: int
    base_id: int | None
    author: str
    created_at: datetime
    edited_by: str
    edited_at: datetime
    reason: str
    published_by: str | None
    published_at: datetime | None
    holds_from: datetime | None


class RulesList(Fact):
    """The county's versions, the newest first. `in_force` is the one that holds at `at`, 0 for the file.

    `published_last` is what whoever publishes must have seen; the rights are those of who asks.
    """

    versions: list[RulesBrief]
    in_force: int
    published_last: int
    file_label: str
    file_profiles: list[str]
    may_draft: bool
    may_publish: bool
    at: datetime


class RulesFaultFact(Fact):
    """A mistake in a text of rules: its line from 1, where it is, what is wrong."""

    line: int
    path: str
    zh: str
    en: str


class RulesLimitFact(Fact):
    """A limit as it stands in the text; `grade` None: of all its grades. It may be set by a form."""

    key: Literal["due_min", "due_working_days"]
    channel: ReportMeans
    grade: str | None
    value: str


class RulesFieldFact(Fact):
    """A field of a rule in words."""

    field: str
    name_zh: str
    name_en: str
    zh: str
    en: str


class RulesRuleFact(Fact):
    """A rule as an officer reads it; `limits` are what a form may set."""

    id: str
    kind: ReportKind
    mark: str
    line: int
    kind_zh: str
    kind_en: str
    way_zh: str
    way_en: str
    whom_zh: str
    whom_en: str
    limit_zh: str
    limit_en: str
    anchor_zh: str
    anchor_en: str
    note: str
    limits: list[RulesLimitFact]


class RulesProfileFact(Fact):
    """A profile with its rules; `marks` counts them: V verified, L local, K own knowledge, D default."""

    id: str
    zh: str
    en: str
    statutory: bool
    marks: dict[str, int]
    rules: list[RulesRuleFact]


class RulesReading(Fact):
    """What a text of rules says: its mistakes, or else its profiles."""

    text: str
    label: str
    faults: list[RulesFaultFact]
    default_profiles: list[str]
    profiles: list[RulesProfileFact]


class RulesVersion(Fact):
    """A version with what it says; `brief` None: the file."""

    brief: RulesBrief | None
    profiles: list[str]
    reading: RulesReading


class RulesFieldChange(Fact):
    """A field before and after, in words."""

    field: str
    name_zh: str
    name_en: str
    before_zh: str
    before_en: str
    after_zh: str
    after_en: str


class RulesRuleChange(Fact):
    """A rule, or a whole profile (`rule_id` empty), that was added, removed or changed."""

    profile: str
    profile_zh: str
    profile_en: str
    rule_id: str
    change: Literal["added", "removed", "changed"]
    fields: list[RulesFieldChange]


class RulesNamed(Fact):
    """A profile by its name."""

    id: str
    zh: str
    en: str


class RulesDifference(Fact):
    """All that differs between two versions; `switched` are profiles switched on and off."""

    before: int
    after: int
    switched_on: list[RulesNamed]
    switched_off: list[RulesNamed]
    rules: list[RulesRuleChange]
    shared: list[RulesFieldChange]


class RulesTriedDue(Fact):
    """When a report is due by one set of rules: late minutes as of now, or for good once it was made."""

    due_at: datetime
    rule_id: str
    profile: str
    late_minutes: int


class RulesTriedRow(Fact):
    """One report of one incident that would be due otherwise; None where it is not asked for."""

    incident_id: int
    incident_number: str
    incident_title: str
    sender: ReportNode
    receiver: ReportNode
    channel: ReportMeans
    kind: ReportKind
    round: int
    change: Literal["added", "removed", "earlier", "later", "other_rule"]
    done_at: datetime | None
    before: RulesTriedDue | None
    after: RulesTriedDue | None


class RulesTrial(Fact):
    """What would have been due. `incidents` were tried, of the reports that differ the first are `rows`.

    `left_off` differences are counted but not listed; `more_incidents`: the range held more than were tried.
    """

    incidents: int
    more_incidents: bool
    reports_before: int
    reports_after: int
    late_before: int
    late_after: int
    changes: dict[str, int]
    rows: list[RulesTriedRow]
    left_off: int
