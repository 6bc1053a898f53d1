"""Which way a notice takes, and what its SMS says. Pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Literal

NoticeStep = Literal["app", "sms", "none"]
LIFETIME = timedelta(hours=4)
"""A notice that waited longer for its SMS is not sent: what it speaks of is over."""
LONGEST = 300
_RECEIPT = re.compile(r"^[\s【\[(]*(?:1|收到|已收到|知道了|ok|roger)[\s。.!\uff01】\])]*$", re.IGNORECASE)


def first_step(*, logged_in: bool, phone: str, by_sms: bool) -> NoticeStep:
    """Return how a person is told first: where he is logged in, else by SMS; `none` does not reach him."""
    if logged_in:
        return "app"
    return "sms" if phone and by_sms else "none"


def sms_at(
    step: NoticeStep, phone: str, sent_at: datetime, answer: timedelta, *, by_sms: bool
) -> datetime | None:
    """Return when a notice that nobody opened in the app goes out by SMS, None for never."""
    return sent_at + answer if step == "app" and phone and by_sms else None


def sms_text(text: str) -> str:
    """Return the words of the SMS, with how to say that one has read it."""
    return f"【值班】{text[:LONGEST]} 收到请回复1"


def says_received(text: str) -> bool:
    """Whether an SMS is the receipt of a notice: 1, 收到."""
    return _RECEIPT.match(text) is not None


def same_number(left: str, right: str) -> bool:
    """Whether two spellings are one telephone, by their last eleven digits: +86 may be missing."""
    one, other = (re.sub(r"\D", "", number)[-11:] for number in (left, right))
    return len(one) >= 7 and one == other
