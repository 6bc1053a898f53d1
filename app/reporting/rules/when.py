"""The language of `when:`: flags and compared figures, joined by `and` and `or`. Parsed here, never evaluated
by Python.

    expression := all ("or" all)*        all := one ("and" one)*
    one        := "(" expression ")" | flag | figure ("+" figure)* (">=" | ">" | "==") number

There is no `not` and no `<`: more of a thing never silences a trigger (`==` apart). A comparison of figures
of which none is known does not hold; an unknown one among known ones adds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Literal

from app.reporting.rules.terms import DERIVED, FIGURES, FLAGS

Operator = Literal[">=", ">", "=="]
LONGEST, DEEPEST = 500, 10
_TOKEN = re.compile(r"\s*(?:(?P<op>>=|==|>)|(?P<sign>[+()])|(?P<number>\d+(?:\.\d+)?)|(?P<name>[a-z_]+))")


class WhenFault(ValueError):
    """An expression that cannot be meant, in Chinese and English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en = zh, en


@dataclass(frozen=True, slots=True)
class Flag:
    """Holds while the flag does."""

    name: str

    def holds(self, figures: Mapping[str, float], flags: Set[str]) -> bool:
        """Return whether it holds."""
        return self.name in flags

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Compare:
    """A sum of figures beside a number."""

    names: tuple[str, ...]
    operator: Operator
    number: float

    def holds(self, figures: Mapping[str, float], flags: Set[str]) -> bool:
        """Return whether it holds."""
        known = [figures[name] for name in self.names if name in figures]
        if not known:
            return False
        total = sum(known)
        if self.operator == ">=":
            return total >= self.number
        return total > self.number if self.operator == ">" else total == self.number

    def __str__(self) -> str:
        number = f"{self.number:.6f}".rstrip("0").rstrip(".")
        return f"{'+'.join(self.names)}{self.operator}{number}"


@dataclass(frozen=True, slots=True)
class Joined:
    """Several expressions, all of which (`and`) or one of which (`or`) must hold."""

    word: Literal["and", "or"]
    parts: tuple[Expression, ...]

    def holds(self, figures: Mapping[str, float], flags: Set[str]) -> bool:
        """Return whether it holds."""
        each = (part.holds(figures, flags) for part in self.parts)
        return all(each) if self.word == "and" else any(each)

    def __str__(self) -> str:
        return f" {self.word} ".join(
            f"({part})" if isinstance(part, Joined) else str(part) for part in self.parts
        )


Expression = Flag | Compare | Joined


def compared(expression: Expression, name: str) -> Iterator[Compare]:
    """Yield every comparison in which a figure stands alone."""
    if isinstance(expression, Joined):
        for part in expression.parts:
            yield from compared(part, name)
    elif isinstance(expression, Compare) and expression.names == (name,):
        yield expression


def parse_when(text: str) -> Expression:
    """Read an expression. Raises WhenFault: too long, too deep, an unknown name, not of this language."""
    if len(text) > LONGEST:
        raise WhenFault(f"条件长于{LONGEST}字", f"a condition has at most {LONGEST} characters")
    parser = _Parser(list(_tokens(text)))
    found = parser.expression(0)
    if parser.ahead is not None:
        raise WhenFault(f"条件中多出“{parser.ahead}”", f"{parser.ahead!r} is too much")
    return found


def _tokens(text: str) -> Iterator[str]:
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None:
            raise WhenFault(f"条件中有不认识的“{text[at:end][:12]}”", f"cannot read {text[at:end][:12]!r}")
        at = found.end()
        yield found.group().strip()


class _Parser:
    def __init__(self, tokens: list[str]) -> None:
        self._tokens, self._at = tokens, 0

    @property
    def ahead(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def take(self) -> str:
        token = self.ahead
        if token is None:
            raise WhenFault("条件不完整", "the condition breaks off")
        self._at += 1
        return token

    def expression(self, depth: int) -> Expression:
        if depth > DEEPEST:
            raise WhenFault(f"括号多于{DEEPEST}层", f"at most {DEEPEST} brackets within each other")
        return self._joined("or", depth)

    def _joined(self, word: Literal["and", "or"], depth: int) -> Expression:
        parts = [self._part(word, depth)]
        while self.ahead == word:
            self.take()
            parts.append(self._part(word, depth))
        return parts[0] if len(parts) == 1 else Joined(word, tuple(parts))

    def _part(self, word: Literal["and", "or"], depth: int) -> Expression:
        return self._joined("and", depth) if word == "or" else self._one(depth)

    def _one(self, depth: int) -> Expression:
        word = self.take()
        if word == "(":
            inner = self.expression(depth + 1)
            if self.take() != ")":
                raise WhenFault("缺少右括号", "a bracket is not closed")
            return inner
        if word in FLAGS:
            return Flag(word)
        names = [_figure(word)]
        while self.ahead == "+":
            self.take()
            names.append(_figure(self.take()))
        return Compare(tuple(names), self._operator(names[0]), self._number())

    def _operator(self, name: str) -> Operator:
        token = self.take() if self.ahead is not None else ""
        if token not in (">=", ">", "=="):
            raise WhenFault(
                f"数字“{name}”须与数值比较(>=、>、==)", f"the figure {name} is compared: >=, > or =="
            )
        return token  # type: ignore[return-value]  # it is one of the three

    def _number(self) -> float:
        token = self.take()
        if not token[0].isdigit() or len(token) > 12:
            raise WhenFault(f"此处须为数值:“{token}”", f"a number stands here, not {token!r}")
        return float(token)


def _figure(token: str) -> str:
    if token in FIGURES or token in DERIVED:
        return token
    raise WhenFault(f"不认识的数字或情形“{token}”", f"no such figure or flag: {token}")
