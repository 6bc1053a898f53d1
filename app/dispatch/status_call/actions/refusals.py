"""What is refused about status round-ups."""

from __future__ import annotations

from app.refusals import Refusal


class StatusCallOver(Refusal):
    """The round is closed or was called off."""

    code = "status_call_over"

    def __init__(self) -> None:
        super().__init__(
            "该调度已结束或已取消,请查看其汇总,或克隆一轮重新调度",
            "this round-up is over: see its summary, or clone it to ask again",
        )


class StatusCallNotAsked(Refusal):
    """The round is planned: nobody was asked yet."""

    code = "status_call_not_asked"

    def __init__(self) -> None:
        super().__init__("该调度尚未发出,到时间后再填报", "this round-up was not asked yet: answer it then")


class NobodySilent(Refusal):
    """All of those who were to be reminded have answered."""

    code = "nobody_silent"

    def __init__(self) -> None:
        super().__init__("所选单位均已填报,无需催报", "all of these have answered: nobody to remind")


class ReasonNeeded(Refusal):
    """A correction says why."""

    code = "correction_needs_reason"

    def __init__(self) -> None:
        super().__init__(
            "已有一版答复,更正请写明原因;原来的一版会保留",
            "there is an answer already: say why it is corrected; the old version stays",
        )


class RepeatRuns(Refusal):
    """The series is asked again already, or is not."""

    code = "status_repeat"

    def __init__(self, *, runs: bool) -> None:
        if runs:
            super().__init__("该调度已设定重复,请先停止再重设", "this one repeats already: stop it first")
        else:
            super().__init__("该调度没有在重复", "this one does not repeat")
