"""What a camera sees, which comes first, and where its picture may come from."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dispatch.video.media.files import media_type_of
from app.dispatch.video.rules.source import BadSource, Source, is_stream_path, read_source, same_machine
from app.dispatch.video.rules.view import (
    Candidate,
    Near,
    Sight,
    View,
    bearing_deg,
    has_moved,
    nearest,
    off_deg,
    sees,
)

HERE = (115.5, 27.9)
NORTH = View(*HERE, bearing_deg=0, angle_deg=60, range_m=3_000)
TOWER = Candidate(1, "tower", NORTH, moved=False, online=True)
KM = 1 / 111.195  # a kilometre in degrees of latitude
degrees = st.floats(0, 360, exclude_max=True)
near = st.floats(-0.2, 0.2)
sights = st.sampled_from(["tower", "village", "backpack", "drone", "other"])


@pytest.mark.parametrize(
    ("camera", "north_km", "east_km", "seen"),
    [
        (TOWER, 2, 0, "yes"),
        (TOWER, 2, 1.1, "yes"),  # 28.8° to the right of its middle
        (TOWER, 2, 1.2, "no"),  # 31°
        (TOWER, -2, 0, "no"),
        (TOWER, 3.1, 0, "no"),  # beyond its range
        (TOWER, 0, 0, "yes"),
        (replace(TOWER, view=replace(NORTH, bearing_deg=350)), 2, 0.6, "yes"),  # across north
        (replace(TOWER, view=replace(NORTH, angle_deg=360, bearing_deg=None)), -2, 0, "yes"),
        (replace(TOWER, view=replace(NORTH, bearing_deg=None)), 2, 0, "unsure"),
        (replace(TOWER, view=replace(NORTH, angle_deg=None)), 2, 0, "unsure"),
        (replace(TOWER, view=replace(NORTH, range_m=None)), 2, 0, "unsure"),
        (replace(TOWER, moved=True), 2, 0, "unsure"),
        (replace(TOWER, moved=True), 3.1, 0, "no"),
        (replace(TOWER, kind="drone"), 2, 0, "unsure"),
    ],
)
def test_a_place_is_seen_within_range_and_angle_of_a_view_that_still_holds(
    camera: Candidate, north_km: float, east_km: float, seen: Sight
) -> None:
    east = east_km * KM / math.cos(math.radians(HERE[1]))
    assert sees(camera, HERE[0] + east, HERE[1] + north_km * KM) == seen


@given(st.builds(View, near, near, degrees, st.floats(1, 360), st.floats(1, 50_000)), near, near)
def test_the_direction_to_a_place_is_a_direction_and_the_way_back_is_the_other_way(
    view: View, lon: float, lat: float
) -> None:
    there = bearing_deg(view.lon, view.lat, lon, lat)
    assert 0 <= there < 360
    if abs(view.lon - lon) + abs(view.lat - lat) > 1e-4:
        assert off_deg(bearing_deg(lon, lat, view.lon, view.lat), (there + 180) % 360) < 0.1
    assert 0 <= off_deg(view.bearing_deg or 0, there) <= 180


@given(
    st.lists(
        st.builds(
            Candidate,
            st.integers(1, 10**6),
            sights,
            st.builds(
                View,
                near,
                near,
                st.none() | degrees,
                st.none() | st.floats(1, 360),
                st.none() | st.floats(1, 50_000),
            ),
            moved=st.booleans(),
            online=st.none() | st.booleans(),
        ),
        max_size=30,
        unique_by=lambda one: one.camera_id,
    ),
    st.floats(100, 50_000),
    st.integers(1, 10),
)
def test_the_nearest_are_within_reach_online_first_and_no_better_one_is_left_out(
    cameras: list[Candidate], within_m: float, most: int
) -> None:
    every = nearest(cameras, 0, 0, within_m, 100)
    found = nearest(cameras, 0, 0, within_m, most)
    assert found == every[:most]
    assert found == nearest(reversed(cameras), 0, 0, within_m, most)  # however they are read
    assert all(one.distance_m <= within_m for one in found)
    ranks = [_rank(one) for one in every]
    assert ranks == sorted(ranks)
    moved = {one.camera_id for one in cameras if one.moved}
    assert all(one.in_view != "yes" for one in every if one.camera_id in moved)


def _rank(one: Near) -> tuple[int, int, float]:
    return [True, None, False].index(one.online), ["yes", "unsure", "no"].index(one.in_view), one.distance_m


def test_a_better_measurement_is_no_move() -> None:
    assert not has_moved(NORTH, replace(NORTH, lat=HERE[1] + 0.015 * KM))
    assert has_moved(NORTH, replace(NORTH, lat=HERE[1] + 0.03 * KM))


@pytest.mark.parametrize("path", ["tower/t001", "a", "a-b_c/d/e/f", "T1"])
def test_a_stream_path_is_words_of_letters_and_digits(path: str) -> None:
    assert is_stream_path(path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "../x",
        "a/../b",
        "a//b",
        "a/",
        "/a",
        "a.b",
        "a b",
        "a?b",
        "a%2e",
        "一",
        "a/b/c/d/e",
        "a\n",
        "-a",
        "a" * 101,
    ],
)
def test_nothing_else_is_a_stream_path(path: str) -> None:
    assert not is_stream_path(path)


@pytest.mark.parametrize(
    ("name", "query", "told"),
    [
        ("index.m3u8", "", "application/vnd.apple.mpegurl"),
        ("main_stream.m3u8", "_HLS_msn=7&_HLS_part=1", "application/vnd.apple.mpegurl"),
        ("2026-11-28/14/30-00_0.ts", "", "video/mp2t"),
        ("init.mp4", "", "video/mp4"),
        ("../index.m3u8", "", None),
        ("a/../../v3/config/paths/list.m3u8", "", None),
        ("index.html", "", None),
        ("x.m3u8.js", "", None),
        ("index.m3u8", "secret=%2e%2e/", None),
        ("//inner/x.ts", "", None),
    ],
)
def test_only_files_of_a_live_picture_are_asked_for(name: str, query: str, told: str | None) -> None:
    assert media_type_of(name, query) == told


@pytest.mark.parametrize(
    ("url", "source"),
    [
        ("rtsp://10.1.2.3/ch1", Source("rtsp://10.1.2.3/ch1")),
        (
            "rtsp://admin:p%40ss@192.168.1.64:554/h264?x=1",
            Source("rtsp://192.168.1.64:554/h264?x=1", "admin", "p@ss"),
        ),
        ("rtmp://cam.county.example/live/1", Source("rtmp://cam.county.example/live/1")),
        ("rtsp://[fd00::7]:554/1", Source("rtsp://[fd00::7]:554/1")),
    ],
)
def test_a_source_is_read_with_its_login_apart(url: str, source: Source) -> None:
    assert read_source(url) == source
    assert read_source(source.whole()) == source  # nothing is lost on the way to the media server


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("http://10.1.2.3/stream", "source_scheme"),
        ("file:///etc/passwd", "source_scheme"),
        ("rtsp://127.0.0.1:9997/v3/config", "source_inner"),
        ("rtsp://localhost/x", "source_inner"),
        ("rtsp://a.localhost/x", "source_inner"),
        ("rtsp://[::1]/x", "source_inner"),
        ("rtsp://[::ffff:127.0.0.1]/x", "source_inner"),
        ("rtsp://169.254.169.254/latest", "source_inner"),
        ("rtsp://[fe80::1]/x", "source_inner"),
        ("rtsp://0.0.0.0/x", "source_inner"),
        ("rtsp://239.1.1.1/x", "source_inner"),
        ("rtsp://2130706433/x", "source_inner"),
        ("rtsp://0x7f.1/x", "source_inner"),
        ("rtsp://127.1/x", "source_inner"),
        ("rtsp:///x", "source_address"),
        ("rtsp://a b/x", "source_address"),
        ("rtsp://10.1.2.3:99999/x", "source_address"),
        ("rtsp://10.1.2.3/x#y", "source_address"),
        ("rtsp://a_b/x", "source_address"),
        ("rtsp://10.1.2.3\\@127.0.0.1/x", "source_address"),
    ],
)
def test_a_source_leads_to_a_camera_and_nowhere_else(url: str, fault: str) -> None:
    with pytest.raises(BadSource) as bad:
        read_source(url)
    assert bad.value.fault == fault


@given(st.text(max_size=80), st.text(max_size=40))
def test_whatever_is_told_as_a_source_is_refused_in_words_or_read(head: str, tail: str) -> None:
    for told in (head, f"rtsp://{head}", f"rtsp://{head}@10.1.2.3/{tail}"):
        try:
            found = read_source(told)
        except BadSource:
            continue
        assert "@" not in found.url.split("://", 1)[1].split("/", 1)[0]
        assert same_machine(found.url, found.url)
