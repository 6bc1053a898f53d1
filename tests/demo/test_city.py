"""The demo city is what rules §A9 says, fits together, and comes out the same every time."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections import Counter
from itertools import combinations, pairwise
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from app.demo import planar
from app.demo.city import City, counts, generate
from app.demo.devices import COMMAND_CARD
from app.demo.equipment import experts, pieces
from app.demo.geography import KM_PER_DEG_LAT, KM_PER_DEG_LON, County, base_map, county
from app.demo.movement import drive, patrol_of, position_at, road_route
from app.demo.muster import CAPABILITIES
from app.demo.people import CENTRE_STAFF
from app.demo.places import HILL_VILLAGE
from app.dispatch.forces.rules.kinds import EQUIPMENT_KINDS, Sector

SEED = 20250618
COUNTS = Path(__file__).parents[1] / "domain" / "demo_counts.json"


@pytest.fixture(scope="module")
def city() -> City:
    return generate(SEED)


@pytest.fixture(scope="module")
def land() -> County:
    return county(SEED)


def test_the_counts_are_those_of_the_rules(city: City) -> None:
    assert counts(city) == json.loads(COUNTS.read_text(encoding="utf-8"))


def test_every_region_has_its_own_code_of_twelve_digits(city: City) -> None:
    codes = [region.code for region in city.regions]
    assert all(len(code) == 12 and code.isdigit() for code in codes)
    assert len(set(codes)) == len(codes) == 1 + 23 + 300


def test_codes_tell_the_kind_of_a_region_and_its_parent(city: City) -> None:
    for region in city.regions[1:]:
        series = int(region.code[9:])
        assert region.kind == ("community" if 0 < series < 100 else "village") or series == 0
        assert region.parent_code == (region.code[:9] + "000" if series else city.regions[0].code)


def test_dong_an_village_lies_east_of_the_stream_in_linxi(city: City, land: County) -> None:
    assert city.full_name("990181100204") == "樟川市临溪镇东岸村"
    lon, lat = land.villages["990181100204"]
    stream = np.array(sorted(land.rivers[1].line, key=lambda point: point[1]))
    east_km = (lon - np.interp(lat, stream[:, 1], stream[:, 0])) * KM_PER_DEG_LON
    assert 0.1 < east_km < 1.0


def test_the_villages_of_the_scenarios_exist(city: City) -> None:
    assert city.full_name(HILL_VILLAGE) == "樟川市观山镇观山村"
    assert city.region_by_code[HILL_VILLAGE].population == 86
    assert {"青石村", "东岸村"} <= {region.name_zh for region in city.regions}


def test_no_two_villages_share_a_name(city: City) -> None:
    names = Counter(region.name_zh for region in city.regions)
    assert names.most_common(1)[0][1] == 1


@pytest.mark.parametrize("seed", [SEED, 1, 42])
def test_every_village_and_seat_lies_inside_its_township(seed: int) -> None:
    land = county(seed)
    for code, point in (land.villages | land.seats).items():
        ring = land.townships[code[:9] + "000"]
        assert planar.inside(ring, np.array([point]))[0], code


@pytest.mark.parametrize("seed", [SEED, 1, 42])
def test_the_townships_tile_the_county(seed: int) -> None:
    land = county(seed)
    whole = planar.area(land.outline)
    assert sum(planar.area(ring) for ring in land.townships.values()) == pytest.approx(whole, rel=1e-6)
    assert all(planar.overlap(a, b) < 1e-9 * whole for a, b in combinations(land.townships.values(), 2))


def test_the_county_measures_thirteen_hundred_square_kilometres(land: County) -> None:
    square_km = planar.area(land.outline) * KM_PER_DEG_LON * KM_PER_DEG_LAT
    assert square_km == pytest.approx(1300, rel=0.01)


def test_the_same_seed_gives_the_same_city_in_another_process(city: City) -> None:
    code = (
        "import hashlib; from app.demo.city import generate; from app.demo.geography import base_map;"
        f"print(hashlib.sha256(repr((generate({SEED}), base_map({SEED}))).encode()).hexdigest())"
    )
    other = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()
    assert other == hashlib.sha256(repr((city, base_map(SEED))).encode()).hexdigest()


def test_another_seed_gives_another_city(city: City) -> None:
    assert generate(7) != city
    assert counts(generate(7)) == counts(city)


def test_every_team_has_a_leader_with_two_phones(city: City) -> None:
    for team in city.teams:
        assert len(set(city.person_by_key[team.leader_key].phones)) >= 2, team.name_zh


def test_keys_call_signs_and_phone_numbers_are_used_once(city: City) -> None:
    for values in (
        [team.key for team in city.teams],
        [team.call_sign for team in city.teams],
        [team.name_zh for team in city.teams],
        [person.key for person in city.people],
        [person.name_zh for person in city.people],
        [phone for person in city.people for phone in person.phones],
        [unit.duty_phone for unit in city.units],
    ):
        assert len(set(values)) == len(values)


def test_teams_stand_where_they_belong_and_use_known_words(city: City, land: County) -> None:
    for team in city.teams:
        home = land.township_at(team.lon, team.lat)
        assert home is not None
        assert team.region_code[6:] == "000000" or home == team.region_code[:9] + "000", team.name_zh
        assert set(team.capabilities) <= CAPABILITIES.keys()
        assert team.parent_key == "" or team.parent_key in city.team_by_key


def test_call_signs_of_the_scenarios_mean_the_right_teams(city: City) -> None:
    name = {team.call_sign: team.name_zh for team in city.teams}
    assert name["林12"] == "观山镇半专业森林消防队"
    assert name["临溪综"] == "临溪镇综合应急救援队"


def test_the_people_of_the_scenarios_work_at_the_centre(city: City) -> None:
    centre = {person.name_zh: person for person in city.people if person.unit_key == "centre"}
    assert [centre[name].role for name, *_ in CENTRE_STAFF] == [role for _, role, *_ in CENTRE_STAFF]


def test_every_village_has_a_head_and_two_administrators(city: City) -> None:
    roles = Counter((person.region_code, person.role) for person in city.people)
    for region in city.regions:
        if region.kind in {"village", "community"}:
            for role in ("village_head", "village_admin_a", "village_admin_b"):
                assert roles[region.code, role] == 1


def test_no_two_devices_of_a_family_share_a_number(city: City) -> None:
    numbers = Counter((device.family, device.number) for device in city.devices)
    assert numbers.most_common(1)[0][1] == 1
    cards = [device.number for device in city.devices if device.kind == "beidou_terminal"]
    assert len(set(cards)) == len(cards) == 28
    assert COMMAND_CARD in cards


def test_numbers_stand_as_on_the_wire(city: City) -> None:
    for device in city.devices:
        if device.family == "jt808":
            assert len(device.printed_number) == 12
            assert device.number == device.printed_number.lstrip("0")
        if device.kind == "beidou_terminal":
            assert device.printed_number == device.number.zfill(7)
            assert int(device.number) < 0x1FFFFF  # 21 bits of RDSS 4.0; all ones means no card
        if device.family == "broadcast":
            assert len(device.number) == 23


def test_the_ranger_of_scenario_nine_carries_his_card(city: City) -> None:
    device = next(device for device in city.devices if device.printed_number == "0500123")
    assert city.person_by_key[device.holder_key].name_zh == "吴强"


def test_the_ranger_calls_from_gefeng(land: County) -> None:
    assert land.township_at(115.4410, 28.1123) == "990181106000"


def test_device_totals_are_those_of_the_rules(city: City) -> None:
    kinds = Counter(device.kind for device in city.devices)
    assert kinds == {
        "radio_370": 126,
        "satellite_phone": 27,
        "beidou_terminal": 28,
        "vehicle_terminal": 33,
        "uav": 3,
        "video_backhaul": 4,
        "conference_room": 24,
        "broadcast_terminal": 622,
        "tower_camera": 180,
        "repeater": 4,
    }
    assert len(city.talkgroups) == 24


def test_accounts_point_at_people_and_teams(city: City) -> None:
    teams = {a.username: city.team_by_key[a.team_key].call_sign for a in city.accounts if a.team_key}
    assert teams == {"responder1": "临溪综", "responder2": "消1", "responder3": "林2"}
    assert all(account.person_key in city.person_by_key for account in city.accounts)
    assert next(a for a in city.accounts if a.username == "linxi").scope == "990181100"


def test_the_base_map_is_small_and_survives_json() -> None:
    features = base_map(SEED)
    text = json.dumps(features, ensure_ascii=False, separators=(",", ":"))
    assert len(text.encode()) <= 700_000
    assert json.loads(text) == features
    kinds = Counter(feature["properties"]["kind"] for feature in features["features"])
    assert {kind: kinds[kind] for kind in ("county", "township", "village")} == {
        "county": 1,
        "township": 23,
        "village": 300,
    }


def test_every_place_can_be_reached_by_road(land: County) -> None:
    start = land.seats["990181003000"]
    for code, goal in (land.seats | land.villages).items():
        route = road_route(land, start, goal)
        assert route.line[-1] == goal, code
        assert route.length_m < 60_000


def test_a_vehicle_moves_no_faster_than_its_team_and_comes_home(city: City, land: County) -> None:
    team = city.team_by_key["fire-1"]
    patrol = patrol_of(land, team, 3)
    track = [position_at(patrol, 10.0 * step) for step in range(1200)]
    for a, b in pairwise(track):
        metres = 1000 * np.hypot((b.lon - a.lon) * KM_PER_DEG_LON, (b.lat - a.lat) * KM_PER_DEG_LAT)
        assert metres <= 10.0 * patrol.speed_mps * 1.01
    assert any(
        motion.speed_mps == 0.0 and (motion.lon, motion.lat) == (team.lon, team.lat) for motion in track
    )
    assert any(motion.speed_mps > 0.0 for motion in track)


def test_a_drive_starts_at_rest_and_ends_at_its_goal(land: County) -> None:
    start, goal = land.seats["990181100000"], land.villages["990181100204"]
    route = road_route(land, start, goal)
    assert (drive(route, 12.5, -5.0).lon, drive(route, 12.5, -5.0).speed_mps) == (start[0], 0.0)
    arrived = drive(route, 12.5, 3600.0)
    assert (arrived.lon, arrived.lat) == pytest.approx(goal)
    assert arrived.speed_mps == 0.0


def test_every_township_team_has_a_radio_and_a_satellite_phone(city: City) -> None:
    teams = [team.key for team in city.teams if team.key.startswith("township-")]
    carried = Counter((device.team_key, device.family) for device in city.devices)
    assert len(teams) >= 22
    for key in teams:
        assert carried[key, "hdap"] == carried[key, "satphone"] == 1, key


def test_every_radio_listens_to_the_county_and_every_group_has_radios(city: City) -> None:
    radios = [device for device in city.devices if device.family == "hdap"]
    assert all("1" in radio.talk_groups for radio in radios)
    heard = {group for radio in radios for group in radio.talk_groups}
    assert {str(group.number) for group in city.talkgroups} == heard
    assert [d.coverage_km for d in city.devices if d.family == "repeater"] == [25.0] * 4


def test_teams_keep_equipment_some_of_it_in_repair_and_thirty_experts_can_be_called(city: City) -> None:
    kept = pieces(city.teams, city.units)
    assert len({one.number for one in kept}) == len(kept) > 200
    assert {one.kind for one in kept} <= set(EQUIPMENT_KINDS)
    boats = [one for one in kept if one.kind in {"assault_boat", "rubber_boat"}]
    assert {"ready", "limited", "in_repair", "missing"} == {one.readiness for one in boats}
    assert all(one.reason for one in kept if one.readiness != "ready")
    keepers = {team.key for team in city.teams} | {unit.key for unit in city.units}
    assert all(one.team_key in keepers or one.unit_key in keepers for one in kept)
    assert all(one.operator_key in city.person_by_key for one in kept if one.operator_key)
    known = experts(frozenset(city.person_by_key))
    assert (len(known), len({one.name_zh for one in known}), len({one.phone for one in known})) == (
        30,
        30,
        30,
    )
    assert {one.sector for one in known} <= set(get_args(Sector))
