"""Is it as the script has it? A plain value must be equal; a mapping of these words says more.

`at` an instant, `took`+`since`, `within`+`since`, `has`, `lacks`, `set` (any order), `min`, `max`, `one_of`,
`not`, `starts`, `ends`, `matches`, `count`, `null`, `is` (a whole mapping), `each` (holds of every one).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any

from app.scenario.values import moment, span


class Unlike(Exception):
    """What was expected is not what came."""

    def __init__(self, expected: str, got: str) -> None:
        super().__init__(f"expected {expected} got {got}")
        self.expected, self.got = expected, got


def shown(value: Any) -> str:
    """Write a value for a person, cut where it is long."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 300 else text[:300] + "…"


def require(actual: Any, wanted: Any, now: datetime, zone: tzinfo) -> None:
    """Do nothing if a value is as wanted. Raises Unlike, ValueError for a wish that cannot be read."""
    if isinstance(wanted, Mapping):
        _by_words(actual, wanted, now, zone)
    elif not same(actual, wanted):
        raise Unlike(shown(wanted), shown(actual))


def same(actual: Any, wanted: Any) -> bool:
    """Whether two values are equal; 5 is 5.0, but true is not 1."""
    if isinstance(actual, bool) or isinstance(wanted, bool):
        return actual is wanted
    if isinstance(actual, list) and isinstance(wanted, list):
        return len(actual) == len(wanted) and all(map(same, actual, wanted))
    if isinstance(actual, Mapping) and isinstance(wanted, Mapping):
        return actual.keys() == wanted.keys() and all(same(actual[key], wanted[key]) for key in wanted)
    return bool(actual == wanted)


def _by_words(actual: Any, wanted: Mapping[str, Any], now: datetime, zone: tzinfo) -> None:
    if unknown := set(wanted) - WORDS:
        raise ValueError("、".join(sorted(unknown)))
    for word, value in wanted.items():
        if word in _PLAIN:
            if not _PLAIN[word](actual, value):
                raise Unlike(f"{word} {shown(value)}", shown(actual))
        elif word == "each":
            for one in actual:
                require(one, value, now, zone)
        elif word in ("at", "took", "within"):
            _by_time(actual, word, str(value), wanted, now, zone)


def _by_time(
    actual: Any, word: str, value: str, wanted: Mapping[str, Any], now: datetime, zone: tzinfo
) -> None:
    known = _instant(actual, word)
    if word == "at":
        if known != moment(value, now, zone):
            raise Unlike(f"at {local(moment(value, now, zone), zone)}", local(known, zone))
        return
    since = wanted.get("since")
    begun = _instant(since, "since") if _is_instant(since) else moment(str(since), now, zone)
    took = known - begun
    if (took != span(value)) if word == "took" else not timedelta() <= took <= span(value):
        raise Unlike(f"{word} {value}", f"{took}")


def _is_instant(text: Any) -> bool:
    return isinstance(text, str) and "T" in text


def _instant(actual: Any, word: str) -> datetime:
    try:
        return datetime.fromisoformat(actual)
    except (TypeError, ValueError):
        raise Unlike(f"{word}: an instant / 时刻", shown(actual)) from None


def local(at: datetime, zone: tzinfo) -> str:
    """Write an instant as the county's clock shows it."""
    return f"{at.astimezone(zone):%m-%d %H:%M:%S}"


def _has(actual: Any, wanted: Any) -> bool:
    if isinstance(actual, str):
        return all(one in actual for one in ([wanted] if isinstance(wanted, str) else wanted))
    asked = wanted if isinstance(wanted, list) else [wanted]
    return all(any(same(known, one) for known in actual) for one in asked)


def _set(actual: Any, wanted: Any) -> bool:
    def key(one: Any) -> str:
        return json.dumps(one, sort_keys=True, default=str)

    return same(sorted(actual, key=key), sorted(wanted, key=key))


_PLAIN: dict[str, Callable[[Any, Any], bool]] = {
    "has": _has,
    "lacks": lambda actual, value: not _has(actual, value),
    "set": _set,
    "min": lambda actual, value: actual is not None and actual >= value,
    "max": lambda actual, value: actual is not None and actual <= value,
    "one_of": lambda actual, value: any(same(actual, one) for one in value),
    "not": lambda actual, value: not same(actual, value),
    "starts": lambda actual, value: str(actual).startswith(str(value)),
    "ends": lambda actual, value: str(actual).endswith(str(value)),
    "matches": lambda actual, value: re.search(str(value), str(actual)) is not None,
    "count": lambda actual, value: len(actual) == value,
    "null": lambda actual, value: (actual is None) is value,
    "is": same,
}
WORDS = {*_PLAIN, "each", "at", "took", "within", "since"}
