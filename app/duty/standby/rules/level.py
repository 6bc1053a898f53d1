"""How a team or township stands on a day: in place, short, not reported; with the reasons in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ready", "short", "missing", "waiting", "exempted", "unaccepted", "not_required"]
Colour = Literal["green", "amber", "red", "none"]
COLOUR: dict[State, Colour] = {
    "ready": "green",
    "short": "red",
    "missing": "red",
    "waiting": "amber",
    "exempted": "amber",
    "unaccepted": "amber",
    "not_required": "none",
}
_COLUMNS = {"on_leave": ("休假", "on leave"), "sick": ("病", "sick"), "out": ("出勤", "out")}


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a day. `silent` names who has not reported, `could_be` how many they may bring.

    `floor` is the number a leader accepts as enough (exemption), None without one. `accepted` False: names
    still wait for the leader's acceptance. `due` True: the hour of the return has passed.
    """

    required: int
    present: int
    silent: tuple[Words, ...] = ()
    could_be: int = 0
    floor: int | None = None
    accepted: bool = True
    due: bool = False


def judge(day: Standing) -> State:
    """Return how the day stands. Who cannot reach the number whatever else is reported is short already."""
    reported = not day.silent
    if day.required <= 0 and reported:
        return "not_required"
    if day.present + day.could_be < day.required:
        return "exempted" if day.floor is not None and day.present + day.could_be >= day.floor else "short"
    if not reported:
        return "missing" if day.due else "waiting"
    return "ready" if day.accepted else "unaccepted"


def reasons(day: Standing, state: State, due: str) -> tuple[Words, ...]:
    """Say why it is not simply green."""
    said: list[Words] = []
    if state in {"short", "exempted"}:
        short = day.required - day.present - day.could_be
        if day.could_be:
            said.append(
                Words(f"即使未报者全员在岗仍缺{short}人", f"short of {short} even if all others are in")
            )
        else:
            said.append(
                Words(
                    f"应到{day.required}人,实到{day.present}人,缺{short}人",
                    f"{day.present} of {day.required} in place, {short} short",
                )
            )
    if day.silent:
        zh, en = "、".join(w.zh for w in day.silent), ", ".join(w.en for w in day.silent)
        said.append(
            Words(f"{zh}过{due}未报", f"no return by {due}: {en}")
            if day.due
            else Words(f"{zh}待报({due}前)", f"return due by {due}: {en}")
        )
    if not day.accepted:
        said.append(Words("备勤名单待验收", "the names wait for acceptance"))
    return tuple(said)


def away(counts: dict[str, int]) -> Words | None:
    """Say who is not on post and why, None when everybody is."""
    parts = [(zh, en, counts.get(key, 0)) for key, (zh, en) in _COLUMNS.items() if counts.get(key, 0)]
    if not parts:
        return None
    return Words("、".join(f"{zh}{n}" for zh, _, n in parts), ", ".join(f"{n} {en}" for _, en, n in parts))


def percent(present: int, of: int) -> int | None:
    """Return whole per cent, rounded down: 109 of 110 is not everybody. None of nobody."""
    return None if of <= 0 else present * 100 // of
