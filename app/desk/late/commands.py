"""The one shape of everything that is entered after the fact."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from app.commands import Command, Line, Moment, Paragraph, RegionCode, RowId, ToldChannel
from app.dispatch.figures.kinds import FigureKind

Voucher = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class LateEntryIn(Command):
    """An entry after the fact: when it happened and was told, how, who vouches for it; then its kind's own.

    `report`: `region_code`, `text`. `log`: `post_id`, `text`. `figure`: `incident_id`, `figure`, `value`.
    `step`: `assignment_id`, `step`. `heads`: `shelter_id`, `heads`.
    """

    kind: Literal["report", "log", "figure", "step", "heads"]
    happened_at: Moment
    told_at: Moment
    channel: ToldChannel
    voucher: Voucher
    text: Paragraph = ""
    region_code: RegionCode | None = None
    incident_id: RowId | None = None
    post_id: RowId | None = None
    figure: FigureKind | None = None
    value: Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)] | None = None
    assignment_id: RowId | None = None
    step: Literal["acknowledge", "decline", "depart", "arrive", "finish", "return"] | None = None
    reason: Line = ""
    shelter_id: RowId | None = None
    heads: Annotated[int, Field(ge=0, le=200_000)] | None = None
