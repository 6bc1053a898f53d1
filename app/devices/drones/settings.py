"""What a county sets of its drones, read at the edge: limits from a file, addresses from settings."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.devices.drones.rules import DroneLimits
from app.rules_file import read_yaml

SHIPPED = Path(__file__).with_name("drones.yaml")
Percent = Annotated[float, Field(ge=1, le=100)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")

    low_pct: Percent
    charged_pct: Percent
    link_lost_s: Annotated[int, Field(ge=5, le=3_600)]
    clock_off_s: Annotated[int, Field(ge=5, le=86_400)]


@cache
def load_drone_limits(path: Path | None = None) -> DroneLimits:
    """Read the limits; None: as shipped. Raises ValueError or OSError that says what is wrong."""
    file = path or SHIPPED
    try:
        told = _Shape.model_validate(read_yaml(file.read_text("utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise ValueError(f"{file}: {error}") from error
    return DroneLimits(
        told.low_pct,
        told.charged_pct,
        timedelta(seconds=told.link_lost_s),
        timedelta(seconds=told.clock_off_s),
    )


def parse_udp(setting: str) -> tuple[str, int] | None:
    """Read `127.0.0.1:14550`, where MAVLink is heard; None for "". Raises ValueError."""
    if not setting:
        return None
    try:
        place = urlsplit(f"udp://{setting}")
        if place.hostname and place.port and f"udp://{setting}" == f"udp://{place.netloc}":
            return place.hostname, place.port
    except ValueError:
        pass
    raise ValueError(
        f"MAVLink 地址“{setting}”应形如 127.0.0.1:14550 / "
        f"the address for MAVLink {setting!r} should look like 127.0.0.1:14550"
    )


def check_stream(url: str) -> str:
    """Return an address a drone may send its picture to. Raises ValueError for what is none."""
    try:
        place = urlsplit(url)
        if place.scheme in ("rtmp", "rtmps") and place.hostname and place.port != 0:
            return url
    except ValueError:
        pass
    raise ValueError(
        "推流地址应形如 rtmp://主机/应用/流名 / "
        "the address for the picture should look like rtmp://host/app/stream"
    )


def stream_for(setting: str, sn: str) -> str:
    """Return the address for one drone: {sn} in the setting stands for its serial number."""
    return setting.replace("{sn}", sn)
