"""What is refused about orders."""

from __future__ import annotations

from app.refusals import Refusal


class StaleOrder(Refusal):
    """Somebody changed the order meanwhile."""

    code = "stale_order"

    def __init__(self) -> None:
        super().__init__("指令已被他人修改,请重新读取后再提交", "somebody changed the order: read it again")


class LeaderMustConsent(Refusal):
    """Only a leader's own account issues in his name."""

    code = "leader_must_consent"

    def __init__(self) -> None:
        super().__init__(
            "须由带班领导本人签发;已口头同意的,请选“口头同意”并填写姓名和时间",
            "a leader issues it himself; after his oral consent, choose that and give his name and the time",
        )


class VoucherMissing(Refusal):
    """Who answers for another says by which channel and who told him."""

    code = "voucher_missing"

    def __init__(self) -> None:
        super().__init__(
            "代为签收或反馈须写明渠道和告知人姓名",
            "on another's behalf: say by which channel, and who told you",
        )


class NothingReported(Refusal):
    """Nothing of this recipient waits for a decision."""

    code = "nothing_reported"

    def __init__(self) -> None:
        super().__init__(
            "该单位没有待销号的任务,请等待其反馈完成",
            "no task waits to be closed out: it has to be reported done",
        )


class InstructionOpen(Refusal):
    """A task of the instruction is not accepted, or it has none."""

    code = "instruction_open"

    def __init__(self, accepted: int, tasks: int) -> None:
        super().__init__(
            f"批示任务已销号{accepted}/{tasks},全部销号后才能办结"
            if tasks
            else "批示尚未分解任务,请先分解下达",
            f"{accepted} of {tasks} tasks are accepted: it closes when all are"
            if tasks
            else "the instruction has no tasks: split it first",
        )


class InstructionClosed(Refusal):
    """It is closed already."""

    code = "instruction_closed"

    def __init__(self) -> None:
        super().__init__("该批示已经办结", "this instruction is closed already")
