"""The events of tasks."""

from __future__ import annotations

from typing import Literal

from app.task.facts import TaskFact
from app.wire import Fact


class TaskMoved(Fact):
    """Something was found, or its task took a step."""

    type: Literal["task.found", "task.moved"]
    task: TaskFact
    step: str
    words: str
