"""12379 looks like CAP and is not: its own reader, its own verdicts."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.codecs.cap import read as read_cap
from app.codecs.cap.alert import Circle
from app.codecs.cn12379 import Notice, read, write
from app.codecs.cn12379.notice import File, Method, Place, WarningInfo
from app.codecs.findings import CannotWrite
from tests.codecs.evidence import HERE, WHOLE, Record, cases, is_accepted, message, needs_the_whole_set
from tests.codecs.test_cap import DEGREES, RINGS, SOME, TIMES, WORDS

OURS = "cap/cap_cn12379"
ISSUE = message("cap/cap_cn12379_valid_01_alert.xml")
NOON = datetime(2026, 6, 18, 9, 30, tzinfo=timezone(timedelta(hours=8)))


def codes(old: str, new: str) -> set[str]:
    text = ISSUE.decode()
    assert old in text
    return set(read(text.replace(old, new).encode()).codes)


@pytest.mark.parametrize("record", cases(HERE, OURS))
def test_a_message_has_the_verdict_it_is_known_for(record: Record) -> None:
    found = read(message(record["file"]))
    assert found.valid is is_accepted(record)
    assert not read_cap(message(record["file"])).valid


@needs_the_whole_set
@pytest.mark.parametrize("record", cases(WHOLE, OURS))
def test_a_message_of_the_whole_set_has_the_verdict_it_is_known_for(record: Record) -> None:
    assert WHOLE is not None
    assert read(message(record["file"], WHOLE)).valid is is_accepted(record)


def test_a_notice_says_what_it_says() -> None:
    notice = read(ISSUE).message
    assert notice is not None
    assert (notice.identifier, notice.subject, notice.send_time) == (
        "34152341600000_20260618093000",
        "34152341600000_20260618093000",
        NOON,
    )
    (method,) = notice.methods
    assert (method.name, method.message[:3]) == ("SPEAKER", "样例：")
    (warning,) = notice.warnings
    assert (warning.event_type, warning.severity, warning.onset) == ("11B03", "Orange", None)
    assert warning.expires == NOON + timedelta(hours=6)
    assert warning.places == (Place("舒城县", geocodes=("341523000000",)),)


def test_update_and_cancel_are_about_the_first_issue() -> None:
    for name in ("02_update", "03_cancel"):
        notice = read(message(f"cap/cap_cn12379_valid_{name}.xml")).message
        assert notice is not None
        assert notice.subject == "34152341600000_20260618093000"


def test_a_time_with_a_t_is_understood_though_it_is_a_fault() -> None:
    found = read(message("cap/cap_cn12379_invalid_02_time_t.xml"))
    assert not found.valid
    assert found.codes == {"TIME_WITH_T"}
    assert found.message is not None
    assert found.message.send_time == NOON


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("_20260618093000<", "_20261318093000<", "BAD_IDENTIFIER"),
        ("<senderCode>34152341600000", "<senderCode>3415", "BAD_SENDERCODE"),
        ("<msgType>Alert", "<msgType>Cancel", "REFERENCES_REQUIRED"),
        ("<references>", "<references>a,b,2026-06-18T09:30:00+08:00", "BAD_REFERENCE"),
        ("<references>", "<references>34152341600000_20260618093000", "CIRCULAR_REFERENCE"),
        ("<severity>Orange", "<severity>Severe", "VALUE_NOT_ALLOWED"),
        ("2026-06-18 15:30:00+08:00", "2026-06-31 15:30:00+08:00", "BAD_TIME"),
        ("2026-06-18 15:30:00+08:00", "tomorrow", "BAD_TIME"),
        ("2026-06-18 15:30:00+08:00", "2026-06-18 05:30:00+08:00", "EXPIRES_EARLY"),
        ("11B03", "rain", "EVENT_CODE_SHAPE"),
        ("341523000000</geocode>", "341523000000,3415</geocode>", "BAD_GEOCODE"),
        ("<circle>", "<circle>31.4,116.9", "BAD_CIRCLE"),
        ("<circle>", "<circle>31.4,116.9 99999999", "BAD_CIRCLE"),
        ("<circle>", "<circle>31.4,116.9 999999999", "BAD_CIRCLE"),
        ("<polygon>", "<polygon>1,1 2,2 1,2 2,1 1,1", "POLYGON_CROSSES_ITSELF"),
        ("http://com.icss.amp", "urn:other", "NOT_12379"),
        ("<alert xmlns", "<!DOCTYPE alert><alert xmlns", "DOCTYPE_FORBIDDEN"),
    ],
)
def test_each_fault_has_its_name(old: str, new: str, code: str) -> None:
    assert code in codes(old, new)


def test_a_warning_of_nowhere_is_remarked() -> None:
    text = ISSUE.decode()
    start, end = text.index("<area>"), text.index("</area>") + len("</area>")
    assert read((text[:start] + text[end:]).encode()).codes == {"NO_AREA"}


def test_what_would_be_invalid_is_not_written() -> None:
    with pytest.raises(CannotWrite, match="14"):
        write(
            Notice(
                "1", "气象局", "2", NOON, "Actual", "Alert", "Public", warnings=(WarningInfo("11B03", "Red"),)
            )
        )


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_are_too_strange(data: bytes) -> None:
    assert read(data).message is None


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_message_is_read_or_refused_but_never_raises(data: st.DataObject) -> None:
    raw = bytearray(ISSUE)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=6))
    found = read(bytes(raw))
    assert found.message is not None or found.findings


PLACES = st.builds(
    Place,
    desc=WORDS,
    polygons=st.lists(RINGS, max_size=2).map(tuple),
    circles_m=st.lists(st.builds(Circle, DEGREES, st.integers(0, 999_999).map(float)), max_size=2).map(tuple),
    geocodes=st.lists(st.from_regex(r"[1-6][0-9]{11}", fullmatch=True), max_size=3).map(tuple),
)
WARNINGS = st.builds(
    WarningInfo,
    event_type=st.just("11B03"),
    severity=st.sampled_from(("Red", "Orange", "Yellow", "Blue", "Unknown")),
    effective=st.none() | TIMES,
    expires=st.none() | TIMES,
    headline=WORDS,
    description=WORDS,
    files=st.lists(st.builds(File, WORDS, WORDS, WORDS), max_size=2).map(tuple),
    places=st.lists(PLACES, max_size=2).map(tuple),
)
NOTICES = st.builds(
    Notice,
    identifier=st.sampled_from(("34152341600000_20260618093000", "34152341600000_20260618093000_7")),
    sender=SOME,
    sender_code=st.just("34152341600000"),
    send_time=TIMES,
    status=st.sampled_from(("Actual", "Test")),
    msg_type=st.sampled_from(("Update", "Cancel")),
    scope=st.just("Public"),
    phone=WORDS,
    methods=st.lists(st.builds(Method, SOME, WORDS, WORDS, WORDS), max_size=3).map(tuple),
    references=st.just("34152341600000_20260617093000"),
    warnings=st.lists(WARNINGS, min_size=1, max_size=2).map(tuple),
)


@settings(max_examples=60, deadline=None)
@given(NOTICES)
def test_what_is_written_says_the_same_when_read(notice: Notice) -> None:
    assert read(write(notice)).message == notice
