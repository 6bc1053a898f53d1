"""The events of contact."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.dispatch.contact.facts import ContactAttemptFact, ContactTaskFact, FrozenSituation
from app.wire import Fact


class UnitContactChanged(Fact):
    """A unit is out of contact, answers by few means only, or is heard as usual again."""

    type: Literal["contact.lost", "contact.limited", "contact.restored"]
    unit: str
    name_zh: str
    region_code: str
    heartbeat_at: datetime
    means: list[str] = []
    frozen: FrozenSituation | None = None
    task: ContactTaskFact | None = None


class ContactTaskChanged(Fact):
    """Somebody took the task, tried, or closed it by his own word."""

    type: Literal["contact.taken", "contact.attempted", "contact.task_closed"]
    task: ContactTaskFact
    attempt: ContactAttemptFact | None = None
