"""Ask for the second factor at login."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.org.second_factor import rules, store
from app.refusals import FieldFault, InvalidInput, Refusal


class SecondFactorNeeded(Refusal):
    """The password is right; the account asks for a code too."""

    code = "second_factor_needed"

    def __init__(self) -> None:
        super().__init__(
            "请输入手机验证器上的 6 位数字,或一个备用码",
            "type the six digits of your app, or a code from paper",
        )


_WRONG = (
    "验证码不对或已用过,请等下一个数字;总是不对请检查手机时间",
    "the code is wrong or was used: wait for the next; if it stays wrong, check the phone's clock",
)


class BadCode(Refusal):
    """At login: the code is not of now, was used already, or is none of those on paper."""

    code = "bad_code"

    def __init__(self) -> None:
        super().__init__(*_WRONG)


def wrong_code() -> InvalidInput:
    """Return the same where somebody is logged in: a fault of what he typed, which ends no login."""
    return InvalidInput(FieldFault("code", *_WRONG))


async def proves(tx: Tx, account_id: int, code: str | None, now: datetime) -> bool:
    """Whether a login may go on, which uses the code up. Raises SecondFactorNeeded when none was told."""
    row = await store.of(tx, account_id)
    if row is None or row.confirmed_at is None:
        return True
    if code is None:
        raise SecondFactorNeeded
    told = rules.normal(code)
    if (step := rules.matching_step(row.secret, told, now, row.last_step)) is not None:
        row.last_step = step
        return True
    if (left := rules.without(row.paper, told)) is not None:
        row.paper = left
        return True
    return False
