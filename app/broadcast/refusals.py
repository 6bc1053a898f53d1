"""What is refused of broadcasts."""

from __future__ import annotations

from app.refusals import Refusal


class OutsideYourArea(Refusal):
    """A place of the broadcast lies outside the author's area."""

    code = "broadcast_outside_area"

    def __init__(self, codes: list[str]) -> None:
        named = "、".join(codes[:5])
        super().__init__(
            f"所选区域不在您的管辖范围:{named};请只选本辖区,需要扩大范围请报上级指挥中心播发",
            f"not in your area: {named}; choose places of your own, or ask the centre above to broadcast",
        )


class NoBodyMeant(Refusal):
    """Nothing that was chosen holds a village, or none that may take part in a drill."""

    code = "broadcast_no_village"

    def __init__(self, *, drill: bool) -> None:
        if drill:
            super().__init__(
                "所选区域内没有全部终端都标记为“可参加演练”的村,演练不能播发;请在终端台账中标记,或另选区域",
                "no village that was chosen has all its loudspeakers marked for drills: mark them first",
            )
        else:
            super().__init__(
                "所选区域内没有村(社区),请在区域树或地图上重新选择",
                "no village lies in what was chosen: choose anew",
            )


class NobodyCarries(Refusal):
    """No platform is connected that plays in the area."""

    code = "broadcast_nobody_carries"

    def __init__(self, *, drill: bool) -> None:
        which, en = ("标记为可演练的", " marked for drills") if drill else ("", "")
        super().__init__(
            f"所选区域没有{which}应急广播平台可以承接,请先在平台对接中登记并启用",
            f"no broadcast platform{en} serves the area: register and enable one first",
        )


class BroadcastMoved(Refusal):
    """The broadcast is not in the state this needs."""

    code = "broadcast_moved"

    def __init__(self, state_zh: str, state: str) -> None:
        super().__init__(
            f"该播发单现为“{state_zh}”,不能进行此操作,请刷新后查看",
            f"the broadcast is {state} now: look at it again",
        )


class DrillForReal(Refusal):
    """A drill was to take the place of the real thing, or the other way round."""

    code = "broadcast_drill_for_real"

    def __init__(self) -> None:
        super().__init__(
            "演练不能更新或解除实际播发,实际播发也不能更新演练,请改选性质",
            "a drill cannot take the place of an actual broadcast, nor the other way round",
        )


class BroadcastStale(Refusal):
    """Somebody changed the text meanwhile."""

    code = "broadcast_stale"

    def __init__(self) -> None:
        super().__init__(
            "播发单已被他人修改,请刷新并核对最新内容后再操作",
            "the sheet was changed meanwhile: read it again first",
        )


class OwnBroadcast(Refusal):
    """The author cannot let it go himself."""

    code = "broadcast_own"

    def __init__(self) -> None:
        super().__init__(
            "拟稿人不能审批自己的播发单,请由另一名有审批权限的人员审批",
            "the author cannot approve the own broadcast: somebody else with the right does",
        )


class AudibleNotConfirmed(Refusal):
    """How many loudspeakers will sound was not confirmed, or is another number now."""

    code = "broadcast_audible_not_confirmed"

    def __init__(self, count: int) -> None:
        super().__init__(
            f"演练须二次确认:现在将有{count}只大喇叭发声,请核对后确认这一数量",
            f"a drill is confirmed twice: {count} loudspeakers will sound now, confirm that number",
        )


class WindowTooShort(Refusal):
    """The message does not fit into its window."""

    code = "broadcast_window_too_short"

    def __init__(self, needs_s: int, has_s: int) -> None:
        super().__init__(
            f"播完需要约{needs_s}秒,播发时段只有{has_s}秒:请延长时段、减少遍数或缩短文字",
            f"it needs some {needs_s} s and has {has_s} s: lengthen the window, repeat less, or say less",
        )


class WindowIsOver(Refusal):
    """The window lies in the past."""

    code = "broadcast_window_over"

    def __init__(self) -> None:
        super().__init__(
            "播发时段已过,请重新设定开始和结束时间", "the window is over: set start and end anew"
        )


class NotBroadcast(Refusal):
    """A kind of event that is not told to the public."""

    code = "broadcast_restricted_kind"

    def __init__(self) -> None:
        super().__init__(
            "该类事件为限知范围事件,不得通过应急广播播发", "events of this kind are not broadcast"
        )


class NumbersUsedUp(Refusal):
    """All numbers of a day are given but those kept for stops."""

    code = "broadcast_numbers_used_up"

    def __init__(self) -> None:
        super().__init__(
            "今日播发编号已用完(最后500号只用于停播),请通过县级平台直接播发",
            "the numbers of today are used up, the last 500 are kept for stops: broadcast from the platform",
        )


class NothingToSign(Refusal):
    """No signature is owed."""

    code = "broadcast_nothing_to_sign"

    def __init__(self) -> None:
        super().__init__("该播发单没有待补签的电话同意", "no signature after a consent by telephone is owed")


class RepairOpen(Refusal):
    """The terminal has an open repair."""

    code = "broadcast_repair_open"

    def __init__(self) -> None:
        super().__init__(
            "该终端已有未办结的维修任务,请在原任务上处理", "this terminal has an open repair already"
        )


class RepairDone(Refusal):
    """The repair is done."""

    code = "broadcast_repair_done"

    def __init__(self) -> None:
        super().__init__("该维修任务已办结", "this repair is done already")
