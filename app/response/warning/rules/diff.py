"""What an update changes: areas, colour, times, words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.codecs.colours import BY_COLOUR, Colour
from app.response.warning.rules.bulletin import Bulletin, ColourName

Turn = Literal["up", "down", "same", "unknown"]


@dataclass(frozen=True, slots=True)
class Change:
    """What is other than before; times None where they are the same. Areas are names by region code."""

    added: tuple[tuple[str, str], ...]
    removed: tuple[tuple[str, str], ...]
    colour_from: ColourName | None
    colour_to: ColourName | None
    turn: Turn
    effective: tuple[datetime, datetime] | None
    expires: tuple[datetime, datetime] | None
    words: bool

    @property
    def empty(self) -> bool:
        """Whether nothing is other than before."""
        return not (self.added or self.removed or self.effective or self.expires or self.words) and (
            self.turn == "same"
        )


def turn_of(before: ColourName | None, after: ColourName | None) -> Turn:
    """Say whether a colour went up (towards red) or down; never by the digits of anybody's levels."""
    if before == after:
        return "same"
    if before is None or after is None:
        return "unknown"
    return "up" if BY_COLOUR[Colour(after)].grade < BY_COLOUR[Colour(before)].grade else "down"


def change(
    before: Bulletin, after: Bulletin, names_before: Mapping[str, str], names_after: Mapping[str, str]
) -> Change:
    """Compare two messages of a chain; `names_…` are the places each concerns, by region code.

    An update says everything anew (§3.2.1): what it does not repeat is no longer warned of.
    """
    said = ("title", "text", "instruction", "event_code")
    return Change(
        added=_only(names_after, names_before),
        removed=_only(names_before, names_after),
        colour_from=before.colour,
        colour_to=after.colour,
        turn=turn_of(before.colour, after.colour),
        effective=_other(before.effective, after.effective),
        expires=_other(before.expires, after.expires),
        words=any(getattr(before, name) != getattr(after, name) for name in said),
    )


def _only(these: Mapping[str, str], those: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((code, these[code]) for code in sorted(these.keys() - those.keys()))


def _other(before: datetime, after: datetime) -> tuple[datetime, datetime] | None:
    return None if before == after else (before, after)


def names(units: Iterable[tuple[str, str, bool, Iterable[tuple[str, str]]]]) -> dict[str, str]:
    """Return what is compared: a township that is meant whole by its name, else its villages by theirs.

    `units` are code, name, whole, villages as (code, name).
    """
    found: dict[str, str] = {}
    for code, name, whole, villages in units:
        inside = list(villages)
        found.update({code: name} if whole or not inside else dict(inside))
    return found
