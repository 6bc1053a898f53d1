"""NMEA 0183 sentences of a GNSS receiver, talkers BD, GB, GN, GP and others (protocols/beidou.md §4)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from app.devices.adapter import Adapter
from app.devices.adapters.payload import gbk
from app.devices.adapters.sentence import (
    RAW,
    BeidouAsciiCodec,
    Fields,
    Kind,
    decimal,
    degrees,
    integer,
    merge_position,
    raw,
)
from app.signals import Fix, Signal

FAMILY = "nmea"
_KNOT_MPS = 1852 / 3600
_TIME = re.compile(r"[0-9]{6}(?:\.[0-9]{0,9})?\Z")
_DATE = re.compile(r"[0-9]{6}\Z")


def utc(date: str, time: str) -> datetime | None:
    """Read ddmmyy and hhmmss[.s…] as aware UTC; None when they are no date and time."""
    if not (_DATE.match(date) and _TIME.match(time)):
        return None
    microsecond = int(time[7:13].ljust(6, "0"))
    try:
        return datetime(
            2000 + int(date[4:6]),
            int(date[2:4]),
            int(date[0:2]),
            int(time[0:2]),
            int(time[2:4]),
            int(time[4:6]),
            microsecond,
            tzinfo=UTC,
        )
    except ValueError:
        return None


def _gga_fix(fields: Fields, _: str) -> Iterator[Signal]:
    """GGA carries no date, so its fix has no time; quality 0 is no fix."""
    if fields.get("quality") and fields["lat"] is not None and fields["lon"] is not None:
        yield Fix(fields["lon"], fields["lat"], altitude_m=fields.get("alt_m"))


def _rmc_fix(fields: Fields, _: str) -> Iterator[Signal]:
    """RMC status V or mode N is no fix: not to be drawn as the present position."""
    if fields.get("status") != "A" or fields.get("mode") == "N":
        return
    if fields.get("lat") is None or fields.get("lon") is None:
        return
    speed = fields.get("speed_kn")
    yield Fix(
        lon=fields["lon"],
        lat=fields["lat"],
        fixed_at=utc(fields.get("date", ""), fields["time"]),
        speed_mps=None if speed is None else speed * _KNOT_MPS,
        course_deg=decimal(fields.get("course", "").encode("gbk", "replace")),
    )


_GGA = Kind(
    columns=(
        ("time", gbk),
        ("lat", degrees),
        ("_ns", raw),
        ("lon", degrees),
        ("_ew", raw),
        ("quality", integer),
        ("sats", integer),
        ("hdop", decimal),
        ("alt_m", decimal),
    ),
    finish=merge_position,
    meaning=_gga_fix,
)
_RMC = Kind(
    columns=(
        ("time", gbk),
        ("status", gbk),
        ("lat", degrees),
        ("_ns", raw),
        ("lon", degrees),
        ("_ew", raw),
        ("speed_kn", decimal),
        ("course", gbk),
        ("date", gbk),
        ("_variation", raw),
        ("_variation_ew", raw),
        ("mode", gbk),
    ),
    finish=merge_position,
    meaning=_rmc_fix,
)
_ZDA = Kind(columns=(("time", gbk), ("day", integer), ("month", integer), ("year", integer)))

SENTENCES: Mapping[str, Kind] = MappingProxyType(
    {"GGA": _GGA, "RMC": _RMC, "ZDA": _ZDA}
    | dict.fromkeys(("GSV", "GSA", "GLL", "VTG", "GST", "TXT", "DTM", "DHV"), RAW)
)
"""By formatter: the talker, the first two letters, does not matter."""


def find(head: str, _: bytes) -> Kind | None:
    """Return how NMEA reads a sentence; CC and BD also start RDSS sentences, whose formatters differ."""
    return None if head.startswith("CC") else SENTENCES.get(head[2:])


ADAPTER = Adapter(
    family=FAMILY, title_zh="卫星导航接收机 NMEA", title_en="GNSS receiver (NMEA)", codec=BeidouAsciiCodec
)
