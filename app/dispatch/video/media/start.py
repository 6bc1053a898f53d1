"""The media server as the settings name it."""

from __future__ import annotations

from app.clock import Clock
from app.config import Settings
from app.dispatch.video.media.dialects import Dialect, MediaMtx, ZlMediaKit
from app.dispatch.video.media.server import MediaServer
from app.outward.address import Address, read_address

WEBRTC_PORT, HLS_PORT = 8889, 8888  # where MediaMTX listens unless it is told otherwise


def media_server(settings: Settings, clock: Clock) -> MediaServer | None:
    """Return the county's media server, None without one. Raises ValueError for an address that is none."""
    if not settings.media_url:
        if settings.media_webrtc_url or settings.media_hls_url:
            raise ValueError(
                "须先设置 ZHISHOU_MEDIA_URL(流媒体服务器的 API 地址)"
                " / set ZHISHOU_MEDIA_URL first, the address of the media server's API"
            )
        return None
    return MediaServer(_dialect(settings), clock)


def _dialect(settings: Settings) -> Dialect:
    api, password = _address(settings.media_url), settings.media_password.get_secret_value()
    if not password.isascii() or not settings.media_user.isascii():
        raise ValueError("ZHISHOU_MEDIA_USER / _PASSWORD 只能用 ASCII 字符 / must be ASCII")
    if settings.media_kind == "zlmediakit":
        return ZlMediaKit(api, password)
    webrtc = _address(settings.media_webrtc_url) if settings.media_webrtc_url else _beside(api, WEBRTC_PORT)
    hls = _address(settings.media_hls_url) if settings.media_hls_url else _beside(api, HLS_PORT)
    return MediaMtx(api, webrtc, hls, settings.media_user, password)


def _beside(api: Address, port: int) -> Address:
    return Address(api.tls, api.host, port)


def _address(url: str) -> Address:
    found = read_address(url)
    if found is None:
        raise ValueError(
            "应形如 http://10.1.2.3:9997,不带账号和参数"
            " / must look like http://10.1.2.3:9997, without a login"
        )
    return found
