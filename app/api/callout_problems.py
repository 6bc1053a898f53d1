"""The status of every refusal of call-and-respond, and the words of what its shapes refuse."""

from __future__ import annotations

from collections.abc import Mapping

from app.refusals import Refusal
from app.response.call_and_respond.refusals import (
    CalloutDrawn,
    CalloutNobody,
    CalloutNoneAnswered,
    CalloutNoNewPlace,
    CalloutNotDrawn,
    CalloutOver,
    CalloutReachedNobody,
    CalloutRuns,
)

CALLOUT_STATUS: Mapping[type[Refusal], int] = {
    CalloutDrawn: 409,
    CalloutNobody: 409,
    CalloutNoneAnswered: 409,
    CalloutNoNewPlace: 409,
    CalloutNotDrawn: 409,
    CalloutOver: 409,
    CalloutReachedNobody: 409,
    CalloutRuns: 409,
}

CALLOUT_FAULTS: Mapping[str, tuple[str, str]] = {
    "callout_cause": (
        "由预警、响应、事件或广播引起的叫应须写明编号,手工发起的不写",
        "a warning, response, incident or broadcast has its number; by hand there is none",
    ),
    "callout_how_many": ("请写明应转移多少人、已转移多少人", "say how many of how many were evacuated"),
    "callout_words": ("请用文字写明采取了什么行动", "say in words what was done"),
    "callout_colour": (
        "降级须写明降为什么颜色,解除不写",
        "lowered says to which colour, cancelled says none",
    ),
}
