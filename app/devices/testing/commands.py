"""What people ask about device tests: the validated shapes of commands."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from app.commands import Command


class ByHand(Command):
    """A test somebody made: did it work, and what was seen."""

    passed: bool
    detail: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""


class DeviceTestIn(Command):
    """A test to note (`by_hand`), or, without it, a device to be asked now."""

    by_hand: ByHand | None = None
