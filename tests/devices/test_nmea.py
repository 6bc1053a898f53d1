from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.devices.adapter import Garbage, Reading
from app.devices.adapters.nmea import utc
from app.devices.adapters.sentence import BeidouAsciiCodec, sentence
from app.devices.adapters.stream import xor
from app.signals import Fix
from tests.devices.evidence import Record, cases, differences, only, read, records

ALL = records("beidou_nmea")
GOOD = [record for record in ALL if record["checksum_ok"]]
BAD = [record for record in ALL if not record["checksum_ok"]]

SAMPLE = (
    b"$GPRMC,040107.00,A,3151.6567,N,11714.4833,E,0,0,150613,,,A*56\r\n",
    b"$GNGGA,063846.00,2914.96875,N,10444.57129,E,1,12,1.07,316.47,M,0,M,,,2.58*6A\r\n",
    b"$GPGSV,3,1,10,01,,,41,02,38,034,42,03,36,113,47,07,38,195,25,1*5B\r\n",
)


def line(record: Record) -> bytes:
    return str(record["ascii"]).encode("ascii") + b"\r\n"


@pytest.mark.parametrize("record", cases(GOOD))
def test_a_recorded_sentence_reads_as_expected(record: Record) -> None:
    reading = only(BeidouAsciiCodec(), line(record))
    assert differences(record["expect"], dict(reading.fields)) == []
    assert reading.family == "nmea"


@pytest.mark.parametrize("record", cases(BAD))
def test_a_sentence_with_half_a_checksum_is_no_reading(record: Record) -> None:
    assert [type(one) for one in read(BeidouAsciiCodec(), line(record))] == [Garbage]


def test_a_name_ends_at_its_fields_or_at_the_checksum_of_the_line_and_nowhere_else() -> None:
    bare = b"GPXYZ"
    assert [one.kind for one in read(BeidouAsciiCodec(), sentence("GPXYZ")) if isinstance(one, Reading)] == [
        "GPXYZ"
    ]
    for rest in (b"*6A\xff\xfe", b"*6Amore", b"*00"):  # the first was found by an hour of `make fuzz`
        body = bare + rest
        line = b"$%b*%02X\r\n" % (body, xor(body))
        assert [type(one) for one in read(BeidouAsciiCodec(), line)] == [Garbage]


def signals(line: bytes) -> tuple[object, ...]:
    return only(BeidouAsciiCodec(), line).signals


def test_rmc_is_a_fix_with_time_and_metres_per_second() -> None:
    rmc = sentence(
        "GNRMC", "142350.25", "A", "2456.7890", "S", "11458.1230", "W", "10", "203.5", "310721", "", "", "A"
    )
    (fix,) = signals(rmc)
    assert isinstance(fix, Fix)
    assert fix.fixed_at == datetime(2021, 7, 31, 14, 23, 50, 250000, UTC)
    assert (fix.lon, fix.lat, fix.course_deg) == (-114.9687167, -24.9464833, 203.5)
    assert fix.speed_mps == pytest.approx(5.1444, abs=1e-4)


def test_rmc_without_speed_and_course_is_still_a_fix() -> None:
    (fix,) = signals(
        sentence("BDRMC", "142350", "A", "2456.7890", "N", "11458.1230", "E", "", "", "", "", "")
    )
    assert fix == Fix(114.9687167, 24.9464833)


@pytest.mark.parametrize(
    "rmc",
    [
        sentence("GNRMC", "142350", "V", "2456.7", "N", "11458.1", "E", "0", "0", "310721", "", "", "N"),
        sentence("GNRMC", "142350", "A", "2456.7", "N", "11458.1", "E", "0", "0", "310721", "", "", "N"),
        sentence("GNRMC", "142350", "A", "", "", "11458.1", "E"),
        sentence("GNRMC", "142350", "A", "2456.7", "N", "18058.1", "E"),
        sentence("GNRMC", "142350", "A", "2456.7"),
        sentence("GNRMC"),
    ],
)
def test_rmc_that_is_no_fix_says_nothing(rmc: bytes) -> None:
    assert signals(rmc) == ()


@pytest.mark.parametrize(
    "gga",
    [
        sentence("GNGGA", "063846.00", "2914.96875", "N", "10444.57129", "E", "0", "12"),
        sentence("GNGGA", "063846.00", "", "N", "10444.57129", "E", "1", "12"),
        sentence("GNGGA", "063846.00", "2914.96875", "N", "", "E", "1", "12"),
        sentence("GNGGA", "063846.00", "2914.96875"),
    ],
)
def test_gga_without_a_fix_says_nothing(gga: bytes) -> None:
    assert signals(gga) == ()


def test_the_talker_does_not_matter_and_zda_gives_the_date() -> None:
    fields = only(BeidouAsciiCodec(), sentence("BDZDA", "063846.00", "17", "06", "2025", "00", "00")).fields
    assert (fields["day"], fields["month"], fields["year"]) == (17, 6, 2025)


@pytest.mark.parametrize(
    ("date", "time"),
    [("", "010203"), ("310225", "010203"), ("310125", "250203"), ("310125", "0102"), ("3101256", "010203")],
)
def test_a_time_that_is_none_is_none(date: str, time: str) -> None:
    assert utc(date, time) is None
