"""How far a report is, which steps it may take, and what its addressees must be. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.refusals import Refusal

ReportState = Literal["draft", "returned", "reviewed", "signed", "sent", "confirmed", "dropped"]
ReportKind = Literal["initial", "followup", "final"]
Step = Literal["edit", "review", "return", "sign", "consent", "countersign", "send", "confirm", "drop"]
UNFINISHED: frozenset[ReportState] = frozenset({"draft", "returned", "reviewed", "signed"})
OUT: frozenset[ReportState] = frozenset({"sent", "confirmed"})
_SIGNED: frozenset[ReportState] = frozenset({"signed", "sent", "confirmed"})

STEPS: Mapping[Step, frozenset[ReportState]] = {
    "edit": frozenset({"draft", "returned"}),
    "review": frozenset({"draft"}),
    "return": frozenset({"draft", "reviewed"}),
    "sign": frozenset({"reviewed"}),
    "consent": frozenset({"draft", "returned", "reviewed"}),  # a grave case does not wait for a review
    "countersign": _SIGNED,
    "send": _SIGNED,
    "confirm": OUT,
    "drop": frozenset({"draft", "returned", "reviewed"}),
}


WORDS: Mapping[str, str] = {
    "draft": "草稿",
    "returned": "退回修改",
    "reviewed": "已审核",
    "signed": "已签发",
    "sent": "已报送",
    "confirmed": "已收悉",
    "dropped": "已作废",
}


class IllegalReportStep(Refusal):
    """The step is not offered from this state."""

    code = "illegal_report_step"

    def __init__(self, state: str, step: Step) -> None:
        super().__init__(
            f"报告当前状态为“{WORDS[state]}”,不能执行此操作,请刷新后重试",
            f"the report is {state}: {step} is not possible from here; reload and look again",
        )


def check(state: str, step: Step) -> None:
    """Raise IllegalReportStep unless a report in this state allows the step."""
    if state not in STEPS[step]:
        raise IllegalReportStep(state, step)


def grave(level: int, *, life_threat: bool) -> bool:
    """Whether the leader's oral consent is enough: 重大 and above, or lives are threatened (domain B5c 8)."""
    return level <= 2 or life_threat


def state_after(confirmed: Sequence[bool]) -> ReportState:
    """Return how far a report is that is out, by whether each of its addressees has confirmed it."""
    return "confirmed" if all(confirmed) else "sent"


@dataclass(frozen=True, slots=True)
class Stands:
    """A version of the chain as far as the next one depends on it."""

    kind: str
    state: str
    drafted_at: datetime


Chain = Literal["", "initial_missing", "initial_twice", "unfinished", "over"]


def next_in_chain(kind: ReportKind, chain: Sequence[Stands], reopened: datetime | None = None) -> Chain:
    """Return why a version of this kind may not be begun, "" when it may. Dropped versions do not count.

    A final report ends the chain unless the incident was `reopened` after it was begun.
    """
    live = [one for one in chain if one.state != "dropped"]
    if any(one.state in UNFINISHED for one in live):
        return "unfinished"
    if any(one.kind == "final" and (reopened is None or one.drafted_at >= reopened) for one in live):
        return "over"
    if kind == "initial":
        return "initial_twice" if live else ""
    return "" if live else "initial_missing"


def skips_a_level(main: Collection[str]) -> bool:
    """Whether the province is told without the prefecture (越级)."""
    return "PR" in main and "P" not in main
