"""The status of every refusal of cameras and live pictures."""

from __future__ import annotations

from collections.abc import Mapping

from app.dispatch.video.refusals import (
    CameraOffline,
    MediaNonsense,
    MediaRefuses,
    MediaSilent,
    MediaUnreachable,
    NoMediaServer,
    NoTracker,
    OfferMalformed,
    PictureUnplayable,
    StreamPathTaken,
    TooManyCameras,
    TooManyViewers,
)
from app.refusals import Refusal

VIDEO_STATUS: Mapping[type[Refusal], int] = {
    CameraOffline: 409,
    MediaNonsense: 502,
    MediaRefuses: 502,
    MediaSilent: 504,
    MediaUnreachable: 502,
    NoMediaServer: 409,
    NoTracker: 409,
    OfferMalformed: 422,
    PictureUnplayable: 409,
    StreamPathTaken: 409,
    TooManyCameras: 409,
    TooManyViewers: 429,
}

# Faults of the shapes of cameras, in words: see `problems.py`.
VIDEO_FAULTS: Mapping[str, tuple[str, str]] = {
    "stream_path": (
        "流路径只能用字母、数字、- 和 _,可用 / 分段(不能有 . 或 ..)",
        "letters, digits, - and _ only, in up to four parts with / between (no dots)",
    ),
    "gb_id": ("国标编号应为 20 位数字", "a GB/T 28181 number has twenty digits"),
    "source_address": ("不是有效的视频源地址", "not an address of a video source"),
    "source_scheme": (
        "视频源只能是 rtsp、rtsps、rtmp、rtmps 或 srt 地址",
        "a video source is rtsp, rtsps, rtmp, rtmps or srt",
    ),
    "source_inner": (
        "视频源不能指向本机、链路本地或保留地址,请填摄像头自己的地址",
        "a video source is no loopback, link-local or reserved address: name the camera's own",
    ),
    "tracker_of_fixed": (
        "只有单兵背包和无人机可绑定定位终端或队伍,且只能绑定一个",
        "only a backpack or a drone follows a tracker or a team, and one of them",
    ),
    "login_of_nothing": ("填了账号口令就须填视频源地址", "a login needs the address it is for"),
}
