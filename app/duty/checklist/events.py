"""The event of checklists."""

from __future__ import annotations

from typing import Literal

from app.duty.checklist.facts import ChecklistEvidenceFact
from app.wire import Fact


class ReadinessEvidenceChanged(Fact):
    """Evidence for an item of a checklist was given, or revoked. `item_zh`, `item_en`: what it is for."""

    type: Literal["readiness.evidence_given", "readiness.evidence_revoked"]
    item_zh: str
    item_en: str
    evidence: ChecklistEvidenceFact
