"""What is refused in call-and-respond."""

from __future__ import annotations

from app.refusals import Refusal


class CalloutOver(Refusal):
    """The round has ended."""

    code = "callout_over"

    def __init__(self) -> None:
        super().__init__(
            "该轮叫应已结束,请查看其记录,或重新发起一轮",
            "this round of calls has ended: read its record, or start another",
        )


class CalloutRuns(Refusal):
    """The same cause is being called for."""

    code = "callout_runs"

    def __init__(self, round_id: int) -> None:
        super().__init__(
            f"该预警正在叫应(第{round_id}轮),请在该轮中继续,或先结束该轮再重新叫应",
            f"round {round_id} already calls for this cause: go on there, or end it and call anew",
        )


class CalloutNobody(Refusal):
    """There is no place to call."""

    code = "callout_nobody"

    def __init__(self) -> None:
        super().__init__(
            "所选范围内没有可叫应的村和乡镇,请重新选择范围",
            "no village or township to call: choose other places",
        )


class CalloutNotDrawn(Refusal):
    """The village is none of those drawn for a spot call."""

    code = "callout_not_drawn"

    def __init__(self) -> None:
        super().__init__(
            "该村未被抽中核实,请先抽取核实名单", "this village was not drawn: draw the villages first"
        )


class CalloutDrawn(Refusal):
    """The villages were drawn already: a second draw could choose friendlier ones."""

    code = "callout_drawn"

    def __init__(self) -> None:
        super().__init__(
            "核实名单已抽取,不能重抽", "the villages are drawn already: they are not drawn again"
        )


class CalloutNoneAnswered(Refusal):
    """Nothing can be verified yet."""

    code = "callout_none_answered"

    def __init__(self) -> None:
        super().__init__("还没有村应答,暂不能抽取核实", "no village has answered: nothing to verify yet")


class CalloutReachedNobody(Refusal):
    """Nobody got the alert, so nobody is told of its change."""

    code = "callout_reached_nobody"

    def __init__(self) -> None:
        super().__init__("该轮尚未通知到任何人,无需通知变更", "the round reached nobody: nobody to tell")


class CalloutNoNewPlace(Refusal):
    """A round is to be extended by places that it calls already."""

    code = "callout_no_new_place"

    def __init__(self) -> None:
        super().__init__(
            "这些地方都已在本轮叫应之中,请选择新增的地方",
            "the round calls all of these places already: choose further ones",
        )
