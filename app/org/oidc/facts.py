"""What is told of the login by the provider."""

from __future__ import annotations

from app.wire import Fact


class OidcOffer(Fact):
    """Whether one may log in by a provider: what its button is called, None without one."""

    name: str | None


class OidcBegun(Fact):
    """Where the browser goes to log in."""

    url: str
