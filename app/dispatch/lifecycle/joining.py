"""What an incident says of itself after it took up another: what is stricter and earlier wins. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.dispatch.lifecycle.refusals import NoCommonReader, WouldWiden
from app.org.rules.access import Concern, Viewer

# What a merge may change of an incident, and an undo sets back.
KEPT = (
    "occurred_at",
    "received_at",
    "initial_level",
    "restricted",
    "restricted_by_hand",
    "sensitive",
    "life_threat",
    "callers",
    "casualties",
    "grading",
    "named_readers",
    "readers",
    "alarm_ids",
)
_INSTANTS = ("occurred_at", "received_at")


def joined(into: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Return what both together say: earliest instants, the higher level, the stricter marks, all callers.

    Both hold the names of KEPT but figures and grading. Of two lists of readers those on both stay.
    """
    occurred = [at for at in (into["occurred_at"], other["occurred_at"]) if at is not None]
    readers = _common(into["readers"], other["readers"])
    named = {one["key"]: one for one in (*into["named_readers"], *other["named_readers"])}
    return {
        "occurred_at": min(occurred, default=None),
        "received_at": min(into["received_at"], other["received_at"]),
        "initial_level": min(into["initial_level"], other["initial_level"]),
        **{
            mark: into[mark] or other[mark]
            for mark in ("restricted", "restricted_by_hand", "sensitive", "life_threat")
        },
        "callers": [*into["callers"], *(one for one in other["callers"] if one not in into["callers"])],
        "readers": readers,
        "named_readers": [named[key] for key in readers if key in named],
        "alarm_ids": list(dict.fromkeys([*into["alarm_ids"], *other["alarm_ids"]])),
    }


def _common(left: list[str], right: list[str]) -> list[str]:
    if not left or not right:
        return list(left or right)
    return [key for key in left if key in right]


def check_audience(
    by: Viewer, into: Concern, other: Concern, readers: list[str], *, widen: bool
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the places and teams that both together concern.

    Raises NoCommonReader when both have readers and none of both includes this person, WouldWiden when what
    is need-to-know would be seen by more and this person did not say so.
    """
    if (into.readers or other.readers) and not by.is_named(readers):
        raise NoCommonReader
    regions = tuple(dict.fromkeys((*into.region_codes, *other.region_codes)))
    teams = tuple(dict.fromkeys((*into.team_ids, *other.team_ids)))
    secret = [one for one in (into, other) if one.restricted or one.readers]
    more_teams = max((len(set(teams) - set(one.team_ids)) for one in secret), default=0)
    # Named readers know it wherever they are: more places then tell it to nobody.
    more_places = max((len(_beyond(regions, one.region_codes)) for one in secret if not readers), default=0)
    if (more_teams or more_places) and not widen:
        raise WouldWiden(more_teams, more_places)
    return regions, teams


def _beyond(codes: tuple[str, ...], known: tuple[str, ...]) -> set[str]:
    return set(codes) - set(known)


def written(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an incident says of itself as JSON."""
    return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in values.items()}


def read(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `written` wrote."""
    return {k: datetime.fromisoformat(v) if k in _INSTANTS and v is not None else v for k, v in kept.items()}
