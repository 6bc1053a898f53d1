"""Who was reached: results of terminals read as those of villages and of the whole message. Pure.

A village is reached when one of its terminals has played to success. The state a platform gives the whole
message is never taken for the results: 4 means all, a part, or not as asked (GD/J 082).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

PLAYING, SUCCESS, FAILED, CANCELLED = 2, 3, 4, 5
Outcome = Literal["", "success", "partial", "failed", "cancelled"]
SIGNATURE_AGAIN = timedelta(minutes=30)
"""After consent by telephone the signature is asked for again and again (岳阳县: sign after)."""
URGENT_REPAIR, REPAIR = 24, 72
"""Hours to repair a terminal: of a village that has no other one that lives, of any other (S10)."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many villages and terminals a message was for, and what became of them."""

    villages: int = 0
    reached: int = 0
    terminals: int = 0
    played: int = 0
    playing: int = 0
    failed: int = 0
    cancelled: int = 0

    @property
    def silent(self) -> int:
        """Terminals that have said nothing, or only that they wait."""
        return self.terminals - self.played - self.playing - self.failed - self.cancelled

    @property
    def coverage_rate(self) -> float | None:
        """The share of villages that were reached (覆盖率); None for a message to nobody."""
        return self.reached / self.villages if self.villages else None


def tally(villages: Sequence[str], results: Iterable[tuple[str, int]]) -> Tally:
    """Return the tally of (village, BrdStateCode) of every terminal."""
    rows = list(results)
    states = [state for _, state in rows]
    return Tally(
        villages=len(villages),
        reached=len({place for place, state in rows if state == SUCCESS} & set(villages)),
        terminals=len(rows),
        played=states.count(SUCCESS),
        playing=states.count(PLAYING),
        failed=states.count(FAILED),
        cancelled=states.count(CANCELLED),
    )


def outcome(found: Tally, told: Sequence[int | None], *, over: bool) -> Outcome:
    """Return how a message went: by its terminals, and by the platforms' word where no terminal reports.

    `told` are the states platforms gave the whole; `over`: its time is over. "" as long as it is open.
    """
    if found.played:
        whole = found.played == found.terminals and found.reached == found.villages
        waits = not over and not all(state in (SUCCESS, FAILED, CANCELLED) for state in told)
        return "" if waits else "success" if whole else "partial"
    if told and all(state == CANCELLED for state in told):
        return "cancelled"
    if over or (told and all(state in (SUCCESS, FAILED, CANCELLED) for state in told)):
        silent = found.failed == 0 and bool(told) and all(state == SUCCESS for state in told)
        return "success" if silent else "failed"
    return ""


def repair_hours(others_live: int) -> int:
    """Return within how many hours a terminal is put right, by how many others of its village live."""
    return REPAIR if others_live else URGENT_REPAIR
