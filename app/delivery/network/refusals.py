"""What the centre's network refuses."""

from __future__ import annotations

from app.refusals import Refusal


class LateDecided(Refusal):
    """Somebody has decided about this message."""

    code = "late_message_decided"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name}已对该迟发消息作出决定,请刷新", f"{name} has decided about this message; reload"
        )
