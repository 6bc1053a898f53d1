"""What is typed for a second factor."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from app.commands import Command

Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=6, max_length=20)]


class CodeIn(Command):
    """Six digits of the app, or a code from paper."""

    code: Code
