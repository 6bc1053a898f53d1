"""Tests of simple values for content models; each returns None for a good value."""

from __future__ import annotations

import re

from app.codecs.findings import shown
from app.codecs.markup.model import Problem, Test

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}\Z")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})\Z")


def one_of(*values: str) -> Test:
    """Accept these spellings, case and all."""
    accepted = frozenset(values)
    listed = "、".join(values), ", ".join(values)

    def test(text: str) -> Problem | None:
        if text in accepted:
            return None
        zh = f"的值 {shown(text)} 不在允许范围内:{listed[0]}"
        return "VALUE_NOT_ALLOWED", zh, f"may not be {shown(text)}: use one of {listed[1]}"

    return test


def like(pattern: str, zh: str, en: str, code: str = "VALUE_NOT_ALLOWED") -> Test:
    """Accept what matches a pattern wholly; `zh` and `en` describe it."""
    shape = re.compile(pattern)

    def test(text: str) -> Problem | None:
        if shape.fullmatch(text):
            return None
        return code, f"的值 {shown(text)} 应为{zh}", f"is {shown(text)}, it must be {en}"

    return test


def integer(text: str) -> Problem | None:
    """Accept a whole number."""
    if _INTEGER.match(text.strip()):
        return None
    return "VALUE_NOT_ALLOWED", f"的值 {shown(text)} 应为整数", f"is {shown(text)}, it must be a whole number"


def decimal(text: str) -> Problem | None:
    """Accept a decimal number without exponent."""
    if _DECIMAL.match(text.strip()):
        return None
    return "VALUE_NOT_ALLOWED", f"的值 {shown(text)} 应为数字", f"is {shown(text)}, it must be a number"


def between(least: int, most: int) -> Test:
    """Accept a whole number in a range, ends included."""

    def test(text: str) -> Problem | None:
        if not integer(text) and least <= int(text) <= most:
            return None
        zh = f"的值 {shown(text)} 应为 {least} 到 {most} 的整数"
        return "VALUE_NOT_ALLOWED", zh, f"is {shown(text)}, it must be a whole number from {least} to {most}"

    return test
