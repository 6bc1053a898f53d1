"""What people tell reporting."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from app.commands import Command, Line, Moment, Reason, RowId

EnteredKind = Literal["learned", "received", "figure", "flag", "happening", "milestone", "scope", "evidence"]


class ReportKnownIn(Command):
    """A fact the deadlines hang on: since when (`at`) what holds.

    learned and received: `name` is the node that came to know. figure: hot_pixels with its `value`. flag:
    `value` 0 takes it down. happening, milestone (fire_out, stable) and scope: `name` says which. `corrects`
    names the entry that was wrong; then a `reason` is needed, and without `at` the entry is taken back.
    `evidence`: where it is seen (a posting, a recording); the kind evidence moves no deadline, it is listed
    beside what the node `name` says of itself.
    """

    kind: EnteredKind
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
    at: Moment | None = None
    value: Annotated[float, Field(ge=0, le=1_000_000)] | None = None
    corrects: RowId | None = None
    reason: Line = ""
    evidence: Line = ""


class LateReasonIn(Command):
    """Why a report was late (迟报原因)."""

    reason: Reason
