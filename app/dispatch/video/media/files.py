"""Which files of a live picture may be asked for, and as what they are given out. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

MEDIA_TYPES: Mapping[str, str] = {
    "m3u8": "application/vnd.apple.mpegurl",
    "ts": "video/mp2t",
    "mp4": "video/mp4",
    "m4s": "video/iso.segment",
    "aac": "audio/aac",
}
_NAME = re.compile(r"(?:[A-Za-z0-9_-]{1,80}/){0,3}[A-Za-z0-9_-]{1,120}\.(m3u8|ts|mp4|m4s|aac)")
_QUERY = re.compile(r"[A-Za-z0-9_=&.-]{0,300}")


def media_type_of(name: str, query: str) -> str | None:
    """Return what a file is given out as; None for what is none of a live picture: `../`, a page, a script.

    The name decides, never what the media server says it is: nothing it sends is run by a browser.
    """
    found = _NAME.fullmatch(name)
    if found is None or _QUERY.fullmatch(query) is None:
        return None
    return MEDIA_TYPES[found[1]]
