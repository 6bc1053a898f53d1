"""What is refused about responses, and what to do instead."""

from __future__ import annotations

from app.refusals import Refusal


class ResponseRuns(Refusal):
    """There is a response to this hazard already."""

    code = "response_runs"

    def __init__(self, hazard: str) -> None:
        super().__init__(
            f"{hazard}应急响应已提出或正在执行,请在原响应中提出调整",
            f"a response to {hazard} is proposed or active: propose an adjustment there",
        )


class StepOpen(Refusal):
    """A proposal waits for its decision."""

    code = "response_step_open"

    def __init__(self) -> None:
        super().__init__(
            "该响应已有一项建议待指挥长决定,请先决定", "a proposal waits for its decision: decide on it first"
        )


class StepDecided(Refusal):
    """Somebody decided first."""

    code = "response_step_decided"

    def __init__(self, by: str, what_zh: str, what_en: str) -> None:
        super().__init__(f"{by}已决定:{what_zh},请刷新后查看", f"{by} decided already: {what_en}; look again")


class NotActive(Refusal):
    """The response is not in force."""

    code = "response_not_active"

    def __init__(self) -> None:
        super().__init__("该响应不在执行中,请刷新", "this response is not in force: look again")


class SameLevel(Refusal):
    """The response is at this level already."""

    code = "response_same_level"

    def __init__(self) -> None:
        super().__init__("该响应已是这一级别,请另选", "the response is at this level already: choose another")


class CommanderDecides(Refusal):
    """Only a commander's own account decides in his name."""

    code = "commander_decides"

    def __init__(self) -> None:
        super().__init__(
            "须由指挥长本人决定;已口头同意的,请选“口头同意”并填写姓名和时间",
            "the commander decides: after his oral consent choose that, with his name and the time",
        )


class NotHisSignature(Refusal):
    """He did not consent to it, or it is signed already."""

    code = "not_his_signature"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"口头同意的是{name},须由其本人补签" if name else "该令已签署或尚未决定",
            f"{name} consented by word of mouth and signs himself"
            if name
            else "signed already, or not decided yet",
        )
