"""The events of accounts: for auditors only."""

from __future__ import annotations

from typing import Literal

from app.wire import Fact


class AccountEvent(Fact):
    """Somebody logged in, failed to, or logged out. `address` is the network address."""

    type: Literal["account.logged_in", "account.login_refused", "account.logged_out"]
    username: str
    address: str
