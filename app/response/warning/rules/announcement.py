"""What those who got an alert are told when its warning changed: words to begin with. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.codecs.colours import BY_COLOUR, Colour
from app.response.warning.rules.bulletin import ColourName
from app.response.warning.rules.chain import Standing
from app.response.warning.rules.diff import turn_of

Turned = Literal["lowered", "raised", "changed", "lifted", "expired"]
MOST_HAZARD, MOST_TITLE, MOST_TEXT = 40, 60, 200
"""As long as what takes the words: the title of a broadcast, the words of a round of calls."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """How the warning changed, its colour then and now, and the words to tell it with."""

    turned: Turned
    before: ColourName | None
    colour: ColourName | None
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a warning: its hazard in words (暴雨), who issued it, its measures, how it stands."""

    hazard: str
    issuer: str
    instruction: str
    colour: ColourName | None
    standing: Standing


def announcement(now: Told, before: ColourName | None) -> Announcement:
    """Return what those are told who were told of the warning when its colour was `before`."""
    hazard = now.hazard.strip()[:MOST_HAZARD]
    was, colour = f"{hazard}{_zh(before)}预警", _zh(now.colour)
    issuer = now.issuer or "发布单位"
    if now.standing == "lifted":
        title, text = f"{was}解除", f"{issuer}已解除{was},此前的通知不再有效,请听从当地指挥部安排有序恢复。"
        return _said("lifted", now, before, title, text)
    if now.standing == "expired":
        title, text = f"{was}到期", f"{issuer}发布的{was}已到期,没有续发,请继续留意天气变化和后续通知。"
        return _said("expired", now, before, title, text)
    turn = turn_of(before, now.colour)
    measures = now.instruction.strip() or "请继续落实防范措施,留意后续通知。"
    if turn in ("up", "down") and colour:
        word = "升" if turn == "up" else "降"
        title = f"{hazard}预警{word}为{colour}"
        text = f"{issuer}已将{was}{word}为{colour}。{measures}"
        return _said("raised" if turn == "up" else "lowered", now, before, title, text)
    return _said("changed", now, before, f"{was}有更新", f"{issuer}更新了{was}。{measures}")


def _said(turned: Turned, now: Told, before: ColourName | None, title: str, text: str) -> Announcement:
    return Announcement(turned, before, now.colour, title[:MOST_TITLE], text[:MOST_TEXT])


def _zh(colour: ColourName | None) -> str:
    return BY_COLOUR[Colour(colour)].zh if colour else ""
