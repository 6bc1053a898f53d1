"""A running round is extended by places: which of them it does not call yet. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Protocol, TypeVar

from app.codecs.ebm.identifiers import covers
from app.response.call_and_respond.rules.limits import Tier


class _Called(Protocol):
    """A target, of a list or of a round: its tier and its place."""

    @property
    def tier(self) -> Tier: ...
    @property
    def region_code(self) -> str: ...


OneCalled = TypeVar("OneCalled", bound=_Called)


def uncalled(held: Sequence[str], asked: Iterable[str]) -> list[str]:
    """Return the asked places that lie in none of those held, each once, without those inside another."""
    new = [
        code for code in dict.fromkeys(asked) if code not in held and not any(covers(w, code) for w in held)
    ]
    return [code for code in new if not any(wide != code and covers(wide, code) for wide in new)]


def to_add(drawn: Sequence[OneCalled], held: Collection[tuple[str, str]]) -> list[OneCalled]:
    """Return which targets of a fresh list are new to a round; `held` are its own, by tier and place.

    A place that is called already stays as it is, whoever answered there and whoever leads it by now.
    """
    return [one for one in drawn if (one.tier, one.region_code) not in held]
