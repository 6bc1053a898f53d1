"""The terms an order is given under, kept with it: which steps it may take and by when."""

from __future__ import annotations

from typing import Literal

from app.wire import Fact

ChainStep = Literal["acknowledge", "depart", "arrive", "finish", "return"]


class TermsFact(Fact):
    """What holds for one assignment, by the kind of its team; seconds, None where a limit does not apply.

    `turnout_s` is the target from order to departure (domain/rules.md B6), `depart_within_s` how long an
    acknowledgement holds without a departure and `confirm_within_s` how long before its end it is asked
    for, `safety_every_s` the safety clock on scene with its warning before and the leader after the end.
    """

    steps: list[ChainStep] = ["acknowledge", "depart", "arrive", "finish"]
    turnout_s: int | None = None
    depart_within_s: int | None = None
    confirm_within_s: int = 300
    safety_every_s: int | None = None
    safety_warn_s: int = 300
    safety_leader_s: int = 300
