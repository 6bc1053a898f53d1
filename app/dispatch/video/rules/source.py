"""Where a camera's picture comes from: an address the media server pulls, its login kept apart. Pure.

The address is fetched by the media server, inside the county's video network. Cameras live on private
addresses (10.…), which are therefore fine; the media server's own machine, link-local addresses (among them
the metadata services of clouds) and what is no video protocol are not (docs/decisions/0048-video.md).
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import LiteralString
from urllib.parse import quote, unquote, urlsplit

SCHEMES = frozenset({"rtsp", "rtsps", "rtmp", "rtmps", "srt"})
MOST_PATH = 100
_STREAM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}(/[A-Za-z0-9][A-Za-z0-9_-]{0,39}){0,3}")
_HOST = re.compile(
    r"(?=.{1,253}\Z)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
)
_LIKE_A_NUMBER = re.compile(r"(0[xX][0-9a-fA-F]*|\d+)\Z")
_PLAIN = re.compile(r"[\x21-\x7e]{1,400}")


class BadSource(ValueError):
    """An address that is none, or one the media server must not be sent to; `fault` is the word for it."""

    def __init__(self, fault: LiteralString) -> None:
        super().__init__(fault)
        self.fault: LiteralString = fault


@dataclass(frozen=True, slots=True)
class Source:
    """An address without a login, and the login."""

    url: str
    user: str = ""
    password: str = ""

    def whole(self) -> str:
        """Return the address as the media server needs it, with the login. Never log this."""
        if not self.user and not self.password:
            return self.url
        scheme, rest = self.url.split("://", 1)
        return f"{scheme}://{quote(self.user, safe='')}:{quote(self.password, safe='')}@{rest}"


def is_stream_path(path: str) -> bool:
    """Whether a name may be a stream's path: words of letters and digits, no dots, so no way upwards."""
    return len(path) <= MOST_PATH and _STREAM.fullmatch(path) is not None


def is_gb_id(told: str) -> bool:
    """Whether this is a device's number by GB/T 28181: twenty digits."""
    return re.fullmatch(r"[0-9]{20}", told) is not None


def read_source(url: str) -> Source:
    """Read an address, its login apart. Raises BadSource: source_address, source_scheme, source_inner."""
    if _PLAIN.fullmatch(url) is None or "#" in url or "\\" in url:
        raise BadSource("source_address")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise BadSource("source_address") from None
    if parts.scheme not in SCHEMES:
        raise BadSource("source_scheme")
    if not host or port == 0:
        raise BadSource("source_address")
    _check_host(host)
    shown = f"[{host}]" if ":" in host else host
    netloc = shown if port is None else f"{shown}:{port}"
    plain = f"{parts.scheme}://{netloc}{parts.path}{f'?{parts.query}' if parts.query else ''}"
    return Source(plain, unquote(parts.username or ""), unquote(parts.password or ""))


def same_machine(one: str, other: str) -> bool:
    """Whether two addresses lead to one machine and port: only there may a kept login be sent again."""
    if not one or not other:
        return False
    ours, theirs = urlsplit(one), urlsplit(other)
    return (ours.scheme, ours.hostname, ours.port) == (theirs.scheme, theirs.hostname, theirs.port)


def _check_host(host: str) -> None:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        _check_name(host)
        return
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address.sixtofour or address
    inner = address.is_loopback or address.is_link_local or address.is_unspecified
    if inner or address.is_multicast or address.is_reserved:
        raise BadSource("source_inner")


def _check_name(host: str) -> None:
    if _HOST.fullmatch(host) is None:
        raise BadSource("source_address")
    last = host.rsplit(".", 1)[-1]
    # 2130706433, 0x7f.1, 127.1: what is no address to us, a resolver may read as one (inet_aton).
    if _LIKE_A_NUMBER.fullmatch(last) is not None:
        raise BadSource("source_inner")
    if last.lower() in ("localhost", "localdomain", "internal"):
        raise BadSource("source_inner")
