"""Read the minimum kit out of `minimum_kit.yaml`, loudly: a norm that cannot be meant stops the start."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from app.devices.kit.rules import Item, Norm
from app.devices.ledger.rules import KINDS
from app.rules_file import read_yaml

PATH = Path(__file__).with_name("minimum_kit.yaml")


@cache
def norms() -> tuple[Norm, ...]:
    """Return the norms of this product. Raises ValueError for a file that cannot be meant."""
    return read_norms(PATH.read_text(encoding="utf-8"))


def read_norms(words: str) -> tuple[Norm, ...]:
    """Read norms in their order. Raises ValueError: an unknown kind, no number, no source, one name twice."""
    try:
        found = tuple(_norm(one) for one in read_yaml(words)["norms"])
    except (KeyError, TypeError, yaml.YAMLError) as error:
        raise ValueError(f"最低配备文件有误 / the minimum kit cannot be read: {error!r}") from error
    names = [norm.station for norm in found]
    if len(set(names)) != len(names):
        raise ValueError(f"最低配备中有重名 / a station stands twice in the minimum kit: {names}")
    return found


def _norm(told: Mapping[str, Any]) -> Norm:
    norm = Norm(
        told["station"],
        told["zh"],
        told["en"],
        frozenset(told.get("place", ())),
        frozenset(told.get("team", ())),
        frozenset(told.get("at", ())),
        tuple(_item(one) for one in told["kit"]),
    )
    if bool(norm.places) == bool(norm.teams):
        raise ValueError(f"{norm.station}: place or team, one of them")
    if len({item.item for item in norm.kit}) != len(norm.kit):
        raise ValueError(f"{norm.station}: an item stands twice")
    return norm


def _item(told: Mapping[str, Any]) -> Item:
    item = Item(
        told["item"],
        frozenset(told.get("kinds", (told["item"],))),
        int(told["at_least"]),
        told["source"],
        told["trust"],
    )
    if item.at_least < 1 or not item.kinds <= KINDS.keys() or not item.source or not item.trust:
        raise ValueError(f"{item.item}: a known kind, a number from 1, a source and its trust are needed")
    return item
