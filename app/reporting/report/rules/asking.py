"""Whom a desk asks again for what a report says is being verified (正在核实). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta


def whom_to_ask(commander: str, callers: Sequence[tuple[str, str]], post: tuple[str, str], place: str) -> str:
    """Return who is to be asked, with the number: who commands there, who told of it, the place's desk.

    `callers` and `post` are name and number, "" where there is none; a caller without a number is no help.
    """
    if commander:
        return f"现场负责人{commander}"
    reached = [(name, phone) for name, phone in (*callers, post) if phone]
    if reached:
        return " ".join(filter(None, reached[0]))
    return f"{place}值班室"


def still_unknown(said: Sequence[str], now: Sequence[str]) -> tuple[str, ...]:
    """Return what a version said is being verified and the record does not know yet, in its order."""
    return tuple(one for one in said if one in now)


def next_ask(asked: int, most: int, every: timedelta, now: datetime) -> datetime | None:
    """Return when it is asked next after `asked` times, None when it was asked often enough."""
    return now + every if asked < most else None
