"""What the life of an incident does not allow, and what to do instead."""

from __future__ import annotations

from collections.abc import Sequence

from app.refusals import Refusal


class ChildrenStillOpen(Refusal):
    """An incident is not closed while its child incidents are open."""

    code = "children_still_open"

    def __init__(self, named: Sequence[str], hidden: int) -> None:
        zh, en = "、".join(named), ", ".join(named)
        more_zh = f"{'另有' if named else ''}{hidden}起限知子事件" if hidden else ""
        more_en = f"{'and ' if named else ''}{hidden} you may not know" if hidden else ""
        super().__init__(
            f"下级事件尚未结案:{zh}{more_zh};请先结案或解除关联",
            f"child incidents are still open: {en} {more_en}".rstrip() + "; close or unlink them first",
        )


class CommandStillActive(Refusal):
    """An incident is not closed or merged while a headquarters commands it."""

    code = "command_still_active"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}尚未撤收,请先撤收", f"{name} is still in command: stand it down first")


class NoCommonReader(Refusal):
    """Nobody may know both incidents."""

    code = "no_common_reader"

    def __init__(self) -> None:
        super().__init__(
            "两起限知事件的知悉人没有包括您的交集,请先在“知悉范围”中指定共同知悉人",
            "the readers of both incidents have nobody in common who includes you: name common readers first",
        )


class WouldWiden(Refusal):
    """More people would see what is need-to-know."""

    code = "would_widen"

    def __init__(self, teams: int, regions: int) -> None:
        super().__init__(
            f"并案后限知事件将多让 {teams} 支队伍、{regions} 个地区的值班台看到,"
            "请核实后勾选“同意扩大知悉范围”",
            f"{teams} more teams and the desks of {regions} more places would see what is need-to-know: "
            "confirm that",
        )


class MergedAway(Refusal):
    """The incident was merged into another."""

    code = "merged_away"

    def __init__(self, number: str) -> None:
        super().__init__(
            f"该事件已并入 {number},请在该事件上操作或撤销并案",
            f"this incident was merged into {number}: act there, or undo the merge",
        )


class MergeSettled(Refusal):
    """Something happened since the merge."""

    code = "merge_settled"

    def __init__(self) -> None:
        super().__init__(
            "并案后已有新的处置,不能撤销;请用“拆分”",
            "something happened since the merge, which cannot be undone: split instead",
        )


class LinkOver(Refusal):
    """The tie was undone already, or is none that can be."""

    code = "link_over"

    def __init__(self) -> None:
        super().__init__("该关联已解除,请刷新", "this link was undone already: look again")


class LinkedAlready(Refusal):
    """The tie exists, has a parent already, or would close a circle."""

    code = "linked_already"

    def __init__(self) -> None:
        super().__init__(
            "两起事件已有关联或互为上下级,请先解除原关联",
            "the incidents are tied already, or each would be above the other: unlink first",
        )
