"""What is refused of tasks."""

from __future__ import annotations

from app.refusals import Refusal


class TaskStale(Refusal):
    """Somebody else took a step first."""

    code = "task_stale"

    def __init__(self) -> None:
        super().__init__("该任务刚被他人处理,请刷新", "somebody else took a step first: look again")


class TaskStepRefused(Refusal):
    """The step does not follow from where the task stands."""

    code = "task_step"

    def __init__(self, state: str) -> None:
        words = {
            "found": "已发现",
            "assigned": "已交办",
            "fixed": "已整改",
            "checked": "已验收",
            "closed": "已销号",
            "dropped": "已撤销",
            "converted": "已转为事件",
        }
        super().__init__(
            f"任务{words[state]},不能这样操作;顺序为 交办→整改→验收→销号",
            f"the task is {state}: the order is assign, fix, check, close",
        )


class CheckedByAnother(Refusal):
    """Who put it right does not check it himself."""

    code = "checked_by_another"

    def __init__(self) -> None:
        super().__init__("整改人不能自己验收,请由他人验收", "who put it right cannot check it: another does")


class NotCalled(Refusal):
    """The whistle does not call this department, or it has reported already."""

    code = "not_called"

    def __init__(self) -> None:
        super().__init__(
            "该部门不在本次吹哨名单中,或已报到",
            "this whistle does not call that department, or it has reported already",
        )


class NotAllReported(Refusal):
    """What a whistle called for is not put right before those it called were there."""

    code = "not_all_reported"

    def __init__(self, names: str, names_en: str) -> None:
        super().__init__(
            f"{names}尚未报到;请先登记报到,或写明未到原因后再报查处",
            f"not on site yet: {names_en}. Enter that they came, or say why they did not",
        )


class NoWhistle(Refusal):
    """Only an open whistle becomes an incident."""

    code = "no_whistle"

    def __init__(self) -> None:
        super().__init__("只有未销号的吹哨任务可以转为事件", "only an open whistle can become an incident")
