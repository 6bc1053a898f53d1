"""What a browser brings back from the provider."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from app.commands import Command

_Told = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]


class OidcReturnIn(Command):
    """The parameters of the address it came back to; or `factor` alone, once it was asked for."""

    code: _Told | None = None
    state: _Told | None = None
    iss: _Told | None = None
    factor: Annotated[str, StringConstraints(strip_whitespace=True, min_length=6, max_length=20)] | None = (
        None
    )
