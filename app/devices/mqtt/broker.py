"""Which broker, and who we are to it: read from one URL, shown without its password."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

PORTS = {"mqtt": 1883, "mqtts": 8883}
VERSIONS = ("5", "3.1.1")


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is. `ca` vouches for it, not the system's authorities; `cert`/`key` show who we are.

    `version` 5 is the contract's; 3.1.1 serves a small broker in a demo and lacks expiry and flow control.
    """

    host: str
    port: int
    tls: bool = False
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    ca: Path | None = None
    cert: Path | None = None
    key: Path | None = None
    version: str = "5"

    @property
    def place(self) -> str:
        """The broker's address as it may stand in a log."""
        return f"{'mqtts' if self.tls else 'mqtt'}://{self.host}:{self.port}"

    def context(self) -> ssl.SSLContext:
        """Return the TLS settings. Raises OSError or ssl.SSLError for files that are none."""
        context = ssl.create_default_context(cafile=str(self.ca) if self.ca else None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self.cert:
            context.load_cert_chain(self.cert, self.key)
        return context


def parse_broker(
    url: str, *, ca: Path | None = None, cert: Path | None = None, key: Path | None = None
) -> Broker:
    """Read `mqtts://user:pass@host:8883`, with `?version=3.1.1` for an old broker. Raises ValueError."""
    try:
        place = urlsplit(url)
        port = place.port
    except ValueError:  # a port that is no number; the URL is not repeated, it may hold a password
        raise ValueError(_SENTENCE) from None
    version = parse_qs(place.query).get("version", ["5"])[0]
    if place.scheme not in PORTS or not place.hostname or version not in VERSIONS:
        raise ValueError(_SENTENCE)
    return Broker(
        place.hostname,
        port or PORTS[place.scheme],
        tls=place.scheme == "mqtts",
        username=unquote(place.username) if place.username else None,
        password=unquote(place.password) if place.password else None,
        ca=ca,
        cert=cert,
        key=key,
        version=version,
    )


_SENTENCE = (
    "MQTT 地址应形如 mqtts://用户:密码@主机:8883 / "
    "the MQTT address should look like mqtts://user:password@host:8883"
)
