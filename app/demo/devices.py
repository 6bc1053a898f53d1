"""The devices of the demo (rules §A3, §A9): numbers as they stand on the wire, holders, teams.

Families that share one space of numbers (all Beidou cards) share no number either.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from app.demo.geography import County
from app.demo.muster import Team, team_key
from app.demo.names import village_names
from app.demo.people import RANGER, Roll
from app.demo.places import COUNTY_CODE, TOWNSHIPS, Township
from app.demo.talkgroups import COUNTY_GROUPS, talkgroups
from app.demo.units import CENTRE_KEY, OrgUnit, unit_key

DEMO_GATEWAY = "pdt-zc-01"
"""The MQTT gateway of the city's 370 MHz network, as it is called at the broker."""

DEMO_REPEATER = "99999"
"""The radio id of the repeater that is simulated: it tells it in the options of its datagrams."""

COMMAND_CARD = "500101"
"""The card of the Beidou command machine (北斗指挥机), through which the centre hears all other cards."""


@dataclass(frozen=True, slots=True)
class Device:
    """A device of the register (A3.1).

    `family` names the codec or channel: rdss21, rdss40, jt808, hdap, satphone, broadcast, tower_camera,
    video_backhaul, conference_room, uav, repeater. `number` is the identity on the wire (JT808 phone and
    Beidou card in decimal without leading zeros, HDAP the 24-bit radio id, broadcast the 23-digit EBRID),
    `printed_number` what the label on the case says. `kind` is the glossary's word. Fixed devices have
    `lon`/`lat` (WGS-84); handhelds and vehicles have None. A radio listens to its `talk_groups`, a repeater
    reaches `coverage_km`.
    """

    family: str
    number: str
    printed_number: str
    kind: str
    label: str
    holder_key: str
    team_key: str
    region_code: str
    lon: float | None = None
    lat: float | None = None
    coverage_km: float | None = None
    talk_groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Stores:
    """What a device can be handed to."""

    county: County
    roll: Roll
    teams: dict[str, Team]
    posts: dict[str, OrgUnit]
    names: dict[str, str]
    rng: np.random.Generator

    def officer(self, place: Township) -> str:
        """Find the key of the first duty officer of a township."""
        return self.roll.holding("duty_officer", place.code).key


def devices(
    seed: int, county: County, roll: Roll, teams: tuple[Team, ...], posts: tuple[OrgUnit, ...]
) -> tuple[Device, ...]:
    """All devices, family by family. Enlists the forest ranger who carries card 0500123 (S09)."""
    stores = _Stores(
        county,
        roll,
        {team.key: team for team in teams},
        {post.key: post for post in posts},
        village_names(seed),
        np.random.default_rng([seed, 24]),
    )
    return (
        *_beidou(stores),
        *_vehicles(stores),
        *_radios(stores),
        *_satellite_phones(stores),
        *_video(stores),
        *_broadcast(stores),
        *_towers(stores),
    )


def _beidou(stores: _Stores) -> list[Device]:
    """Six city terminals, the first two command machines, and 22 township handhelds."""
    keeper = stores.roll.holding("device_admin", COUNTY_CODE).key
    found = []
    for n in range(1, 7):
        card = 500100 + n
        label = {1: "北斗指挥机", 2: "北斗备用指挥机"}.get(n, f"北斗手持机{n - 2}")
        family = "rdss40" if n == 2 else "rdss21"
        fixed = CENTRE_KEY if n <= 2 else ""
        found.append(_post_device(stores, family, card, "beidou_terminal", label, keeper, COUNTY_CODE, fixed))
    for n, place in enumerate(p for p in TOWNSHIPS if p.kind != "park"):
        team = stores.teams[team_key("township", place.code)]
        holder = team.leader_key
        if place.short_zh == "阁峰":
            team = stores.teams[team_key("forest-crew", place.code)]
            holder = stores.roll.enlist("forest_ranger", "防火巡护员", place.code, name=RANGER).key
        number = str(500112 + n)
        found.append(
            Device(
                "rdss21",
                number,
                number.zfill(7),
                "beidou_terminal",
                f"{place.short_zh}北斗",
                holder,
                team.key,
                place.code,
            )
        )
    return found


def _post_device(
    stores: _Stores, family: str, number: int, kind: str, label: str, holder: str, region: str, post_key: str
) -> Device:
    """Make a device that stands at a duty post, or is carried when `post_key` is empty."""
    post = stores.posts.get(post_key)
    lon, lat = (post.lon, post.lat) if post else (None, None)
    return Device(family, str(number), f"{number:07d}", kind, label, holder, "", region, lon, lat)


def _vehicles(stores: _Stores) -> list[Device]:
    """JT/T 808 terminals in 33 vehicles: townships, fire stations, forest brigade, ambulances."""
    wanted = [key for key in stores.teams if key.startswith("township-") and not key.endswith("450")]
    wanted += [
        key
        for key in stores.teams
        if key.startswith(("fire-", "medical-", "forest-99")) or key == "forest-brigade"
    ]
    found = []
    for n, key in enumerate(wanted, start=1):
        team = stores.teams[key]
        phone = f"0199000{10000 + n}"
        found.append(
            Device(
                "jt808",
                phone.lstrip("0"),
                phone,
                "vehicle_terminal",
                f"{team.call_sign}车",
                team.leader_key,
                key,
                team.region_code,
            )
        )
    return found


