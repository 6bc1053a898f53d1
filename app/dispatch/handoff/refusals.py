"""What cross-border notices refuse."""

from __future__ import annotations

from app.refusals import Refusal


class HandoffReceived(Refusal):
    """Somebody confirmed it already."""

    code = "handoff_received"

    def __init__(self, who: str) -> None:
        super().__init__(
            f"该通报已由{who}签收,如需再次通报请新增一条",
            f"{who} has received this notice already: send another one",
        )


class TooManyHandoffs(Refusal):
    """An incident has as many notices as it may have."""

    code = "too_many_handoffs"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"一起事件最多通报 {most} 条,请核对已有通报",
            f"an incident has {most} notices at most: look at those there are",
        )
