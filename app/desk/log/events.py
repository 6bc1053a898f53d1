"""The event of the duty log."""

from __future__ import annotations

from typing import Literal

from app.desk.log.facts import LogEntryFact
from app.wire import Fact


class LogEntered(Fact):
    """Somebody entered something in the duty log."""

    type: Literal["duty_log.entered"]
    entry: LogEntryFact
