"""What cameras and their live pictures refuse."""

from __future__ import annotations

from app.refusals import Refusal


class StreamPathTaken(Refusal):
    """Another camera in use has this path on the media server."""

    code = "stream_path_taken"

    def __init__(self, path: str, held_by: str | None) -> None:
        super().__init__(
            f"流路径“{path}”已由{held_by or '另一摄像头'}使用,请另取一个",
            f"the stream path {path} is that of {held_by or 'another camera'}: choose another",
        )


class TooManyCameras(Refusal):
    """The catalogue is full."""

    code = "too_many_cameras"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"在用摄像头最多 {most} 个,请先停用不再使用的", f"at most {most} cameras: retire what is not used"
        )


class NoMediaServer(Refusal):
    """No media server is configured."""

    code = "no_media_server"

    def __init__(self) -> None:
        super().__init__(
            "没有配置流媒体服务器,不能看实时画面;请管理员设置 ZHISHOU_MEDIA_URL(见 docs/video.md)",
            "no media server is configured, there are no live pictures: have ZHISHOU_MEDIA_URL set "
            "(docs/video.md)",
        )


class MediaSilent(Refusal):
    """The media server did not answer in time."""

    code = "media_silent"

    def __init__(self) -> None:
        super().__init__(
            "流媒体服务器未在 5 秒内答复;请稍后重试,仍不行请检查流媒体服务器",
            "the media server did not answer within 5 seconds: try again, then have it looked at",
        )


class MediaUnreachable(Refusal):
    """Nobody answers at the media server's address, or it hung up."""

    code = "media_unreachable"

    def __init__(self) -> None:
        super().__init__(
            "连不上流媒体服务器;请检查它是否在运行、ZHISHOU_MEDIA_URL 是否正确",
            "the media server cannot be reached: is it running, is ZHISHOU_MEDIA_URL right?",
        )


class MediaNonsense(Refusal):
    """What came back is not what a media server of this kind says."""

    code = "media_nonsense"

    def __init__(self) -> None:
        super().__init__(
            "流媒体服务器的答复看不懂;请检查 ZHISHOU_MEDIA_KIND 与地址、端口是否对应",
            "the media server's answer makes no sense: does ZHISHOU_MEDIA_KIND fit its address and port?",
        )


class MediaRefuses(Refusal):
    """The media server knows us not, or does not let us in."""

    code = "media_refuses"

    def __init__(self) -> None:
        super().__init__(
            "流媒体服务器拒绝了请求;请检查 ZHISHOU_MEDIA_USER 和口令文件",
            "the media server refuses us: check ZHISHOU_MEDIA_USER and the password file",
        )


class CameraOffline(Refusal):
    """The camera's stream is not there now."""

    code = "camera_offline"

    def __init__(self) -> None:
        super().__init__(
            "该摄像头现在没有画面(离线,或还没有推流);请稍后重试或换附近的另一个",
            "this camera has no picture now (offline, or not sending yet): try again, or another one nearby",
        )


class TooManyViewers(Refusal):
    """As many are asking the media server at once as may."""

    code = "too_many_viewers"

    def __init__(self) -> None:
        super().__init__(
            "同时打开画面的人太多,请稍后重试",
            "too many pictures are being opened at once: try again in a moment",
        )


class PictureUnplayable(Refusal):
    """The media server and this browser have no codec in common."""

    code = "picture_unplayable"

    def __init__(self) -> None:
        super().__init__(
            "浏览器放不了这路视频(多半是 H.265 编码);请把摄像头的子码流改为 H.264",
            "this browser cannot play this stream (most likely H.265): set its second stream to H.264",
        )


class OfferMalformed(Refusal):
    """What a page sent to open a live picture is no offer."""

    code = "offer_malformed"

    def __init__(self) -> None:
        super().__init__(
            "打开画面的请求有误,请刷新页面后重试", "the request is no SDP: reload the page and try again"
        )


class NoTracker(Refusal):
    """A camera follows nothing, or what it follows never told where it is."""

    code = "no_tracker"

    def __init__(self) -> None:
        super().__init__(
            "该摄像头未绑定定位终端或队伍,或尚无定位,请在地图上选位置",
            "the camera follows no tracker or team, or nothing is known of its place: pick it on the map",
        )
