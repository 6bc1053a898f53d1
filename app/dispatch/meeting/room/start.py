"""LiveKit as the settings name it."""

from __future__ import annotations

from urllib.parse import urlsplit

from app.clock import Clock
from app.config import Settings
from app.dispatch.meeting.room.livekit import LiveKit
from app.outward.address import read_address

_SHORTEST_SECRET = 32


def livekit(settings: Settings, clock: Clock) -> LiveKit | None:
    """Return the county's LiveKit, None without one. Raises ValueError for what cannot be meant."""
    key, secret = settings.livekit_api_key, settings.livekit_api_secret.get_secret_value()
    if not settings.livekit_url:
        if key or secret or settings.livekit_api_url:
            raise ValueError("须先设置 ZHISHOU_LIVEKIT_URL / set ZHISHOU_LIVEKIT_URL first")
        return None
    parts = urlsplit(settings.livekit_url)
    plain = settings.livekit_url.replace("ws", "http", 1)
    api = read_address(settings.livekit_api_url or plain)
    if (
        parts.scheme not in ("ws", "wss")
        or read_address(plain) is None
        or parts.path.rstrip("/")
        or api is None
    ):
        raise ValueError(
            "ZHISHOU_LIVEKIT_URL 应形如 wss://10.1.2.3:7880,API 地址形如 http://10.1.2.3:7880"
            " / must look like wss://10.1.2.3:7880, the address of its API like http://10.1.2.3:7880"
        )
    if not key or len(secret) < _SHORTEST_SECRET:
        raise ValueError(
            f"须设置 ZHISHOU_LIVEKIT_API_KEY 和至少 {_SHORTEST_SECRET} 个字符的 _API_SECRET"
            f" / needs ZHISHOU_LIVEKIT_API_KEY and an _API_SECRET of {_SHORTEST_SECRET} characters or more"
        )
    return LiveKit(f"{parts.scheme}://{parts.netloc}", api, key, secret, settings.stream, clock)


def origins_of(found: LiveKit | None) -> str:
    """Return what a browser must be allowed to speak to; empty for none. It asks by http where ws fails."""
    return "" if found is None else f"{found.url} {found.url.replace('ws', 'http', 1)}"
