"""Personal data (个人信息): what a reader sees of it who need not know it.

One rule for every answer, push and print. Telephones keep three digits and four (138****1234), names of those
who called us or are moved to safety keep the surname (张*), identity numbers the place and the last four.
Which keys hold what is decided here; `tests/api/test_personal.py` walks the contract, and a new field that
looks like personal data fails until it stands here. Any other text loses the numbers that stand in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")
HIDDEN: ContextVar[bool] = ContextVar("personal_data_hidden", default=False)
"""Whether who reads now may not see personal data. Set for each request (app/api/veil.py)."""

# Telephones, whole, in whatever form they were written.
NUMBERS = frozenset(
    (
        "phone",
        "phones",
        "mobile",
        "holder_phone",
        "leader_phone",
        "from_phone",
        "lead_phone",
        "opener_phone",
        "owner_phone",
        "keeper_phone",
        "satellite_number",
        "beidou_number",
    )
)
# What is called like personal data and is words: kept, but for the numbers that stand in them.
TEXTS: Mapping[str, str] = {
    "contact": "whom to ask about a report, in words: an official's name and number",
    "caller": "which of our own calls somebody",
}
# Lists of those who called us: their names.
_CALLERS = frozenset({"callers"})
# Somebody of a household is a resident, not an official.
_RESIDENT = "household"
# Numbers of devices, by which they are kept and told apart; not of people.
_DEVICE_KEYS = frozenset({"device_number", "printed_number"})
_DEVICE_MARKS = frozenset({"family", "device_id"})

_TELEPHONE = re.compile(
    r"(?<![0-9A-Fa-f])(?:(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}-\d{7,8})(?![0-9A-Fa-f])"
)
_IDENTITY = re.compile(
    r"(?<![0-9A-Za-z])\d{6}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"
)
_COLUMN = re.compile(r"电话|手机|联系方式|卫星电话|北斗号|[Pp]hone|[Mm]obile")
_DIGIT = re.compile(r"\d")


def number(told: str) -> str:
    """Return a telephone number as those see it who need not call: 138****1234."""
    digits = len(_DIGIT.findall(told))
    front, back = (3, 4) if digits >= 11 else (2, 2) if digits >= 7 else (0, 0)
    seen = 0

    def hide(match: re.Match[str]) -> str:
        nonlocal seen
        seen += 1
        return match[0] if seen <= front or seen > digits - back else "*"

    return _DIGIT.sub(hide, told)


def name(told: str) -> str:
    """Return the surname: 张*."""
    return f"{told[:1]}*" if told.strip() else told


def text(told: str) -> str:
    """Return a text without the telephone and identity numbers that stand in it."""
    kept = _IDENTITY.sub(lambda found: f"{found[0][:3]}{'*' * 11}{found[0][-4:]}", told)
    return _TELEPHONE.sub(lambda found: number(found[0]), kept)


def shown(told: str) -> str:
    """Return a text as whoever reads now may see it: for what is printed."""
    return text(told) if HIDDEN.get() else told


def cell(header: str, told: T) -> T | str:
    """Return a cell of a sheet as whoever reads now may see it, by the header of its column."""
    if not HIDDEN.get() or not isinstance(told, str):
        return told
    return number(told) if _COLUMN.search(header) else text(told)


def veiled(told: Any) -> Any:
    """Return an answer or an event, as plain data, without the personal data in it."""
    return _veiled(told, "", within="")


def _veiled(told: Any, key: str, *, within: str) -> Any:
    if isinstance(told, Mapping):
        device = not _DEVICE_MARKS.isdisjoint(told)
        resident = _RESIDENT in told
        veil = {}
        for one, value in told.items():
            if isinstance(value, str):
                person = one == "name" and (resident or within in _CALLERS)
                veil[one] = name(value) if person else _word(value, one, within=within, device=device)
            else:
                veil[one] = _veiled(value, one, within=one)
        return veil
    if isinstance(told, list):
        return [_veiled(one, key, within=within) for one in told]
    return _word(told, key, within=within, device=False) if isinstance(told, str) else told


def _word(told: str, key: str, *, within: str, device: bool) -> str:
    if key in NUMBERS or (key == "number" and within in NUMBERS):
        return number(told)
    if key in _DEVICE_KEYS or (key == "number" and device):
        return told
    return text(told)


def hidden_in(told: Any) -> Iterator[tuple[str, str, str]]:
    """Yield what the veil hides of an answer: a JSON pointer, the value, and whose it is, if it says."""
    yield from _differences(told, veiled(told), "", "")


def _differences(whole: Any, veil: Any, pointer: str, whose: str) -> Iterator[tuple[str, str, str]]:
    if isinstance(whole, Mapping):
        whose = _name_in(whole) or whose
        for key in whole:
            yield from _differences(whole[key], veil[key], f"{pointer}/{key}", whose)
    elif isinstance(whole, list):
        for n, (one, other) in enumerate(zip(whole, veil, strict=True)):
            yield from _differences(one, other, f"{pointer}/{n}", whose)
    elif whole != veil:
        yield pointer, whole, whose


def _name_in(told: Mapping[str, Any]) -> str:
    found = (told.get(key) for key in ("name", "person_name", "holder_name", "leader_name", "from_name"))
    return next((one for one in found if isinstance(one, str) and one), "")
