"""The status of every refusal of orders and instructions, and its faults in words."""

from __future__ import annotations

from collections.abc import Mapping

from app.dispatch.order.refusals import (
    InstructionClosed,
    InstructionOpen,
    LeaderMustConsent,
    NothingReported,
    StaleOrder,
    VoucherMissing,
)
from app.refusals import Refusal

ORDER_STATUS: Mapping[type[Refusal], int] = {
    InstructionClosed: 409,
    InstructionOpen: 409,
    LeaderMustConsent: 403,
    NothingReported: 409,
    StaleOrder: 409,
    VoucherMissing: 422,
}
ORDER_FAULTS: Mapping[str, tuple[str, str]] = {
    "recipient_twice": ("同一受令对象写了两次", "the same recipient twice"),
    "no_such_owner": ("任务的责任单位须是受令对象之一", "a task's owner is one of the recipients"),
    "idle_recipient": ("每个受令对象都须有任务", "every recipient needs a task"),
    "drill_of_the_real": ("演练指令不能依据批示", "a drill is of no instruction"),
    "basis_missing": ("请选择所依据的事件或批示", "name the incident or instruction it is based on"),
    "consent_missing": ("请填写同意人姓名和时间", "say who consented and when"),
    "return_reason": ("退回须写明原因", "say why it is returned"),
}
