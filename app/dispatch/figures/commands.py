"""What people say about figures."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from app.commands import Command, Line, Moment, Reason, RowId
from app.dispatch.figures.kinds import FigureKind

Source = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class FigureIn(Command):
    """A figure as told. `official` None: it becomes official if none of its kind is yet."""

    kind: FigureKind
    value: Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
    source: Source
    channel: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = "telephone"
    note: Line = ""
    happened_at: Moment | None = None
    told_at: Moment | None = None
    official: bool | None = None


class FigureChoiceIn(Command):
    """Choose a figure as official; no figure: the kind is being verified again."""

    kind: FigureKind
    figure_id: RowId | None
    reason: Reason
