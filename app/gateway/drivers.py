"""What a gateway drives: one line a device family, from the same settings as at the centre."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from app.clock import Clock
from app.config import Settings
from app.devices.beidou.dialects import DIALECTS
from app.devices.hytera.links import parse_links as parse_radio_links
from app.devices.links.serial import parse_links
from app.gateway.beidou import EdgeBeidou
from app.gateway.core import Core
from app.gateway.directory import AllowedTerminals
from app.gateway.hytera import EdgeRadios
from app.gateway.jt808 import EdgeTerminals
from app.gateway.satphone import EdgePhone
from app.gateway.sbd import EdgeSbd
from app.gateway.store import Store

CAN = frozenset({"cmd.text"})


class EdgeDriver(Protocol):
    """Whoever holds a link to devices at the edge. One that breaks recovers by itself.

    `name` tells it apart in the log, `family` is the family of its devices as the register names it, and
    `channel` is who carries commands out: drivers of one channel reach the same devices.
    """

    @property
    def name(self) -> str:
        """The driver's name."""
        ...

    @property
    def family(self) -> str:
        """The family of its devices."""
        ...

    @property
    def channel(self) -> str:
        """The channel of its commands."""
        ...

    def running(self) -> AbstractAsyncContextManager[object]:
        """Serve the link while the block lasts, whatever its cable does."""
        ...

    def health(self) -> dict[str, object]:
        """Return plain facts about the link; `ok: False` when it does not work."""
        ...


@dataclass(frozen=True, slots=True)
class Edge:
    """What drivers of a gateway are made of."""

    settings: Settings
    core: Core
    store: Store
    clock: Clock


def _beidou(edge: Edge) -> list[EdgeDriver]:
    links = parse_links(edge.settings.serial_links)
    return [EdgeBeidou(link, edge.core, edge.clock) for link in links if link.family in DIALECTS]


def _jt808(edge: Edge) -> list[EdgeDriver]:
    file = edge.settings.gateway_terminals
    if file is None:
        return []
    return [EdgeTerminals(edge.settings, edge.core, AllowedTerminals(file, edge.store), edge.clock)]


def _hytera(edge: Edge) -> list[EdgeDriver]:
    links = parse_radio_links(edge.settings.hytera_links)
    return [EdgeRadios(link, edge.core, edge.clock) for link in links]


def _satphone(edge: Edge) -> list[EdgeDriver]:
    links = parse_links(edge.settings.serial_links)
    country = edge.settings.satphone_country
    return [
        EdgePhone(link, edge.core, edge.store, edge.clock, country)
        for link in links
        if link.family == EdgePhone.family
    ]


def _sbd(edge: Edge) -> list[EdgeDriver]:
    links = parse_links(edge.settings.serial_links)
    return [EdgeSbd(link, edge.core, edge.clock) for link in links if link.family == EdgeSbd.family]


FAMILIES: Sequence[Callable[[Edge], list[EdgeDriver]]] = (_beidou, _hytera, _satphone, _sbd, _jt808)
SERIAL_FAMILIES: Sequence[str] = (*DIALECTS, EdgePhone.family, EdgeSbd.family)


def all_drivers(edge: Edge) -> list[EdgeDriver]:
    """Return every driver that the settings ask for. Raises ValueError for a setting that names none."""
    links = parse_links(edge.settings.serial_links)
    if strange := [link.family for link in links if link.family not in SERIAL_FAMILIES]:
        raise ValueError(
            f"网关不支持的串口设备类型 {strange[0]},可用:{'、'.join(SERIAL_FAMILIES)} / "
            f"a gateway cannot drive {strange[0]!r}: use one of {', '.join(SERIAL_FAMILIES)}"
        )
    return [driver for drivers in FAMILIES for driver in drivers(edge)]
