"""Tiles that others serve: the county's setting, and what it may not be."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from app.config import Settings
from app.wire import Fact

_PLACES = ("{z}", "{x}", "{y}")


class TilesFact(Fact):
    """Map tiles of another house: where, in which datum, what stands in the corner (name, 审图号)."""

    url: str
    datum: Literal["wgs84", "gcj02"]
    name: str
    approval: str


def tiles_of(settings: Settings) -> TilesFact | None:
    """Return the tiles the settings name, None for none. Raises ValueError for an address that is none."""
    url = settings.tiles_url.strip()
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or not all(p in url for p in _PLACES):
        raise ValueError(
            "ZHISHOU_TILES_URL 应为 http(s)://主机/…{z}…{x}…{y}… / must be http(s)://host/…{z}…{x}…{y}…"
        )
    if any(sign in parts.netloc for sign in "{};,' @"):
        raise ValueError(
            "ZHISHOU_TILES_URL 的主机名须写全,不能带账号 / names one host in full and holds no login"
        )
    return TilesFact(
        url=url, datum=settings.tiles_datum, name=settings.tiles_name, approval=settings.tiles_approval
    )


def origin_of(tiles: TilesFact | None) -> str:
    """Return the origin a browser must be allowed to take pictures from; empty for none."""
    if tiles is None:
        return ""
    parts = urlsplit(tiles.url)
    return f"{parts.scheme}://{parts.netloc}"
