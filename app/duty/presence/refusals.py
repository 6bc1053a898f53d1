"""What is refused about presence."""

from __future__ import annotations

from app.refusals import Refusal


class NotRostered(Refusal):
    """Nobody planned this person for this time."""

    code = "not_rostered"

    def __init__(self) -> None:
        super().__init__(
            "此刻没有您的班次(上班前两小时起可签到);临时顶班请值班长先安排替班",
            "you have no shift now (two hours ahead at the earliest); the shift lead can let you stand in",
        )


class AlreadyHere(Refusal):
    """The person is at a post already."""

    code = "already_here"

    def __init__(self) -> None:
        super().__init__("已经签到", "has arrived already")


class NotHere(Refusal):
    """The person is at no post."""

    code = "not_here"

    def __init__(self) -> None:
        super().__init__("还没有签到", "has not arrived")


class TooFarAway(Refusal):
    """A telephone says where it is: not at the duty room."""

    code = "too_far_away"

    def __init__(self, away_m: float | None) -> None:
        if away_m is None:
            super().__init__(
                "手机签到需要定位,请打开定位后重试,或由值班长代为登记",
                "a telephone has to tell where it is: switch that on, or have the shift lead note it",
            )
        else:
            km = away_m / 1000
            super().__init__(
                f"您距值班室约 {km:.1f} 公里,到岗后再签到",
                f"you are about {km:.1f} km from the duty room: arrive first",
            )


class EmptyDesk(Refusal):
    """Who goes now leaves a seat empty."""

    code = "empty_desk"

    def __init__(self, missing: int) -> None:
        super().__init__(
            f"接班人未到,离岗后该席位缺{missing}人,请等接班人到岗;确需离开请带班领导批准",
            f"relief is not here: the seat would lack {missing}; wait, or have a leader allow it",
        )


class GapClosed(Refusal):
    """The gap is filled or past."""

    code = "gap_closed"

    def __init__(self) -> None:
        super().__init__("该缺岗已补上或已过去", "this gap is filled or past")


class NotALeadersShift(Refusal):
    """Only the leader in charge is called and replaced this way."""

    code = "no_leader_on_duty"

    def __init__(self) -> None:
        super().__init__("此刻没有带班领导在班,请先补岗", "no leader in charge is on duty now: fill the seat")
