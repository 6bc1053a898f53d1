"""The one call of a phone: from what it says, step by step, to what the desk is told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from app.devices.adapters.at_calls import CallNews, Stage
from app.signals import Ring

NUMBER_WITHIN = timedelta(seconds=2)
"""+CLIP follows the first RING; a caller who withholds the number is announced without it."""

RINGS_WITHIN = timedelta(seconds=12)
"""RING is repeated every three to six seconds; without it the caller has hung up."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call as it stands. `reason` says why a released one ended."""

    stage: Stage | Literal["waiting"]
    number: str
    began_at: datetime
    heard_at: datetime
    incoming: bool
    told: bool = False
    answered: bool = False
    reason: str = ""

    def shown(self) -> dict[str, object]:
        """Return what health and the API show."""
        return {
            "incoming": self.incoming,
            "stage": self.stage,
            "number": self.number,
            "began_at": self.began_at.isoformat(),
            "reason": self.reason,
        }


class CallDesk:
    """Follows the call of one phone. `now` is given; nothing here waits."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.call: Call | None = None

    @property
    def busy(self) -> bool:
        """Whether a call is on."""
        return self.call is not None and self.call.stage != "released"

    def dial(self, number: str, now: datetime) -> None:
        """Note that we are about to call somebody."""
        self.call = Call("waiting", number, now, now, incoming=False)

    def take(self, news: CallNews, now: datetime) -> list[Ring]:
        """Take in one step; return what the desk is to be told."""
        call = self.call
        if call is None or call.stage == "released":
            if news.stage == "released":
                return []
            incoming = news.stage == "incoming" if news.incoming is None else news.incoming
            call = Call(news.stage, news.number, now, now, incoming)
        number = news.number or call.number
        self.call = call = replace(
            call, stage=news.stage, number=number, heard_at=now, reason=news.reason or call.reason
        )
        if not call.incoming:
            return []
        if news.stage == "released":
            return self._end(call)
        return self._ring(call, now)

    def tick(self, now: datetime) -> list[Ring]:
        """Let time pass: announce a caller without a number, end a call that rings no more."""
        call = self.call
        if call is None or call.stage != "incoming":
            return []
        if now - call.heard_at > RINGS_WITHIN:
            self.call = replace(call, stage="released", reason=call.reason or "no_answer")
            return self._end(self.call)
        return self._ring(call, now)

    def lost(self, now: datetime) -> list[Ring]:
        """End whatever call there was: the phone is gone."""
        return self.take(CallNews("released", reason="phone_lost"), now) if self.busy else []

    def _ring(self, call: Call, now: datetime) -> list[Ring]:
        rings: list[Ring] = []
        ref = self._ref(call)
        if not call.told and (call.number or call.stage == "active" or now - call.began_at >= NUMBER_WITHIN):
            self.call = call = replace(call, told=True)
            rings.append(Ring(ref, call.number))
        if call.stage == "active" and not call.answered:
            self.call = replace(call, answered=True)
            rings.append(Ring(ref, call.number, "answered"))
        return rings

    def _end(self, call: Call) -> list[Ring]:
        """End a call; one that was never announced is announced all the same: somebody called."""
        ref = self._ref(call)
        rings = [] if call.told else [Ring(ref, call.number)]
        self.call = replace(call, told=True)
        return [*rings, Ring(ref, call.number, "ended")]

    def _ref(self, call: Call) -> str:
        return f"{self._name}-{call.began_at.isoformat()}"
