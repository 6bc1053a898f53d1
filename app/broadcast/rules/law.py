"""The one law of drills: a drill, or a cause that is not actual, never becomes MsgType 1. Pure.

GD/J 082: 1 real, 2 cancel, 3 drill inside the platform, 4 at the front end, 5 at terminals (audible). The
database holds the same law (`a_drill_is_never_broadcast_as_real`): nothing reaches the wire around it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from app.codecs.colours import BY_COLOUR, UNKNOWN_BROADCAST, Colour
from app.codecs.ebm.message import MsgType
from app.filing.rules.numbers import DRILL_MARK
from app.refusals import Refusal

Wish = Literal["actual", "drill_platform", "drill_front_end", "drill_terminal"]
"""What a person asks for."""
WISHES: tuple[Wish, ...] = get_args(Wish)
ACTUAL = "actual"
_TYPES: Mapping[Wish, MsgType] = {
    "actual": MsgType.BROADCAST,
    "drill_platform": MsgType.DRILL_PLATFORM,
    "drill_front_end": MsgType.DRILL_FRONT_END,
    "drill_terminal": MsgType.DRILL_TERMINAL,
}
_WISHES = {kind: wish for wish, kind in _TYPES.items()}


class NotForReal(Refusal):
    """A test, exercise or draft was to be broadcast as the real thing."""

    code = "broadcast_not_for_real"

    def __init__(self, status: str) -> None:
        super().__init__(
            f"依据的状态为“{status[:20]}”,不是正式发布,只能作为演练播发:请改选演练方式,或改用正式发布的依据",
            f"the cause is {status[:20]!r}, not actual: choose a drill, or a cause that is actual",
        )


def msg_type_of(wish: Wish, cause_status: str, *texts: str) -> MsgType:
    """Return the MsgType of what a person asks for.

    Raises NotForReal: only an actual cause is for real, and no text that says it is a drill.
    """
    if wish == "actual" and cause_status != ACTUAL:
        raise NotForReal(cause_status)
    if wish == "actual" and any(DRILL_MARK in text for text in texts):
        raise NotForReal("exercise")
    return _TYPES[wish]


def wish_of(msg_type: int) -> Wish:
    """Return what a message was asked to be; a cancel is as actual as what it stops is not asked here."""
    return _WISHES.get(MsgType(msg_type), "actual")


def marked(text: str, *, drill: bool) -> str:
    """Return the text as it is spoken: that of a drill begins with 【演练】, once."""
    bare = text.strip()
    while bare.startswith(DRILL_MARK):
        bare = bare.removeprefix(DRILL_MARK).strip()
    return f"{DRILL_MARK}{bare}" if drill else bare


def audible(msg_type: int) -> bool:
    """Say whether loudspeakers sound: at a drill of terminals and for real; a stop only silences."""
    return msg_type in (MsgType.BROADCAST, MsgType.DRILL_TERMINAL)


def severity_of(colour: Colour | None) -> int:
    """Return the Severity of GD/J of a colour by the one table; without one 0, which is the LOWEST."""
    return UNKNOWN_BROADCAST if colour is None else BY_COLOUR[colour].broadcast
