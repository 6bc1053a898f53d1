"""What a drill with named participants refuses."""

from __future__ import annotations

from collections.abc import Sequence

from app.refusals import Refusal


class NotInDrill(Refusal):
    """Who was not named for a drill is neither sent nor asked in it."""

    code = "not_in_drill"

    def __init__(self, names: Sequence[str]) -> None:
        said = "、".join(names[:5])
        super().__init__(
            f"{said}不在本场演练的参演名单内,请选参演的队伍、单位或人员",
            f"{said} does not take part in this drill: choose who does",
        )


class OnlyLooksOn(Refusal):
    """Who looks on changes nothing."""

    code = "only_looks_on"

    def __init__(self) -> None:
        super().__init__(
            "您在本场演练中为观摩人员,只能查看", "you look on in this drill: you read, and change nothing"
        )


class PartiesDecide(Refusal):
    """Who knows an incident of a drill is decided by the drill."""

    code = "parties_decide"

    def __init__(self) -> None:
        super().__init__(
            "演练事件由参演名单决定谁可知悉,不能另行指定知悉人",
            "who takes part in the drill knows of it: no other readers are named",
        )
