"""A drill and what is in earnest are never mixed."""

from __future__ import annotations

from app.refusals import Refusal

PAUSED = "演练暂停,实战"
"""What everybody of a drill is told when something in earnest comes."""


class DrillApart(Refusal):
    """What belongs to a drill is not joined with what is in earnest, nor with another drill."""

    code = "drill_apart"

    def __init__(self) -> None:
        super().__init__(
            "演练与实战(或另一场演练)不能合并,请分别处置",
            "a drill is not joined with what is in earnest, nor with another drill: handle them apart",
        )


def check_same_drill(one: int | None, other: int | None) -> None:
    """Let only what belongs to the same drill, or to none, be joined. Raises DrillApart."""
    if one != other:
        raise DrillApart


class DrillStaysHere(Refusal):
    """Nothing of a drill is sent to a real address outside."""

    code = "drill_stays_here"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"演练内容不发往外部真实地址({name}),请改登记为电话或当面报送",
            f"nothing of a drill is sent to a real address outside ({name}): enter it as told by telephone "
            "or in person",
        )