def _radios(stores: _Stores) -> list[Device]:
    """126 radios at 370 MHz: 20 fixed or vehicle, 60 handhelds of the city, 2 for each of 23 posts."""
    keeper = stores.roll.holding("device_admin", COUNTY_CODE).key
    own = {group.region_code: str(group.number) for group in talkgroups()}
    labels = [f"市台{n}" for n in range(1, 21)] + [f"市手{n}" for n in range(1, 61)]
    found = [
        replace(
            _post_device(stores, "hdap", 370000 + n, "radio_370", label, keeper, COUNTY_CODE, ""),
            talk_groups=COUNTY_GROUPS,
        )
        for n, label in enumerate(labels, start=1)
    ]
    for n, place in enumerate(TOWNSHIPS):
        for k in (1, 2):
            number, label = 370100 + 2 * n + k, f"{_short(place)}{k}"
            post = unit_key(place.code) if k == 1 else ""
            radio = _post_device(
                stores, "hdap", number, "radio_370", label, stores.officer(place), place.code, post
            )
            # The first stands on the duty desk, the second goes out with the township's team.
            team = _team_of(stores, place) if k == 2 else ""
            groups = ("1", own.get(place.code, "2"))
            found.append(replace(radio, team_key=team, talk_groups=groups))
    return found


def _team_of(stores: _Stores, place: Township) -> str:
    """Find the key of the township's team; the park has none."""
    key = team_key("township", place.code)
    return key if key in stores.teams else ""


def _short(place: Township) -> str:
    return "园区" if place.kind == "park" else place.short_zh


def _satellite_phones(stores: _Stores) -> list[Device]:
    """Four city phones and one per township and park; 天通 numbers begin with 1740."""
    keeper = stores.roll.holding("device_admin", COUNTY_CODE).key
    rows = [(f"市卫星电话{n}", keeper, COUNTY_CODE, "") for n in range(1, 5)]
    rows += [
        (f"{_short(place)}卫星电话", stores.officer(place), place.code, _team_of(stores, place))
        for place in TOWNSHIPS
    ]
    return [
        replace(
            _post_device(stores, "satphone", 17400000000 + n, "satellite_phone", label, holder, region, ""),
            team_key=team,
        )
        for n, (label, holder, region, team) in enumerate(rows, start=1)
    ]


def _video(stores: _Stores) -> list[Device]:
    """Three drones, four video backpacks, 24 conference rooms."""
    keeper = stores.roll.holding("device_admin", COUNTY_CODE).key
    rows = [("uav", 1, f"无人机{n}", keeper, COUNTY_CODE, "") for n in range(1, 4)]
    rows += [("video_backhaul", 2, f"图传背包{n}", keeper, COUNTY_CODE, "") for n in range(1, 5)]
    rows.append(("conference_room", 3, "指挥中心会商室", keeper, COUNTY_CODE, CENTRE_KEY))
    rows += [
        (
            "conference_room",
            3,
            f"{_short(place)}视频会议室",
            stores.officer(place),
            place.code,
            unit_key(place.code),
        )
        for place in TOWNSHIPS
    ]
    return [
        _post_device(stores, family, series * 1000 + n, family, label, holder, region, post)
        for n, (family, series, label, holder, region, post) in enumerate(rows, start=1)
    ]


def _broadcast(stores: _Stores) -> list[Device]:
    """622 loudspeaker terminals: two in every village, one in each township seat.

    The number is an EBRID (protocols/broadcast-and-cap.md): level, region, 0314, series, 04, sequence.
    """
    seats = stores.county.seats
    found = [
        _speaker(f"5{place.code}0314010401", f"{place.short_zh}应急广播", place.code, seats[place.code])
        for place in TOWNSHIPS
        if place.kind != "park"
    ]
    for code in stores.county.villages:
        for k in (1, 2):
            point = stores.county.place_near(code, stores.rng, 0.5)
            found.append(_speaker(f"6{code}031401040{k}", f"{stores.names[code]}{k}号喇叭", code, point))
    return found


def _speaker(number: str, label: str, region: str, point: tuple[float, float]) -> Device:
    return Device("broadcast", number, number, "broadcast_terminal", label, "", "", region, *point)


def _towers(stores: _Stores) -> list[Device]:
    """180 tower cameras and four relays; the relays stand on the highest tops."""
    codes = list(stores.county.villages)
    found = []
    for n, index in enumerate(sorted(stores.rng.choice(len(codes), 180, replace=False)), start=1):
        code = codes[int(index)]
        point = stores.county.place_near(code, stores.rng, 1.2)
        found.append(
            Device("tower_camera", str(n), f"T{n:03d}", "tower_camera", f"铁塔{n:03d}", "", "", code, *point)
        )
    for n, peak in enumerate(stores.county.peaks[:4], start=1):
        region = stores.county.township_at(*peak.point) or COUNTY_CODE
        found.append(
            Device(
                "repeater",
                DEMO_REPEATER if n == 1 else str(n),
                f"R{n}",
                "repeater",
                f"{peak.name_zh}中转台",
                "",
                "",
                region,
                *peak.point,
                coverage_km=25.0,
                talk_groups=COUNTY_GROUPS,
            )
        )
    return found
