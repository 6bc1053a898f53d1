"""Which two accounts may be one event told twice, and which figures disagree. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from typing import Literal

AccountKind = Literal["notice", "incident", "figure"]
AFTER_THE_FACT = timedelta(minutes=10)  # entered so long after it happened: it did not come in live
CLOSE = timedelta(minutes=90)  # two accounts of one event name times so close
ALIKE = 0.25  # share of pairs of characters that two accounts have in common
THIN = frozenset({"satellite_phone", "beidou", "sbd", "radio_370", "radio", "messenger", "neighbour"})


@dataclass(frozen=True, slots=True)
class Account:
    """Something that was told: what kind, where, when, how and in what words.

    `subject` is what a figure counts and `value` how much; `of` the incident it belongs to already.
    """

    kind: AccountKind
    id: int
    place: str
    happened_at: datetime
    entered_at: datetime
    channel: str
    words: str
    of: int | None = None
    subject: str = ""
    value: float | None = None

    @property
    def after_the_fact(self) -> bool:
        """Whether it came in late, or by a channel of the dark."""
        return self.entered_at - self.happened_at >= AFTER_THE_FACT or self.channel in THIN


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Two accounts and why they may be one. `left` came in first."""

    left: Account
    right: Account
    zh: str
    en: str


def suspicions(accounts: Sequence[Account]) -> Iterator[Suspicion]:
    """Yield the pairs to look at: at least one of them after the fact, about the same place and time."""
    ordered = sorted(accounts, key=lambda one: (one.entered_at, one.kind, one.id))
    for left, right in combinations(ordered, 2):
        if not (left.after_the_fact or right.after_the_fact):
            continue
        if abs(left.happened_at - right.happened_at) > CLOSE:
            continue
        if "figure" in (left.kind, right.kind):
            if left.kind == right.kind and (found := _figures(left, right)):
                yield found
        elif found := _events(left, right):
            yield found


def _figures(left: Account, right: Account) -> Suspicion | None:
    if left.of != right.of or left.subject != right.subject or left.value == right.value:
        return None
    return Suspicion(
        left,
        right,
        f"同一事件同一指标数字不一致:{_number(left.value)} 与 {_number(right.value)}",
        f"figures of one kind disagree: {_number(left.value)} and {_number(right.value)}",
    )


def _events(left: Account, right: Account) -> Suspicion | None:
    if _one_incident(left, right) or not _one_place(left.place, right.place):
        return None
    share = alike(left.words, right.words)
    if share < ALIKE:
        return None
    apart = int(abs(left.happened_at - right.happened_at).total_seconds() // 60)
    ways = left.channel != right.channel
    zh = f"同一地点,发生时间相差 {apart} 分钟,内容相似 {share:.0%}" + (",渠道不同" if ways else "")
    en = f"same place, {apart} min apart, {share:.0%} alike" + (", by different channels" if ways else "")
    return Suspicion(left, right, zh, en)


def _one_incident(left: Account, right: Account) -> bool:
    """Whether a person has put the two together already."""
    known = [one.id if one.kind == "incident" else one.of for one in (left, right)]
    return known[0] is not None and known[0] == known[1]


def _one_place(left: str, right: str) -> bool:
    """Whether two places are the same village, or one of them is the township of the other."""
    if left[:9] != right[:9] or left[6:9] == "000":
        return False
    return left[9:] == right[9:] or "000" in (left[9:], right[9:])


def alike(left: str, right: str) -> float:
    """Return the share of the shorter account's pairs of characters that the other has, 0 to 1."""
    pairs = [_pairs(words) for words in (left, right)]
    least = min(len(one) for one in pairs)
    return len(pairs[0] & pairs[1]) / least if least else 0.0


def _pairs(words: str) -> set[str]:
    said = "".join(char for char in words if char.isalnum())
    return {said[at : at + 2] for at in range(len(said) - 1)}


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:g}"
