"""Where a configured service is. Pure."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Address:
    """A service's address. `path` stands before every path asked for, without a slash at its end."""

    tls: bool
    host: str
    port: int
    path: str = ""

    @property
    def netloc(self) -> str:
        """Host and port as a header and a screen show them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def read_address(url: str) -> Address | None:
    """Read `http(s)://host[:port][/path]`; None for anything else, with a login or parameters too."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return None
    plain = url.isascii() and url.isprintable() and " " not in url
    extra = parts.query or parts.fragment or parts.username or parts.password
    if parts.scheme not in ("http", "https") or not parts.hostname or extra or not plain:
        return None
    return Address(parts.scheme == "https", parts.hostname, port, parts.path.rstrip("/"))


def goes_out(url: str) -> bool:
    """Whether an address may be called: http(s), no login, no parameters, no link-local machine."""
    address = read_address(url)
    if address is None:
        return False
    try:
        literal = ipaddress.ip_address(address.host)
    except ValueError:
        return True
    return not (literal.is_link_local or literal.is_multicast or literal.is_unspecified)
