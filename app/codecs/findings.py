"""What is wrong with a message, said so that its sender can mend it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

MOST = 100
"""Findings kept of one message; what follows is counted in one last finding."""

_SHOWN = 60
_HARMFUL = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))


class Layer(StrEnum):
    """Which kind of law a message breaks; `advice` breaks none."""

    SECURITY = "security"
    SCHEMA = "schema"
    RULE = "rule"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: `code` is stable and in capitals, `zh` and `en` say what and where."""

    layer: Layer
    code: str
    zh: str
    en: str
    line: int = 0

    @property
    def detail(self) -> str:
        """Both sentences, with the line of the file when it is known."""
        if not self.line:
            return f"{self.zh} / {self.en}"
        return f"第 {self.line} 行:{self.zh} / line {self.line}: {self.en}"

    def out(self) -> dict[str, str]:
        """Return the shape that `zhishou check-message` prints."""
        return {"layer": self.layer.value, "code": self.code, "detail": self.detail}


class Refused(Exception):
    """The bytes cannot be read any further; the finding says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.detail)
        self.finding = finding


class CannotWrite(ValueError):
    """What was to be written would not be a valid message; the findings say why."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("; ".join(finding.detail for finding in findings))
        self.findings = findings


T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Checked(Generic[T_co]):
    """What a reader returns: the message, None when it could not be understood, and what was found."""

    message: T_co | None
    findings: tuple[Finding, ...] = ()

    @property
    def valid(self) -> bool:
        """True when nothing but advice was found."""
        return self.message is not None and not faults(self.findings)

    @property
    def codes(self) -> frozenset[str]:
        """The codes found, advice too."""
        return frozenset(finding.code for finding in self.findings)


def faults(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that make a message invalid: all but advice."""
    return [finding for finding in findings if finding.layer is not Layer.ADVICE]


def security(code: str, zh: str, en: str, line: int = 0) -> Finding:
    """Say that the bytes are refused for what they may do."""
    return Finding(Layer.SECURITY, code, zh, en, line)


def schema(code: str, zh: str, en: str, line: int = 0) -> Finding:
    """Say that an element or a value is not as the schema wants it."""
    return Finding(Layer.SCHEMA, code, zh, en, line)


def rule(code: str, zh: str, en: str, line: int = 0) -> Finding:
    """Say that a rule is broken that no schema sees."""
    return Finding(Layer.RULE, code, zh, en, line)


def advice(code: str, zh: str, en: str, line: int = 0) -> Finding:
    """Say something worth knowing that makes nothing invalid."""
    return Finding(Layer.ADVICE, code, zh, en, line)


def bounded(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Keep the first `MOST` findings, faults before advice, and count the rest."""
    every = list(findings)
    if len(every) <= MOST:
        return tuple(every)
    every.sort(key=lambda finding: finding.layer is Layer.ADVICE)
    rest = len(every) - MOST
    layer = Layer.ADVICE if every[MOST].layer is Layer.ADVICE else Layer.RULE
    more = Finding(
        layer, "MORE_FINDINGS", f"另有 {rest} 处问题未列出", f"{rest} more findings are not listed"
    )
    return (*every[:MOST], more)


def shown(text: str) -> str:
    """Quote a strange value for a person: short, and without what may not reach a screen."""
    cut = text[:_SHOWN]
    if not cut.isprintable():
        cut = "".join(c if unicodedata.category(c) not in _HARMFUL else "\ufffd" for c in cut)
    return f"“{cut}…”" if len(text) > _SHOWN else f"“{cut}”"
