"""Times of assignments as they are answered: seconds, None where a milestone is missing."""

from __future__ import annotations

from typing import Literal

from app.wire import Fact

TimeGrade = Literal["green", "amber", "red"]


class AssignmentTimesOut(Fact):
    """The spans of one assignment in seconds, and how answer and turnout stand to their targets (B6)."""

    assignment_id: int
    team_id: int
    team_name: str
    answer_s: int | None
    answer_target_s: int
    answer_grade: TimeGrade | None
    turnout_s: int | None
    turnout_target_s: int | None
    turnout_grade: TimeGrade | None
    travel_s: int | None
    response_s: int | None
    scene_s: int | None
    back_s: int | None
    total_s: int | None


class SpreadOut(Fact):
    """How one span is spread: how many were measured, mean and percentiles in seconds."""

    measured: int
    mean_s: float | None
    p50_s: float | None
    p90_s: float | None


class ReactionRowOut(Fact):
    """A team's or township's month: orders, spans, shares within the target, seconds out."""

    key: str
    name: str
    orders: int
    answer: SpreadOut
    turnout: SpreadOut
    response: SpreadOut
    scene: SpreadOut
    answer_in_time: float | None
    answer_grade: TimeGrade | None
    turnout_in_time: float | None
    turnout_grade: TimeGrade | None
    busy_s: int


class ReactionOut(Fact):
    """A month of reaction times; the first row is the whole scope."""

    month: str
    by: Literal["team", "township"]
    rows: list[ReactionRowOut]
