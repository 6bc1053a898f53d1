"""What flights of drones and live pictures say in the duty log and in a timeline."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.desk.log.rules.said import Body, Said

FLIGHT: Mapping[str, tuple[str, str]] = {
    "drone_mission.planned": ("无人机任务", "drone flight planned"),
    "drone_mission.launched": ("无人机起飞", "drone launched"),
    "drone_mission.landed": ("无人机降落", "drone landed"),
}
_VERBS = {
    "live_start_push": ("开启直播", "start the picture"),
    "live_stop_push": ("停止直播", "stop the picture"),
}


def flight_of(body: Body) -> str:
    """Say which flight an event is about."""
    one = body["mission"]
    pct = one["landing_pct"] if body.get("type") == "drone_mission.landed" else one["launch_pct"]
    told = f",电量 {pct:.0f}%" if pct is not None else ""
    return f"{one['number']} {one['device_label']}:{one['purpose']}(飞手 {one['pilot']}{told})"


def _flight(type_: str, body: Body) -> Said:
    zh, en = FLIGHT[type_]
    one = body["mission"]
    detail = flight_of({**body, "type": type_})
    return Said(
        f"{zh} {detail}",
        f"{en}: {one['number']} {one['device_label']}, {one['purpose']}",
        ("rescue",),
        one["pilot"],
        one["note"],
    )


def _live(_: str, body: Body) -> Said:
    one = body["live"]
    zh, en = _VERBS[one["verb"]]
    return Said(
        f"{one['device_label']} {zh}:{one['said_zh']}",
        f"{one['device_label']} {en}: {one['said_en']}",
        ("rescue",),
        one["asked_by"],
    )


DRONE_WORDS: Mapping[str, Callable[[str, Body], Said]] = {
    **dict.fromkeys(FLIGHT, _flight),
    "drone_live.ended": _live,
}
