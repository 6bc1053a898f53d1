"""What flights and live pictures refuse."""

from __future__ import annotations

from app.refusals import Refusal


class NotLaunchedYet(Refusal):
    """A drone that has not left the ground cannot land."""

    code = "drone_not_launched"

    def __init__(self) -> None:
        super().__init__(
            "该任务还没有起飞时间,请先登记起飞", "this flight has no launch yet: note the launch first"
        )


class DroneFlies(Refusal):
    """A drone has one flight at a time."""

    code = "drone_flies"

    def __init__(self, number: str) -> None:
        super().__init__(
            f"该无人机的任务 {number} 尚未降落,请先登记降落",
            f"flight {number} of this drone has not landed: note its landing first",
        )


class NoPicture(Refusal):
    """Nobody can be asked for this drone's picture; the sentence says what is missing."""

    code = "no_picture"


def no_dock_broker() -> NoPicture:
    """Say that no broker of docks is set."""
    return NoPicture(
        "未设置机场消息服务器(ZHISHOU_DJI_MQTT_URL),无法要求推流",
        "no broker of docks is set (ZHISHOU_DJI_MQTT_URL): no picture can be asked for",
    )


def no_dock() -> NoPicture:
    """Say that the drone came through no dock."""
    return NoPicture(
        "该无人机未通过大疆机场或遥控器接入,不能从这里开启直播",
        "this drone came through no DJI dock or remote control: its picture cannot be started here",
    )


def no_camera() -> NoPicture:
    """Say that the drone told of no camera."""
    return NoPicture(
        "该无人机尚未上报摄像头,请等待机场上线后重试",
        "this drone has told of no camera yet: wait until its dock is there",
    )
