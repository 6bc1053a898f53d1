"""Who is called when something about a place needs a leader's word: resolved from the roster at that instant.

Who is off duty is not called (W: design/field.md §7.2): a swap, a substitute or an acting leader counts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.db import Tx
from app.duty.roster.facts import Role
from app.duty.roster.store import on_call
from app.wire import Fact

_TOLD = ("person_id", "name", "post_id", "post_name", "role", "shift_id")
LEADING: tuple[Role, ...] = ("leader_in_charge", "chief_leader", "shift_lead")


class CalledFact(Fact):
    """A person who is called, and why: on which seat of which post this person is on duty then.

    Without a number: the fact reaches the team that was sent, and personal numbers are the desk's (R21).
    """

    person_id: int
    name: str
    post_id: int
    post_name: str
    role: Role
    shift_id: int
    why_zh: str
    why_en: str


async def to_call(tx: Tx, stream: str, region_code: str, at: datetime) -> list[CalledFact]:
    """Return those who lead, at an aware instant, the post of the place and the centre, the nearest first."""
    return called(await on_call.leading(tx, stream, (region_code,), LEADING, at))[region_code]


def called(found: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, list[CalledFact]]:
    """Return who is called of those who were found at each place, in their order."""
    return {place: [CalledFact(**told(row)) for row in rows] for place, rows in found.items()}


async def contacts(tx: Tx, stream: str, region_codes: Collection[str], at: datetime) -> dict[str, CalledFact]:
    """Return, by region code, who leads the post of that place at an instant: the word for its teams.

    A place without anybody on duty is left out.
    """
    found = await on_call.contacts(tx, stream, [code[:9] for code in region_codes], LEADING, at)
    return {code: CalledFact(**told(row)) for code in region_codes if (row := found.get(code[:9]))}


def told(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is told of a person on duty."""
    return {
        **{key: row[key] for key in _TOLD},
        "why_zh": f"{row['post_name']}当班({row['source_zh']})",
        "why_en": f"on duty at {row['post_name']} ({row['source_en']})",
    }
