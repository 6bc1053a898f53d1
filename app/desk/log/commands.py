"""What people enter in the duty log."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from app.commands import Command, Line, Moment, Paragraph, RowId
from app.desk.log.facts import Source
from app.desk.log.rules.said import Line as BusinessLine

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class EntryIn(Command):
    """An entry; times that are not told are now. `corrects_seq` puts an older line right."""

    text: Words
    action: Paragraph = ""
    source: Source = "desk"
    source_name: Line = ""
    lines: Annotated[list[BusinessLine], Field(min_length=1, max_length=4)] = ["government"]
    occurred_at: Moment | None = None
    told_at: Moment | None = None
    incident_id: RowId | None = None
    corrects_seq: RowId | None = None
