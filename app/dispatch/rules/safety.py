"""The safety clock of a team on scene (人员安全清点, PAR): pure functions of instants."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.dispatch.terms import TermsFact

STAGES = ("running", "warning", "critical", "leader")


def limits(terms: TermsFact) -> tuple[timedelta, ...]:
    """Return when each stage begins, counted from the arrival or the last confirmation."""
    end = terms.safety_every_s or 0
    seconds = (0, max(0, end - terms.safety_warn_s), end, end + terms.safety_leader_s)
    return tuple(timedelta(seconds=s) for s in seconds)


def stage_at(since: datetime, now: datetime, terms: TermsFact) -> str:
    """Return the stage of a clock: running, warning, critical (its time is over), leader (nobody cared)."""
    reached = [stage for stage, after in zip(STAGES, limits(terms), strict=True) if now - since >= after]
    return reached[-1] if reached else STAGES[0]


def next_look(since: datetime, stage: str, terms: TermsFact) -> datetime | None:
    """Return when the stage after this one begins; None after the last."""
    following = STAGES.index(stage) + 1
    return since + limits(terms)[following] if following < len(STAGES) else None
