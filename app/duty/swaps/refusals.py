"""What is refused about swaps."""

from __future__ import annotations

from app.refusals import Refusal


class SwapWithOneself(Refusal):
    """A person asks himself."""

    code = "swap_with_oneself"

    def __init__(self) -> None:
        super().__init__("不能和自己换班,请另选一人", "nobody can swap with himself: choose another person")


class SwapTooLate(Refusal):
    """The shift begins too soon, or has begun."""

    code = "swap_too_late"

    def __init__(self) -> None:
        super().__init__(
            "换班须提前24小时申请;紧急情况请勾选“紧急”并写明原因,已开始的班次请由值班长安排替班",
            "ask 24 hours ahead; mark an urgent swap as such and say why; a shift that has begun is for the "
            "shift lead to fill",
        )


class ShiftOnOffer(Refusal):
    """The shift is offered already."""

    code = "shift_on_offer"

    def __init__(self) -> None:
        super().__init__(
            "该班次已有一个换班申请,请先撤回", "this shift is on offer already: withdraw that first"
        )


class SwapOver(Refusal):
    """The swap is decided, withdrawn or past."""

    code = "swap_over"

    def __init__(self) -> None:
        super().__init__(
            "该换班已处理完毕或已过时,不能再操作", "this swap is over: nothing more can be done to it"
        )


class SwapMoved(Refusal):
    """The shift is not what it was when the swap was asked."""

    code = "swap_moved"

    def __init__(self) -> None:
        super().__init__(
            "班次在申请之后有变动,请撤回后重新申请",
            "the shift has changed since the swap was asked: withdraw it and ask again",
        )


class SwapPassedOn(Refusal):
    """A later swap builds on this one."""

    code = "swap_passed_on"

    def __init__(self) -> None:
        super().__init__(
            "接班人已将该班次再次转出,请先撤销后一个换班",
            "who took the shift has passed it on: revoke the later swap first",
        )


class CannotTake(Refusal):
    """Something stands against this person taking this shift."""

    code = "cannot_take_shift"

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"不能接这个班:{zh}", f"cannot take this shift: {en}")
