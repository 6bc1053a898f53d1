"""The status of every refusal of status round-ups, and the words of what their shapes refuse."""

from __future__ import annotations

from collections.abc import Mapping

from app.dispatch.status_call.actions.refusals import (
    NobodySilent,
    ReasonNeeded,
    RepeatRuns,
    StatusCallNotAsked,
    StatusCallOver,
)
from app.refusals import Refusal

STATUS_CALL_STATUS: Mapping[type[Refusal], int] = {
    NobodySilent: 409,
    ReasonNeeded: 409,
    RepeatRuns: 409,
    StatusCallNotAsked: 409,
    StatusCallOver: 409,
}

STATUS_CALL_FAULTS: Mapping[str, tuple[str, str]] = {
    "bounds_crossed": ("最小值不能大于最大值", "the minimum must not be above the maximum"),
    "choices_missing": ("请列出至少两个不同的选项", "name at least two different choices"),
    "nobody_asked": ("请选择向谁调度:地区、组或单位", "say who is asked: places, groups or units"),
    "one_rhythm": (
        "请在“每隔几小时”与“每天几点”中选且只选一项",
        "ask every so many hours or at times of the day: one of them",
    ),
    "lead_too_long": ("提前量不能超过间隔", "the lead must not be longer than the interval"),
}
