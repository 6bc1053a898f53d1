"""The events of kept accounts, for auditors only."""

from __future__ import annotations

from typing import Literal

from app.wire import Fact

KeptAs = Literal[
    "account.opened",
    "account.amended",
    "account.closed",
    "account.password_set",
    "account.logins_ended",
    "account.factor_added",
    "account.factor_removed",
]


class AccountKept(Fact):
    """An account was opened, amended (`changed` names the fields), closed, or given a new password.

    `account.logins_ended` ends its logins and nothing else, `account.factor_…` is about its second factor.
    `account_id` tells whose screens are closed.
    """

    type: KeptAs
    username: str
    account_id: int
    changed: list[str] = []
