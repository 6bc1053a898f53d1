"""The numbers by which a person is reached, and how they are written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

PhoneLabel = Literal["mobile", "office", "home"]
LABELS: dict[PhoneLabel, tuple[str, str]] = {
    "mobile": ("手机", "mobile"),
    "office": ("办公", "office"),
    "home": ("住宅", "home"),
}
MOST_PHONES = 6
PHONE = re.compile(r"\+?[0-9](?:-?[0-9]){2,18}")
SATELLITE = re.compile(r"\+?[0-9]{5,15}")
BEIDOU = re.compile(r"[0-9]{1,8}")
PHONE_FORM = ("电话号码应为 3–19 位数字,可含 + 和 -", "a telephone number has 3 to 19 digits, + and -")
SATELLITE_FORM = ("卫星号码应为 5–15 位数字", "a satellite number has 5 to 15 digits")
BEIDOU_FORM = ("北斗卡号应为 1–8 位数字", "a Beidou card number has 1 to 8 digits")

_WORDS: dict[str, PhoneLabel] = {
    "手机": "mobile",
    "移动": "mobile",
    "mobile": "mobile",
    "办公": "office",
    "办公室": "office",
    "座机": "office",
    "固话": "office",
    "单位": "office",
    "office": "office",
    "住宅": "home",
    "家": "home",
    "家庭": "home",
    "家里": "home",
    "home": "home",
}
_LABELLED = re.compile(r"([^\d+]*+)(\+?[\d-]++)")


def usual_label(number: str) -> PhoneLabel:
    """Return what a number that nobody labelled usually is: eleven digits from 1 are a mobile."""
    return "mobile" if re.fullmatch(r"(\+?86)?1[0-9]{10}", number) else "office"


def labels_of(numbers: Sequence[str], labels: Sequence[str]) -> list[str]:
    """Return a label for each number; one that nobody labelled gets what it usually is."""
    told = (*labels, *("" for _ in numbers))
    return [
        label if label in LABELS else usual_label(number)
        for number, label in zip(numbers, told, strict=False)
    ]


def labelled(word: str) -> tuple[PhoneLabel, str] | None:
    """Read a number as people write it, `办公0799-5550110` or the bare number; None if it is none."""
    told = _LABELLED.fullmatch(word.strip())
    if told is None or PHONE.fullmatch(told[2]) is None:
        return None
    name = told[1].strip(" \t\r\n:：").lower()
    label = _WORDS.get(name) if name else usual_label(told[2])
    return (label, told[2]) if label else None
