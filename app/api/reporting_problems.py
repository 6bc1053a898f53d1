"""The status of every refusal of reporting, and its faults in words."""

from __future__ import annotations

from collections.abc import Mapping

from app.refusals import Refusal
from app.reporting.actions.late import NotLate
from app.reporting.rulebook.refusals import (
    NoDraft,
    PublishedMeanwhile,
    RulesFaulty,
    StaleRules,
    TooManyDrafts,
)
from app.reporting.sheet.turns import ProofBusy

REPORTING_STATUS: Mapping[type[Refusal], int] = {
    NoDraft: 409,
    NotLate: 409,
    ProofBusy: 503,
    PublishedMeanwhile: 409,
    RulesFaulty: 422,
    StaleRules: 409,
    TooManyDrafts: 409,
}
REPORTING_FAULTS: Mapping[str, tuple[str, str]] = {
    "rules_to_try": ("请给出规则文本或版本,二者选一", "name a text or a version: one of them"),
    "incidents_to_try": ("请给出时段或事件,二者选一", "name a range or incidents: one of them"),
}
