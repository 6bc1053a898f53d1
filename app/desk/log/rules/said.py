"""The shape of an entry in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Line = Literal["government", "work_safety", "disaster", "rescue"]
"""The four business lines kept at one desk (四合一, domain/rules A2.5)."""
Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """An entry in words: what happened, what was done about it, who told it."""

    zh: str
    en: str
    lines: tuple[Line, ...]
    source: str
    action: str = ""


SYSTEM = "系统"
