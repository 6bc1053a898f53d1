"""The register compared with the norms: load, compare, tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from app.db import Tx
from app.devices.kit import store
from app.devices.kit.facts import KitDeviceOut, KitItemOut, KitLineOut, KitNormOut, KitOut, StationKitOut
from app.devices.kit.norms import norms
from app.devices.kit.rules import Line, Norm, Owned, Station, compare, worst


async def survey(tx: Tx, stream: str, scope: str, now: datetime) -> KitOut:
    """Return how each station of a scope meets its norm."""
    rules = norms()
    devices = await store.owned(tx, stream, scope, now)
    places: defaultdict[str, list[Owned]] = defaultdict(list)
    teams: defaultdict[int | None, list[Owned]] = defaultdict(list)
    for device in devices:
        places[device.region_code].append(device)
        teams[device.team_id].append(device)
    stations = await store.stations(tx, stream, scope, rules)
    return KitOut(
        norms=[_norm(norm) for norm in rules],
        stations=[
            _station(one, places[one.region_code] if one.team_id is None else teams[one.team_id])
            for one in stations
        ],
    )


def _norm(norm: Norm) -> KitNormOut:
    items = [
        KitItemOut(
            item=one.item, kinds=sorted(one.kinds), at_least=one.at_least, source=one.source, trust=one.trust
        )
        for one in norm.kit
    ]
    return KitNormOut(station=norm.station, zh=norm.zh, en=norm.en, of_team=bool(norm.teams), items=items)


def _station(station: Station, devices: Iterable[Owned]) -> StationKitOut:
    lines = compare(station, devices)
    return StationKitOut(
        station=station.norm.station,
        name=station.name,
        region_code=station.region_code,
        team_id=station.team_id,
        verdict=worst(lines),
        lines=[_line(line) for line in lines],
    )


def _line(line: Line) -> KitLineOut:
    return KitLineOut(
        item=line.item.item,
        at_least=line.item.at_least,
        works=line.works,
        untested=[_device(one) for one in line.untested],
        broken=[_device(one) for one in line.broken],
        missing=line.missing,
        verdict=line.verdict,
    )


def _device(owned: Owned) -> KitDeviceOut:
    return KitDeviceOut(id=owned.device_id, label=owned.label, why=owned.why)
