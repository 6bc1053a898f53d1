"""A check that is sent through the post's device: its words, and what counts as an answer. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from app.duty.spot_check.rules.judge import Method

FAMILIES: Mapping[Method, Sequence[str]] = {
    "radio": ("hdap",),
    "satellite_phone": ("satphone",),
    "beidou": ("rdss21", "rdss40", "rsmc"),
}
"""Which families of devices carry the text of a check, by its means."""
_HERE = re.compile(r"^[\s\"'“「]*到(?:$|[\s,\uff0c。.!\uff01了位岗\"'”」]|\d)")
LONGEST_ANSWER = 200


def code_of(finding_id: int, number: int) -> str:
    """Return the four digits of a call: not those of the call before or of the post beside it."""
    return f"{(finding_id * 7919 + number * 3571) % 9000 + 1000}"


def words_of(code: str, name: str) -> str:
    """Return the text of a check: short, for a Beidou card sends one in a minute."""
    return f"【点名】{name}值班员请立即回复:到 {code}"


def answers(text: str, code: str) -> bool:
    """Whether a text answers: it says 到, or anything with the check's code."""
    return _HERE.match(text) is not None or re.search(rf"(?<!\d){code}(?!\d)", text) is not None


def named_in(text: str, people: Mapping[int, str]) -> int | None:
    """Return whom of these people an answer names, None for nobody or for more than one."""
    found = {person for person, name in people.items() if len(name) > 1 and name in text}
    return found.pop() if len(found) == 1 else None
