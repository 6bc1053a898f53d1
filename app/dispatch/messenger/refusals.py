"""What messengers refuse."""

from __future__ import annotations

from app.refusals import Refusal


class MessengerBack(Refusal):
    """He is back: nothing more is told of this errand."""

    code = "messenger_back"

    def __init__(self) -> None:
        super().__init__(
            "该通信员已返回,如需再次派出请新增一条", "he is back: send him anew for another errand"
        )
