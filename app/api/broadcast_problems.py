"""The status of every refusal of broadcasts."""

from __future__ import annotations

from collections.abc import Mapping

from app.broadcast.refusals import (
    AudibleNotConfirmed,
    BroadcastMoved,
    BroadcastStale,
    DrillForReal,
    NobodyCarries,
    NoBodyMeant,
    NotBroadcast,
    NothingToSign,
    NumbersUsedUp,
    OutsideYourArea,
    OwnBroadcast,
    RepairDone,
    RepairOpen,
    WindowIsOver,
    WindowTooShort,
)
from app.broadcast.rules.law import NotForReal
from app.broadcast.rules.voice import VoiceRefused
from app.refusals import Refusal

BROADCAST_STATUS: Mapping[type[Refusal], int] = {
    AudibleNotConfirmed: 409,
    BroadcastMoved: 409,
    BroadcastStale: 409,
    DrillForReal: 422,
    NoBodyMeant: 422,
    NobodyCarries: 409,
    NotBroadcast: 422,
    NotForReal: 422,
    NothingToSign: 409,
    NumbersUsedUp: 409,
    OutsideYourArea: 403,
    OwnBroadcast: 403,
    RepairDone: 409,
    RepairOpen: 409,
    VoiceRefused: 415,
    WindowIsOver: 409,
    WindowTooShort: 422,
}
BROADCAST_FAULTS: Mapping[str, tuple[str, str]] = {
    "no_area": ("请至少选择一个区域,或在地图上圈选", "choose at least one area, or draw one"),
    "window": ("结束时间须晚于开始时间", "the end comes after the start"),
    "half_a_cause": ("依据的类别与编号应同时填写", "kind and number of the cause belong together"),
    "language_twice": ("同一语种只能填写一次", "each language stands once"),
}
