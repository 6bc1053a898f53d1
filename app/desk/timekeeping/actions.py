"""Write down that a clock was set."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.desk.timekeeping import store
from app.desk.timekeeping.events import ClockStepped
from app.desk.timekeeping.facts import ClockStepFact, TimerFact
from app.desk.timekeeping.rules import step_words
from app.journal import store as journal
from app.org.rules.access import Concern


async def note(tx: Tx, stream: str, node: str, expected_at: datetime, shown_at: datetime) -> None:
    """Note a step of a node's clock, and which timers lie between what it should show and what it does."""
    first, last = sorted((expected_at, shown_at))
    passed = await store.between(tx, stream, first, last)
    by_s = (shown_at - expected_at).total_seconds()
    fact = ClockStepFact(
        node=node,
        by_s=round(by_s, 1),
        expected_at=expected_at,
        shown_at=shown_at,
        kept=await store.timers(tx, stream, first),
        passed=passed,
    )
    zh, en = _words(fact, passed)
    event = ClockStepped(type="clock.stepped", step=fact, zh=zh, en=en)
    entry = journal.Entry(event, Concern((stream.ljust(12, "0"),)))
    await journal.append(tx, stream, shown_at, [entry])


def _words(fact: ClockStepFact, passed: list[TimerFact]) -> tuple[str, str]:
    way_zh, way_en = step_words(fact.by_s)
    zh = f"服务器 {fact.node} 系统时钟{way_zh},{fact.kept} 项计时的到期时刻不变"
    en = f"the clock of server {fact.node} was set {way_en}; {fact.kept} timers keep their due times"
    if passed:
        names = "、".join(one.name for one in passed)
        sooner = fact.by_s > 0
        zh += f";{'因此提前到期' if sooner else '已到期过、不再重复'}:{names}"
        en += f"; {'due sooner for it' if sooner else 'due before, not again'}: {names}"
    return zh, en
