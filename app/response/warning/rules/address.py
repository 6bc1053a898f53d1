"""Which addresses may be fetched for warnings: one configured host, nothing that it names elsewhere. Pure."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from app.outward.address import Address


@dataclass(frozen=True, slots=True)
class Target:
    """Where to ask and what for: `path` from the slash on, with its parameters."""

    address: Address
    path: str


def fetchable(url: str) -> Target | None:
    """Read `http(s)://host[:port]/path?query`; None for anything else, for logins and for link-local hosts.

    Link-local addresses are where clouds keep the credentials of machines.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return None
    plain = url.isascii() and url.isprintable() and " " not in url
    if parts.scheme not in ("http", "https") or not parts.hostname or not plain:
        return None
    if parts.username or parts.password or not may_be_called(parts.hostname):
        return None
    query = f"?{parts.query}" if parts.query else ""
    return Target(Address(parts.scheme == "https", parts.hostname, port), (parts.path or "/") + query)


def may_be_called(host: str) -> bool:
    """Whether a host, if it is a literal address, is one of a machine somewhere."""
    try:
        literal = ipaddress.ip_address(host.split("%")[0])
    except ValueError:
        return True
    mapped = getattr(literal, "ipv4_mapped", None) or literal
    return not (mapped.is_link_local or mapped.is_multicast or mapped.is_unspecified)


def entry_of(index: Target, link: str) -> Target | None:
    """Return what an entry of an index points to; None when that lies on another host than the index."""
    scheme = "https" if index.address.tls else "http"
    target = fetchable(urljoin(f"{scheme}://{index.address.netloc}{index.path}", link))
    return target if target is not None and target.address == index.address else None
