"""What people ask of notices: the validated shapes of commands."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from app.commands import Command, RowId
from app.delivery.notices.rules import LONGEST

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST)]


class NoticeIn(Command):
    """Words to these people, each told once."""

    person_ids: Annotated[list[RowId], Field(min_length=1, max_length=50)]
    text: Words
