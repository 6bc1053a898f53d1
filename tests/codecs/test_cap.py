"""CAP 1.2: read, judged by name, written again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.codecs.cap import read, write
from app.codecs.cap.alert import Alert, Area, Circle, Identity, Info, Resource
from app.codecs.cap.geometry import Box
from app.codecs.cap.schema import CATEGORIES, CERTAINTIES, RESPONSE_TYPES, SEVERITIES, STATUSES, URGENCIES
from app.codecs.findings import CannotWrite, Layer
from tests.codecs.evidence import HERE, WHOLE, Record, cases, is_accepted, message, needs_the_whole_set

CAP = "cap/cap_valid"
EXERCISE = message("cap/cap_valid_26_cn_exercise.xml")
RESOURCE = "<resource><resourceDesc/><mimeType>{}</mimeType><size>{}</size></resource>"
OTHERS = "|other,1,2026-06-18T09:00:00+08:00"
SHANGHAI = timezone(timedelta(hours=8))
SENT = datetime(2026, 6, 18, 9, 30, tzinfo=SHANGHAI)


def cap_cases(prefix: str) -> Iterator[Any]:
    yield from cases(HERE, prefix)


def reworded(old: str, new: str, data: bytes = EXERCISE) -> bytes:
    text = data.decode()
    assert old in text
    return text.replace(old, new).encode()


def codes(data: bytes, **options: Any) -> set[str]:
    return set(read(data, **options).codes)


@pytest.mark.parametrize("record", [*cap_cases("cap/cap_valid"), *cap_cases("cap/cap_invalid")])
def test_a_message_of_ours_has_the_verdict_it_is_known_for(record: Record) -> None:
    found = read(message(record["file"]))
    assert found.valid is is_accepted(record)
    known = {code for layer, code, _ in record["findings"] if layer in ("spec", "policy", "wellformed")}
    if found.message is not None:
        assert known <= found.codes


@needs_the_whole_set
@pytest.mark.parametrize("record", [*cases(WHOLE, "cap/cap_valid"), *cases(WHOLE, "cap/cap_invalid")])
def test_a_message_of_the_whole_set_has_the_verdict_it_is_known_for(record: Record) -> None:
    assert WHOLE is not None
    assert read(message(record["file"], WHOLE)).valid is is_accepted(record)


@needs_the_whole_set
@pytest.mark.parametrize("record", cases(WHOLE, "cap/cap_valid"))
def test_a_valid_message_is_the_same_after_it_was_written_again(record: Record) -> None:
    assert WHOLE is not None
    first = read(message(record["file"], WHOLE)).message
    assert first is not None
    data = write(first)
    assert read(data).message == first
    assert write(first) == data


def test_a_message_says_what_it_says() -> None:
    alert = read(EXERCISE).message
    assert alert is not None
    assert (alert.identifier, alert.sender, alert.sent) == (
        "CN-341523-20260618-0004",
        "ewbc@shucheng.example.cn",
        SENT,
    )
    (info,) = alert.infos
    assert (alert.status, info.language, info.severity) == ("Exercise", "zh-CN", "Severe")
    (area,) = info.areas
    assert area.polygons or area.circles or area.geocodes


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("<scope>Public</scope>", "<scope>Restricted</scope>", "RESTRICTION_REQUIRED"),
        ("<scope>Public</scope>", "<scope>Private</scope>", "ADDRESSES_REQUIRED"),
        ("<sender>ewbc@shucheng.example.cn</sender>", "<sender>a b</sender>", "BAD_SENDER"),
        ("<sender>ewbc@shucheng.example.cn</sender>", "<sender/>", "BAD_SENDER"),
        ("<alert xmlns", '<alert id="7" xmlns', "ATTRIBUTE_UNEXPECTED"),
        ("<area>", f"{RESOURCE.format('a/b', -1)}<area>", "BAD_SIZE"),
        ("<area>", f"{RESOURCE.format('a/b', 'x')}<area>", "VALUE_NOT_ALLOWED"),
        ("<geocode>", "<altitude/><geocode>", "ELEMENT_UNEXPECTED"),
        ("</geocode>", "</geocode><altitude/>", "VALUE_NOT_ALLOWED"),
        ("</geocode>", "</geocode><altitude>9</altitude><ceiling>9</ceiling>", "CEILING_NOT_ABOVE_ALTITUDE"),
        ("<scope>Public</scope>", "<scope><b/></scope>", "ELEMENT_UNEXPECTED"),
        ("<scope>Public</scope>", "<scope>Public</scope><scope>Public</scope>", "ELEMENT_UNEXPECTED"),
        ("<scope>Public</scope>", '<scope xmlns="urn:x">Public</scope>', "ELEMENT_MISSING"),
        ("09:30:00+08:00</sent>", "09:30:00+15:00</sent>", "BAD_DATETIME"),
        ("2026-06-18T09:30:00+08:00</sent>", "2026-02-30T09:30:00+08:00</sent>", "BAD_DATETIME"),
        ("<language>zh-CN</language>", "<language>中文</language>", "VALUE_NOT_ALLOWED"),
    ],
)
def test_each_fault_has_its_name(old: str, new: str, code: str) -> None:
    found = read(reworded(old, new))
    assert code in found.codes
    assert not found.valid


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("<msgType>Alert", f"<msgType>Error{OTHERS}", "ERROR_WITHOUT_NOTE"),
        ("<msgType>Alert", f"<msgType>Cancel{OTHERS}", "FOREIGN_REFERENCE"),
        ("16:00:00+08:00</expires>", "09:40:00+08:00</expires>", "ONSET_AFTER_EXPIRES"),
        ("16:00:00+08:00</expires>", "09:20:00+08:00</expires>", "EXPIRES_EARLY"),
        ("<area>", f"{RESOURCE.format('sound', 1)}<area>", "MIME_SHAPE"),
    ],
)
def test_what_is_worth_knowing_makes_nothing_invalid(old: str, new: str, code: str) -> None:
    head, _, references = new.partition("|")
    data = reworded(old, head)
    if references:
        data = reworded("<note>演练</note>", f"<references>{references}</references>", data)
    found = read(data)
    assert code in found.codes
    assert found.valid


def test_a_message_without_info_warns_of_nothing() -> None:
    text = EXERCISE.decode()
    start, end = text.index("<info>"), text.index("</info>") + len("</info>")
    assert read((text[:start] + text[end:]).encode()).codes == {"NO_INFO"}


def test_what_a_schema_processor_adds_to_the_root_is_nothing() -> None:
    told = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b" xmlns'
    assert read(reworded("<alert xmlns", f"<alert {told}")).valid


def test_a_room_in_the_air_has_a_ceiling_above_its_altitude() -> None:
    assert read(reworded("</geocode>", "</geocode><altitude>1000</altitude><ceiling>1000.5</ceiling>")).valid


def test_a_place_is_written_without_an_exponent() -> None:
    first = read(reworded("<geocode>", "<circle>0.0000001,100 .5</circle><geocode>")).message
    assert first is not None
    data = write(first)
    assert b"<circle>0.0000001,100 0.5</circle>" in data
    assert read(data).message == first


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        ("<polygon>31.4,116.9 31.5,116.9 31.5,217 31.4,116.9</polygon>", "BAD_POLYGON"),
        ("<polygon>116.9,31.4 116.9,31.5 117,31.5 116.9,31.4</polygon>", "BAD_POLYGON"),
        ("<polygon>31.4,116.9 31.5,117 31.5,116.9 31.4,117 31.4,116.9</polygon>", "POLYGON_CROSSES_ITSELF"),
        ("<polygon>1e1,1 2,2 3,1 1e1,1</polygon>", "BAD_POLYGON"),
        ("<polygon>NaN,1 2,2 3,1 NaN,1</polygon>", "BAD_POLYGON"),
        (f"<polygon>{'1,1 ' * 30_000}</polygon>", "BAD_POLYGON"),
        ("<polygon/>", "BAD_POLYGON"),
        ("<circle>31.4,116.9 50000</circle>", "BAD_CIRCLE"),
        ("<circle>91,116.9 5</circle>", "BAD_CIRCLE"),
    ],
)
def test_a_shape_that_is_none_is_named(shape: str, code: str) -> None:
    assert code in codes(reworded("<geocode>", f"{shape}<geocode>"))


HEAVY = {
    "many shapes": ("<geocode>", "<polygon>1,1 2,2 1,2 2,1 1,1</polygon>" * 19_900 + "<geocode>"),
    "one element again and again": ("<scope>Public</scope>", "<scope>Public</scope>" * 19_900),
    "strangers": ("<scope>Public</scope>", "<x/>" * 19_900 + "<scope>Public</scope>" * 40),
    "many points": ("<geocode>", f"<polygon>{'1,1 2,2 ' * 9_000}1,1</polygon>" * 12 + "<geocode>"),
    "many points in many areas": (
        "<area>",
        f"<area><areaDesc/><polygon>{'1,1 2,2 ' * 9_000}1,1</polygon></area>" * 12 + "<area>",
    ),
    "many words": ("<note>演练</note>", f"<addresses>{'a ' * 900_000}</addresses>"),
    "many references": ("<note>演练</note>", f"<references>{'a,b,c ' * 300_000}</references>"),
}


@pytest.mark.parametrize(("old", "new"), HEAVY.values(), ids=HEAVY)
def test_a_message_that_is_made_to_be_heavy_is_read_in_a_moment(old: str, new: str) -> None:
    data = reworded(old, new)
    assert len(data) < 2 * 1024 * 1024
    began = time.thread_time()
    read(data)
    assert (
        time.thread_time() - began < 3
    )  # a tenth of a second; with the square of its parts it would be minutes


def test_swapped_coordinates_show_only_against_the_jurisdiction() -> None:
    """West of 90°E a swap is in range: Hotan at 37,80 and the sea at 80,37."""
    swapped = reworded("</areaDesc>", "</areaDesc><polygon>80,37 80.5,37 80.5,37.5 80,37</polygon>")
    assert "SWAPPED_COORDINATES" not in codes(swapped)
    assert "SWAPPED_COORDINATES" in codes(swapped, box=Box(south=34, west=73, north=50, east=97))
    away = reworded("</areaDesc>", "</areaDesc><polygon>1,2 1,3 2,3 1,2</polygon>")
    assert "SWAPPED_COORDINATES" not in codes(away, box=Box(south=34, west=73, north=50, east=97))


def test_many_faults_are_listed_and_the_rest_counted() -> None:
    found = read(reworded("</areaDesc>", "</areaDesc>" + "<what/>" * 500))
    assert len(found.findings) == 101
    assert found.findings[-1].code == "MORE_FINDINGS"
    assert found.findings[-1].layer is not Layer.ADVICE


def test_a_fault_says_where_and_what_in_both_languages() -> None:
    (found,) = read(reworded("<scope>Public</scope>", "<scope>Everyone</scope>")).findings
    assert found.out() == {
        "layer": "schema",
        "code": "VALUE_NOT_ALLOWED",
        "detail": "第 8 行:<scope> 的值 “Everyone” 不在允许范围内:Public、Restricted、Private / "
        "line 8: <scope> may not be “Everyone”: use one of Public, Restricted, Private",
    }


def test_a_foreign_signature_at_the_end_breaks_nothing() -> None:
    signed = '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#" Id="NAADS x"><any/></Signature></alert>'
    assert read(reworded("</alert>", signed)).valid
    assert not read(reworded("</alert>", '<other xmlns="urn:x"/></alert>')).valid


def test_what_would_be_invalid_is_not_written() -> None:
    with pytest.raises(CannotWrite, match="不能为空"):
        write(Alert("a b", "c", SENT, "Actual", "Alert", "Public"))


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_are_too_strange(data: bytes) -> None:
    found = read(data)
    assert found.message is None
    assert found.findings


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_message_is_read_or_refused_but_never_raises(data: st.DataObject) -> None:
    raw = bytearray(EXERCISE)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=6))
    found = read(bytes(raw))
    assert found.message is not None or found.findings


# Whatever a message says, it is the same after a round trip.

WORDS = st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=12)
SOME = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12)
NAMES = st.from_regex(r"[A-Za-z0-9@._-]{1,20}", fullmatch=True)
TIMES = st.builds(
    lambda time, hours: time.replace(microsecond=0, tzinfo=timezone(timedelta(hours=hours))),
    st.datetimes(datetime(2001, 1, 1), datetime(2099, 1, 1)),  # noqa: DTZ001 — the zone is set above
    st.integers(-12, 14),
)
DEGREES = st.tuples(
    st.floats(-90, 90).map(lambda number: round(number, 6)),
    st.floats(-180, 180).map(lambda number: round(number, 6)),
)
RINGS = st.lists(DEGREES, min_size=3, max_size=6).map(lambda points: (*points, points[0]))
PAIRS = st.lists(st.tuples(SOME, WORDS), max_size=2).map(tuple)
AREAS = st.builds(
    Area,
    desc=WORDS,
    polygons=st.lists(RINGS, max_size=2).map(tuple),
    circles=st.lists(
        st.builds(Circle, DEGREES, st.floats(0, 20_000).map(lambda number: round(number, 3))), max_size=2
    ).map(tuple),
    geocodes=PAIRS,
    altitude=st.none() | st.decimals(0, 1000, places=2),
)
RESOURCES = st.builds(
    Resource,
    desc=WORDS,
    mime_type=st.just("audio/mpeg"),
    size=st.none() | st.integers(0, 10**9),
    uri=WORDS,
    digest=WORDS,
)
INFOS = st.builds(
    Info,
    categories=st.lists(st.sampled_from(CATEGORIES), min_size=1, max_size=3).map(tuple),
    event=WORDS,
    urgency=st.sampled_from(URGENCIES),
    severity=st.sampled_from(SEVERITIES),
    certainty=st.sampled_from(CERTAINTIES),
    language=st.sampled_from(("zh-CN", "en-US", "ug")),
    response_types=st.lists(st.sampled_from(RESPONSE_TYPES), max_size=2).map(tuple),
    event_codes=PAIRS,
    effective=st.none() | TIMES,
    onset=st.none() | TIMES,
    expires=st.none() | TIMES,
    headline=WORDS,
    description=WORDS,
    parameters=PAIRS,
    resources=st.lists(RESOURCES, max_size=2).map(tuple),
    areas=st.lists(AREAS, max_size=2).map(tuple),
)
ALERTS = st.builds(
    Alert,
    identifier=NAMES,
    sender=NAMES,
    sent=TIMES,
    status=st.sampled_from(STATUSES),
    msg_type=st.just("Update"),
    scope=st.just("Private"),
    source=WORDS,
    addresses=st.lists(st.sampled_from(("a@b", "two words", "c,d")), min_size=1, max_size=3).map(tuple),
    codes=st.lists(SOME, max_size=2).map(tuple),
    note=WORDS,
    references=st.lists(
        st.builds(Identity, st.just("other"), NAMES, st.just(datetime(2000, 1, 1, tzinfo=UTC))),
        min_size=1,
        max_size=3,
    ).map(tuple),
    incidents=st.lists(SOME, max_size=2).map(tuple),
    infos=st.lists(INFOS, max_size=2).map(tuple),
)


@settings(max_examples=60, deadline=None)
@given(ALERTS)
def test_what_is_written_says_the_same_when_read(alert: Alert) -> None:
    again = read(write(alert)).message
    assert again == alert
    assert [area.ceiling for info in again.infos for area in info.areas if area.ceiling == Decimal(0)] == []
