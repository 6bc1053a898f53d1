"""The action cards that come with the house, checked when they are read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from app.nodes import RulesInvalid
from app.response.plan.rules.card import read_card

FOLDER = Path(__file__).with_name("cards")


@cache
def shipped_cards() -> Mapping[str, str]:
    """Return the text of every card by the name of its file. Raises RulesInvalid for a wrong one."""
    found: dict[str, str] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        _, faults = read_card(text)
        if faults:
            raise RulesInvalid(path.name, faults, "行动卡")
        found[path.stem] = text
    return found
