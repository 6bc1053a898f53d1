"""What is refused of teams from outside."""

from __future__ import annotations

from app.refusals import Refusal


class OutsideStale(Refusal):
    """Somebody else took a step first."""

    code = "outside_stale"

    def __init__(self) -> None:
        super().__init__(
            "该外援队伍刚被他人处理,请刷新", "somebody else took a step with this team first: look again"
        )


class OutsideMoved(Refusal):
    """The step does not follow from where the team stands."""

    code = "outside_moved"

    def __init__(self, state: str) -> None:
        words = {"announced": "尚未到达", "arrived": "已到达", "released": "已归建", "cancelled": "已取消"}
        super().__init__(
            f"外援队伍{words[state]},不能这样操作", f"the team from outside is {state}: that cannot be done"
        )


class OutsideElsewhere(Refusal):
    """A team from outside is not kept among our own."""

    code = "outside_elsewhere"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name}是外援队伍,请在“外援”页登记到达或归建",
            f"{name} is a team from outside: enter its arrival and release on the page of outside help",
        )
