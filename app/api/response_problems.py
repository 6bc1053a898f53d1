"""The status of every refusal of plans and responses, and their faults in words."""

from __future__ import annotations

from collections.abc import Mapping

from app.refusals import Refusal
from app.response.level.refusals import (
    CommanderDecides,
    NotActive,
    NotHisSignature,
    ResponseRuns,
    SameLevel,
    StepDecided,
    StepOpen,
)
from app.response.plan.refusals import (
    CardInvalid,
    NoCard,
    NothingResolved,
    PlanNameTaken,
    PlanStale,
    RunDecided,
    RunIsLed,
)
from app.response.release.refusals import LiftingStands, NoLifting, NoPlaceOfRelease, NotAllSigned

RESPONSE_STATUS: Mapping[type[Refusal], int] = {
    LiftingStands: 409,
    NoLifting: 409,
    NotAllSigned: 409,
    NoPlaceOfRelease: 409,
    CardInvalid: 422,
    CommanderDecides: 403,
    NoCard: 409,
    NotActive: 409,
    NotHisSignature: 409,
    NothingResolved: 409,
    PlanNameTaken: 409,
    PlanStale: 409,
    ResponseRuns: 409,
    RunDecided: 409,
    RunIsLed: 409,
    SameLevel: 409,
    StepDecided: 409,
    StepOpen: 409,
}
RESPONSE_FAULTS: Mapping[str, tuple[str, str]] = {
    "distances_grow": (
        "隔离距离不大于撤离距离,撤离距离不大于防护距离",
        "isolate within evacuate, evacuate within protect",
    ),
    "objection_without_reason": ("不同意解除须写明理由", "say why it objects"),
    "plan_owner": ("请写明编制单位", "say whose plan it is"),
    "cause_id": (
        "事件和预警须写明编号,文字说明不写编号",
        "an incident and a warning have a number, words have none",
    ),
    "refusal_reason": ("不同意须说明理由", "say why it is refused"),
    "response_level": ("请写明响应级别(一至四级)", "say which level, 1 to 4"),
}
