"""The events of API tokens, for auditors only."""

from __future__ import annotations

from typing import Literal

from app.org.tokens.facts import TokenFact
from app.wire import Fact


class TokenChanged(Fact):
    """A token was made or revoked; a revoked one's screens are closed."""

    type: Literal["token.made", "token.revoked"]
    username: str
    token: TokenFact
