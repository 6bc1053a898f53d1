"""What a person has to have been trained for to hold a seat (domain/rules B7, R19). Pure."""

from __future__ import annotations

import re
from collections.abc import Collection

_BETWEEN = re.compile(r"[、,,;;]")


def required(text: str) -> frozenset[str]:
    """Read what a seat requires as it is written there: `接警受理、信息报送` are two, nothing is none."""
    return frozenset(word for part in _BETWEEN.split(text) if (word := part.strip()))


def lacking(requires: Collection[str], held: Collection[str]) -> tuple[str, ...]:
    """Return what somebody with these qualifications still has to be trained for, sorted."""
    return tuple(sorted(set(requires) - set(held)))


def said(lacks: Collection[str]) -> tuple[str, str]:
    """Say in Chinese and English what is lacking."""
    return (
        f"未取得席位要求的资质:{'、'.join(lacks)}",
        f"not trained for what the seat requires: {', '.join(lacks)}",
    )
