"""Which part of a noun a document is of: a day, a month, a number."""

from __future__ import annotations

from datetime import date

from app.refusals import FieldFault, InvalidInput


def day_asked(part: str) -> date:
    """Return a day. Raises InvalidInput."""
    try:
        found = date.fromisoformat(part)
    except ValueError:
        found = date.min
    if not 2000 <= found.year <= 2099 or len(part) != 10:
        raise InvalidInput(FieldFault("part", "日期应写作 2025-07-01", "write the day as 2025-07-01"))
    return found


def month_asked(part: str) -> date:
    """Return the first day of a month. Raises InvalidInput."""
    try:
        found = date.fromisoformat(f"{part}-01")
    except ValueError:
        found = date.min
    if not 2000 <= found.year <= 2099 or len(part) != 7:
        raise InvalidInput(FieldFault("part", "月份应写作 2025-07", "write the month as 2025-07"))
    return found


def number_asked(part: str, zh: str, en: str) -> int:
    """Return a small number. Raises InvalidInput naming what it is of."""
    if not (part.isascii() and part.isdigit() and len(part) <= 6):
        raise InvalidInput(FieldFault("part", f"请写明{zh}", f"say which {en}"))
    return int(part)
