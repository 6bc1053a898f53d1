"""The status of every refusal about drills and closed loops."""

from __future__ import annotations

from collections.abc import Mapping

from app.dispatch.exercise.refusals import NotInDrill, OnlyLooksOn, PartiesDecide
from app.exercise.refusals import (
    BadScript,
    DrillMoved,
    DrillNotRunning,
    DrillStale,
    InjectMoved,
    NoSuchDevice,
    NoVoice,
    VoiceNeedsAnother,
)
from app.refusals import Refusal
from app.task.refusals import (
    CheckedByAnother,
    NotAllReported,
    NotCalled,
    NoWhistle,
    TaskStale,
    TaskStepRefused,
)

DRILL_STATUS: Mapping[type[Refusal], int] = {
    VoiceNeedsAnother: 403,
    NoVoice: 403,
    OnlyLooksOn: 403,
    CheckedByAnother: 403,
    DrillMoved: 409,
    DrillNotRunning: 409,
    DrillStale: 409,
    InjectMoved: 409,
    TaskStale: 409,
    TaskStepRefused: 409,
    NotAllReported: 409,
    NotCalled: 409,
    NoWhistle: 409,
    BadScript: 422,
    NotInDrill: 422,
    PartiesDecide: 422,
    NoSuchDevice: 422,
}

DRILL_FAULTS: Mapping[str, tuple[str, str]] = {
    "inject_when": ("at 与 after 只能写一个", "either at or after"),
    "inject_device": (
        "sos 必须且只有 sos 写 family 与 device",
        "an sos, and only an sos, names family and device",
    ),
    "units_of_a_whistle": ("只有吹哨任务指定报到部门", "only a whistle calls departments"),
    "inject_by_hand": ("role_play 的 expect 只能是 by_hand", "a role-played inject expects by_hand"),
}
