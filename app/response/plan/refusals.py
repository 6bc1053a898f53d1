"""What is refused about plans, and what to do instead."""

from __future__ import annotations

from collections.abc import Sequence

from app.nodes import Fault
from app.refusals import FieldFault, Refusal


class PlanNameTaken(Refusal):
    """Another plan of the place has this name."""

    code = "plan_name_taken"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"已有预案“{name}”,请在原预案上修改或另取名称",
            f"there is a plan {name} already: change that one or name it otherwise",
        )


class PlanStale(Refusal):
    """Somebody else changed the plan or its card first."""

    code = "plan_stale"

    def __init__(self) -> None:
        super().__init__(
            "该预案刚被他人修改,请核对最新内容后重新提交",
            "somebody else changed this plan first: look again, then save",
        )


class CardInvalid(Refusal):
    """The text of a card cannot be meant; every mistake with its line."""

    code = "card_invalid"

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(
            f"行动卡有{len(faults)}处错误,未保存,请按行号改正",
            f"the card has {len(faults)} mistakes and was not kept: correct the lines named",
            *(
                FieldFault(
                    f"text.{one.line}",
                    f"第{one.line}行 {one.path}:{one.zh}",
                    f"line {one.line}, {one.path}: {one.en}",
                )
                for one in faults
            ),
        )


class NoCard(Refusal):
    """The plan has no card, or its card orders nothing at this level."""

    code = "no_card"

    def __init__(self, level: int | None = None) -> None:
        zh = "该预案还没有行动卡,请先编写" if level is None else f"该行动卡没有{level}级响应的任务,请另选级别"
        en = (
            "this plan has no action card: write one first"
            if level is None
            else f"this card orders nothing at level {level}: choose another"
        )
        super().__init__(zh, en)


class RunDecided(Refusal):
    """Somebody decided first."""

    code = "run_decided"

    def __init__(self, by: str, what: str) -> None:
        super().__init__(f"{by}已{what},请刷新后查看", f"{by} has decided already ({what}): look again")


class RunIsLed(Refusal):
    """The card belongs to a response."""

    code = "run_is_led"

    def __init__(self) -> None:
        super().__init__(
            "该行动卡随应急响应启动,请在应急响应中调整或终止",
            "this card belongs to a response: adjust or end it there",
        )


class NothingResolved(Refusal):
    """Not one task of the card has a recipient."""

    code = "nothing_resolved"

    def __init__(self, told: Sequence[str]) -> None:
        names = "、".join(told[:5])
        super().__init__(
            f"行动卡中没有一项任务找得到责任单位({names}),请先在单位登记或行动卡中改正",
            f"no task of the card has a recipient ({names}): correct the register of units or the card",
        )
