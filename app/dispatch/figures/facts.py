"""The shapes of figures on the wire."""

from __future__ import annotations

from datetime import datetime

from app.dispatch.figures.kinds import FigureKind
from app.wire import Fact


class FigureFact(Fact):
    """One telling of one figure: from whom, by what means, with its three times."""

    id: int
    kind: FigureKind
    value: float
    source: str
    channel: str
    note: str = ""
    happened_at: datetime | None = None
    told_at: datetime
    entered_at: datetime
    entered_by: str
    official: bool = False


class ChoiceFact(Fact):
    """Who chose which figure as official, and why; no figure: it is being verified again."""

    id: int
    kind: FigureKind
    figure_id: int | None
    value: float | None
    reason: str
    chosen_by: str
    chosen_at: datetime


class FigureBook(Fact):
    """All that was told and chosen of an incident, the latest first.

    `conflicts` are the kinds told differently.
    """

    figures: list[FigureFact]
    choices: list[ChoiceFact]
    conflicts: list[FigureKind]
