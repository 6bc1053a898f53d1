"""The events of status round-ups."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.dispatch.status_call.facts import (
    HeadCalledFact,
    StatusCallFact,
    StatusRecipientFact,
    StatusRepeatFact,
    StatusTextFact,
)
from app.wire import Fact


class StatusCallChanged(Fact):
    """A round was planned, asked, closed or called off."""

    type: Literal["status_call.planned", "status_call.opened", "status_call.closed", "status_call.cancelled"]
    status_call: StatusCallFact
    reason: str = ""


class StatusRecipientChanged(Fact):
    """A unit read the questions, was reminded, answered or corrected its answer."""

    type: Literal["status_call.read", "status_call.reminded", "status_call.answered", "status_call.corrected"]
    title: str
    due_at: datetime
    unit: StatusRecipientFact


class StatusHeadCalled(Fact):
    """A unit stayed silent beyond the deadline: its head was called."""

    type: Literal["status_call.escalated"]
    called: HeadCalledFact


class StatusTextRefused(Fact):
    """A text meant as an answer could not be read; it is kept, its sender was told how to write it."""

    type: Literal["status_call.text_refused"]
    text: StatusTextFact


class StatusSummarised(Fact):
    """A round was kept as one version of a summary."""

    type: Literal["status_call.summarised"]
    status_call: StatusCallFact
    version: int


class StatusRepeatChanged(Fact):
    """A series is asked again by itself from now on, or no longer."""

    type: Literal["status_call.repeat_set", "status_call.repeat_stopped"]
    title: str
    drill: bool
    repeat: StatusRepeatFact
