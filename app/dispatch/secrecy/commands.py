"""What people say about who may know an incident."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from app.commands import Command, Reason

ReaderKey = Annotated[str, StringConstraints(pattern=r"^(person|account|unit|post):[1-9]\d{0,17}$")]


class SecrecyIn(Command):
    """Set both flags and the readers over the version that was read; readers make it restricted."""

    version: Annotated[int, Field(ge=1, le=2**31)]
    sensitive: bool
    restricted: bool
    readers: Annotated[list[ReaderKey], Field(max_length=100)] = []
    reason: Reason
