"""When silence is acted upon (督办): first at the due time, second some time later, each once a round."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

About = Literal["acknowledgement", "report"]
LATE = timedelta(minutes=1)  # fired so much after its time it was missed, by an outage


@dataclass(frozen=True, slots=True)
class Waits:
    """The county's waiting times: for the receipt, and from the first supervision to the second."""

    acknowledge: timedelta
    ack_second: timedelta
    report_second: timedelta


@dataclass(frozen=True, slots=True)
class Standing:
    """What a recipient owes: a receipt, a report, and how often it was told so in this round.

    `steps`: how far it may go; a drill stops at the first, nobody's head is called for it.
    """

    state: str
    ack_due_at: datetime | None
    report_due_at: datetime | None
    ack_told: int
    report_told: int
    steps: int = 2


@dataclass(frozen=True, slots=True)
class Step:
    """One supervision to come: what about, the first or the second, and when."""

    about: About
    step: int
    at: datetime


def next_step(held: Standing, waits: Waits) -> Step | None:
    """Return the earliest supervision still to come, None when nothing is owed or all has been told."""
    steps: list[Step] = []
    if held.state == "sent" and held.ack_due_at is not None and held.ack_told < held.steps:
        at = held.ack_due_at + waits.ack_second * held.ack_told
        steps.append(Step("acknowledgement", held.ack_told + 1, at))
    owes = held.state in ("sent", "acknowledged")
    if owes and held.report_due_at is not None and held.report_told < held.steps:
        at = held.report_due_at + waits.report_second * held.report_told
        steps.append(Step("report", held.report_told + 1, at))
    return min(steps, key=lambda one: one.at, default=None)
