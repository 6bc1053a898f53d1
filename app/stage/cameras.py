"""The cameras of 樟川市: its towers, some villages, the backpacks and drones that send pictures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np

from app.demo.city import City
from app.demo.devices import Device

VILLAGE_CAMERAS = 12
LIVE = 24
"""So many towers send a picture in the demo (app/simulators/media_server.py); the others are switched off."""

_KINDS = {"tower_camera": "tower", "video_backhaul": "backpack", "uav": "drone"}
_EN = {"tower": "Tower", "backpack": "Video backpack", "drone": "Drone"}


def rows(city: City, stream: str, units: Mapping[str, int], now: datetime) -> list[dict[str, Any]]:
    """Return the rows of the catalogue: the same city gives the same cameras."""
    rng = np.random.default_rng([city.seed, 48])
    owners = {unit.region_code: units[unit.key] for unit in reversed(city.units)}
    base = {"stream": stream, "active": True, "revision": 1, "changed_by": "", "changed_at": now}
    found = []
    for device in city.devices:
        kind = _KINDS.get(device.family)
        if kind is not None:
            found.append(
                {**base, **_carried(city, device, kind, rng), "unit_id": _owner(owners, device.region_code)}
            )
    villages = [region for region in city.regions if region.kind == "village"]
    picked = sorted(rng.choice(len(villages), VILLAGE_CAMERAS, replace=False))
    for n, region in enumerate((villages[int(index)] for index in picked), start=1):
        told = {
            "kind": "village",
            "name_zh": f"{region.name_zh}村口",
            "name_en": f"{region.name_en} entrance".strip(),
            "region_code": region.code,
            "lon": region.lon,
            "lat": region.lat,
            "height_m": 6.0,
            "stream_path": f"village/v{n:03d}",
            **_view(rng, 150.0, 400.0),
        }
        found.append({**base, **told, "unit_id": _owner(owners, region.code)})
    return found


def live_paths() -> list[str]:
    """Return the paths of the towers that send a picture in the demo."""
    return [f"tower/t{n:03d}" for n in range(1, LIVE + 1)]


def _carried(city: City, device: Device, kind: str, rng: np.random.Generator) -> dict[str, Any]:
    region = city.region_by_code[device.region_code]
    place = {"lon": device.lon or region.lon, "lat": device.lat or region.lat}
    number = int(device.number[-3:])
    name_en = f"{_EN[kind]} {number:03d}"
    told = {
        "kind": kind,
        "name_zh": f"{region.name_zh}{device.label}" if kind == "tower" else device.label,
        "name_en": name_en,
        "region_code": device.region_code,
        "stream_path": f"{kind}/{kind[0]}{number:03d}",
        **place,
    }
    if kind != "tower":
        return {**told, "height_m": None, "bearing_deg": None, "angle_deg": None, "range_m": None}
    return {**told, "height_m": float(rng.integers(25, 50)), **_view(rng, 2_500.0, 6_000.0)}


def _view(rng: np.random.Generator, least_m: float, most_m: float) -> dict[str, Any]:
    """Return a measured view; every third camera turns all around."""
    around = rng.random() < 1 / 3
    return {
        "bearing_deg": float(rng.integers(0, 360)),
        "angle_deg": 360.0 if around else float(rng.integers(50, 120)),
        "range_m": float(round(rng.uniform(least_m, most_m), -1)),
    }


def _owner(owners: Mapping[str, int], region_code: str) -> int | None:
    """Return the unit of a place: that of its township where it has none of its own."""
    return owners.get(region_code) or owners.get(f"{region_code[:9]}000")
