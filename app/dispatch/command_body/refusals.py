"""What is refused about command bodies, and what to do instead."""

from __future__ import annotations

from app.refusals import Refusal


class CommandOver(Refusal):
    """The headquarters was stood down already."""

    code = "command_over"

    def __init__(self) -> None:
        super().__init__("该指挥部已撤收,请刷新", "this headquarters was stood down already: look again")


class AlreadyInCommand(Refusal):
    """The headquarters commands this incident already."""

    code = "already_in_command"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name}已启动,换人请用“移交指挥”", f"{name} is in command already: hand over instead"
        )


class BodyStale(Refusal):
    """Somebody else changed the headquarters first."""

    code = "body_stale"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name}刚被他人修改,请核对最新内容后重新提交",
            f"somebody else changed {name} first: look again, then save",
        )


class BodyRetired(Refusal):
    """The headquarters is out of the register."""

    code = "body_retired"

    def __init__(self) -> None:
        super().__init__("该指挥部已撤销,请另选", "this headquarters is retired: choose another")
