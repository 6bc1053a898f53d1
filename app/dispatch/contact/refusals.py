"""What contact refuses."""

from __future__ import annotations

from app.refusals import Refusal


class ContactTaskClosed(Refusal):
    """The task to restore contact is closed."""

    code = "contact_task_closed"

    def __init__(self, by: str) -> None:
        super().__init__(
            f"该恢复联络任务已由{by}办结,请刷新", f"this task to restore contact was closed by {by}; reload"
        )
