"""What spot checks refuse, each with the fact."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from app.refusals import Refusal


class SpotCheckOver(Refusal):
    """The check is finished or was called off."""

    code = "spot_check_over"

    def __init__(self) -> None:
        super().__init__("该次抽查已结束或已取消", "the spot check is finished or was called off")


class SpotCheckNotBegun(Refusal):
    """A planned check whose time has not come."""

    code = "spot_check_not_begun"

    def __init__(self, at: datetime, zone: ZoneInfo) -> None:
        when = f"{at.astimezone(zone):%m-%d %H:%M}"
        super().__init__(f"该次抽查定于 {when} 开始", f"the spot check begins at {when}")


class RetryNotDue(Refusal):
    """A post that did not answer is called again some minutes later (R6)."""

    code = "retry_not_due"

    def __init__(self, at: datetime, zone: ZoneInfo) -> None:
        when = f"{at.astimezone(zone):%H:%M:%S}"
        super().__init__(f"请于 {when} 之后再次呼叫", f"call again after {when}")


class OutOfTurn(Refusal):
    """The post was called already, or not yet."""

    code = "spot_check_out_of_turn"

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh, en)


class SpotCheckUnfinished(Refusal):
    """A post is still being called, or has to be called again."""

    code = "spot_check_unfinished"

    def __init__(self, names: list[str]) -> None:
        told = "、".join(names)
        super().__init__(f"尚有岗位未查完:{told}", f"not checked to the end yet: {told}")


class CircularFixed(Refusal):
    """The circular is signed: its words stand."""

    code = "circular_fixed"

    def __init__(self) -> None:
        super().__init__("通报已签发,不能再改", "the circular is signed and cannot be changed")


class CircularNotReady(Refusal):
    """The circular lacks what comes before: a finished check, a text, a signature."""

    code = "circular_not_ready"

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh, en)


class StaleCircular(Refusal):
    """Somebody else has edited the text meanwhile."""

    code = "stale_circular"

    def __init__(self) -> None:
        super().__init__(
            "别人刚改过通报,请看过新内容后再改", "somebody has just edited the circular: read it again"
        )


class RectificationClosed(Refusal):
    """Nothing is to be done about this failure now."""

    code = "rectification_closed"

    def __init__(self) -> None:
        super().__init__("该整改事项当前不能这样处理", "this step is not open for the rectification now")


class AppealStands(Refusal):
    """An appeal against this failure waits or was upheld."""

    code = "appeal_stands"

    def __init__(self) -> None:
        super().__init__("该问题已有申诉", "there is an appeal against this failure already")


class AppealDecided(Refusal):
    """A leader has given his word."""

    code = "appeal_decided"

    def __init__(self) -> None:
        super().__init__("该申诉已有结论", "the appeal was decided already")


class NoDeviceThere(Refusal):
    """The post has no working device for this means."""

    code = "no_device_there"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name}没有可用的该类设备:请换一种方式,或呼叫后登记结果",
            f"{name} has no working device of this kind: choose another means, or call and note the result",
        )
