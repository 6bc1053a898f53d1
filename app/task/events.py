"""The events of tasks."""

from __future__ import annotations

from typing import Literal

from app.task.facts import TaskFact
from app.wire import Fact


class TaskMoved(Fact):
    """Something was found, its task took a step, or a department it called did not come in time."""

    type: Literal["task.found", "task.moved", "task.overdue"]
    task: TaskFact
    step: str
    words: str
