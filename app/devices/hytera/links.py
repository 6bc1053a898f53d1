"""The setting `hytera_links`: where repeaters and mobile radios are, their ports and their habits."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from urllib.parse import SplitResult, parse_qsl, urlsplit

from app.devices.adapters.hytera.frame import LP, RCP, RRS, TMP
from app.devices.links.serial import DEFAULT_BAUD, SerialLink

PORTS: Mapping[str, tuple[int, tuple[int, int]]] = {
    "rrs": (RRS, (30001, 30002)),
    "lp": (LP, (30003, 30004)),
    "tmp": (TMP, (30007, 30008)),
    "rcp": (RCP, (30009, 30010)),
}
"""Service and its UDP ports for slot 1 and 2, as delivered (§2.1); telemetry and voice are not used."""

HRNP_PORT = 3005


@dataclass(frozen=True, slots=True)
class Habits:
    """How the radios of one link were programmed, and what we do with them.

    `id` is the dispatcher's own radio id (0: learnt from the equipment), `renew` how many seconds a
    registration holds, `groups` the talk groups whose texts are shown (none given: all), `chars` the
    longest text of one message. `strict` refuses wrong HDAP checksums, `ack` 0 expects no acknowledgement
    of texts, `unproven` 1 allows what no public capture shows to be *sent* (the radio check).
    """

    id: int = 0
    subnet: int = 10
    renew: int = 1800
    groups: frozenset[int] = frozenset()
    chars: int = 100
    strict: bool = False
    ack: bool = True
    unproven: bool = False


@dataclass(frozen=True, slots=True)
class RepeaterLink:
    """A repeater: its address, the address we listen on, and the port of each service and slot."""

    host: str
    listen: str = "0.0.0.0"  # noqa: S104  the repeater is elsewhere; strangers' datagrams are dropped
    ports: Mapping[tuple[int, int], int] = field(
        default_factory=lambda: {
            (service, slot): port
            for service, ports in PORTS.values()
            for slot, port in enumerate(ports, start=1)
        }
    )
    habits: Habits = Habits()


@dataclass(frozen=True, slots=True)
class CableLink:
    """A mobile radio on a serial port, on a serial server by TCP, or on its own network by UDP."""

    line: SerialLink
    habits: Habits = Habits()


def parse_links(setting: str) -> list[RepeaterLink | CableLink]:
    """Read `hstrp://10.1.2.3?renew=600,hrnp:///dev/ttyUSB0?baud=115200`. Raises ValueError."""
    links = [_link(item) for item in (part.strip() for part in setting.split(",")) if item]
    places = [place for link in links for place in _places(link)]
    twice = next((place for place in places if places.count(place) > 1), None)
    if twice:
        raise ValueError(f"电台设置中 {twice} 用了两次 / {twice} is used twice among the radio links")
    return links


def _places(link: RepeaterLink | CableLink) -> list[str]:
    """Return what a link needs for itself alone: its address and the ports it listens on, or its line."""
    if isinstance(link, CableLink):
        return [link.line.url]
    return [link.host, *(f"{link.listen}:{port}" for port in link.ports.values() if port)]


def _link(item: str) -> RepeaterLink | CableLink:
    try:
        place = urlsplit(item)
        options = dict(parse_qsl(place.query, keep_blank_values=True, strict_parsing=bool(place.query)))
        link = _repeater(place, options) if place.scheme == "hstrp" else _cable(place, options)
    except ValueError as error:
        raise ValueError(
            f"电台设置“{item}”有误,应形如 hstrp://10.1.2.3?renew=600 或 hrnp:///dev/ttyUSB0 / radio link "
            f"{item!r} should look like hstrp://10.1.2.3?renew=600 or hrnp:///dev/ttyUSB0: {error}"
        ) from error
    if options:
        unknown = ", ".join(options)
        raise ValueError(
            f"电台设置“{item}”有不认识的选项:{unknown} / radio link {item!r} has unknown options: {unknown}"
        )
    return link


def _repeater(place: SplitResult, options: dict[str, str]) -> RepeaterLink:
    ports: dict[tuple[int, int], int] = {}
    for name, (service, standard) in PORTS.items():
        given = options.pop(name, "")
        numbers = [_number(one, 0xFFFF) for one in given.split(";")] if given else list(standard)
        ports.update({(service, slot): port for slot, port in enumerate(numbers[:2], start=1)})
    listen = str(ipaddress.ip_address(options.pop("listen", "0.0.0.0")))  # noqa: S104  as above
    return RepeaterLink(str(ipaddress.ip_address(place.hostname or "")), listen, ports, _habits(options))


def _cable(place: SplitResult, options: dict[str, str]) -> CableLink:
    baud = _number(options.pop("baud", str(DEFAULT_BAUD)), 4_000_000)
    if place.scheme == "hrnp" and place.path.startswith("/") and not place.netloc:
        return CableLink(SerialLink("hdap", place.path, baud), _habits(options))
    if place.scheme == "hrnp" and place.hostname and not place.path:
        host = ipaddress.ip_address(place.hostname)
        return CableLink(SerialLink("hdap", f"udp://{host}:{place.port or HRNP_PORT}"), _habits(options))
    if place.scheme == "hrnp+tcp" and place.hostname and place.port:
        return CableLink(
            SerialLink("hdap", f"socket://{place.hostname}:{place.port}", baud), _habits(options)
        )
    raise ValueError("hstrp://, hrnp:// or hrnp+tcp:// is missing")


def _habits(options: dict[str, str]) -> Habits:
    """Take what stands in the options out of them: flags are 0 or 1, groups are separated by semicolons."""
    given: dict[str, int | bool | frozenset[int]] = {}
    for known in fields(Habits):
        text = options.pop(known.name, None)
        if text is None:
            continue
        if known.name == "groups":
            given[known.name] = frozenset(_number(one, (1 << 24) - 1) for one in text.split(";"))
        elif isinstance(known.default, bool):
            given[known.name] = bool(_number(text, 1))
        else:
            given[known.name] = _number(text, _MOST[known.name], least=_LEAST.get(known.name, 0))
    return Habits(**given)  # type: ignore[arg-type]  # each value was read by its field's own kind


_MOST = {"id": (1 << 24) - 1, "subnet": 255, "renew": 86_400, "chars": 500}
_LEAST = {"renew": 60, "chars": 10}


def _number(text: str, most: int, *, least: int = 0) -> int:
    if not (text.isascii() and text.isdigit() and least <= int(text[:9]) <= most and len(text) < 10):
        raise ValueError(f"{text[:20]!r} is no number from {least} to {most}")
    return int(text)
