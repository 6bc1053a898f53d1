from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.adapter import Garbage, Reading
from app.devices.adapters.hdap import MAX_FRAMES, HdapCodec
from app.devices.adapters.hytera import control, gps, location, registration, words
from app.devices.adapters.hytera.frame import DDS, LP, MAX_PAYLOAD, RCP, RRS, TMP, TP, build, checksum, cut
from app.signals import Distress, Fix, Presence, Receipt, Signal, Talk, Text
from tests.devices.evidence import differences, only, read
from tests.devices.hytera_frames import cases, count, frame

SAMPLE = (
    frame("ok-lp-report"),
    frame("kt-lp-condition-report-rssi"),
    frame("kt-lp-condition-request"),
    frame("alebo-tmp-private-hello"),
    frame("ok-rrs-answer"),
    frame("kt-dds"),
)

IDS = st.integers(1, (1 << 24) - 1)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=600).map(lambda t: t.rstrip("\0"))
HERE = gps.write_gps(115.441, 28.1123, datetime(2026, 7, 12, 8, 30, 15, tzinfo=UTC), knots=3.5, course=90)


def reading(data: bytes) -> Reading:
    return only(HdapCodec(), data)


def said(data: bytes) -> tuple[Signal, ...]:
    return reading(data).signals


def content(data: bytes) -> dict[str, Any]:
    found: dict[str, Any] = reading(data).fields["hdap"]
    return found


def test_every_record_has_its_test() -> None:
    assert sum(len(cases(layer)) for layer in ("HDAP", "HSTRP", "HRNP")) == count()


@pytest.mark.parametrize(("raw", "expected"), cases("HDAP"))
def test_a_recorded_frame_reads_as_expected(raw: bytes, expected: dict[str, Any]) -> None:
    assert differences(expected, dict(reading(raw).fields)) == []
    assert (reading(raw).family, reading(raw).raw) == ("hdap", raw)


@pytest.mark.parametrize(("raw", "expected"), cases("HDAP"))
def test_a_wrong_checksum_is_refused_where_that_is_wished(raw: bytes, expected: dict[str, Any]) -> None:
    (got,) = read(HdapCodec(strict=True), raw)
    assert isinstance(got, Reading if expected["hdap"]["checksum_ok"] else Garbage)


@pytest.mark.parametrize(("raw", "expected"), cases("HDAP"))
def test_a_frame_is_written_with_the_right_checksum(raw: bytes, expected: dict[str, Any]) -> None:
    found = cut(raw)
    assert not isinstance(found, str)
    written = build(found.service, found.opcode, found.payload, reliable=found.reliable)
    assert (written == raw) is expected["hdap"]["checksum_ok"]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("ok-rrs-online-check", registration.online_check(20)),
        ("kt-rrs-register-ack", registration.register_ack(2_308_195, 1800)),
        ("gen-rrs-deregister", registration.deregister(2301)),
        ("gen-tmp-private-zh", words.private_text(10, 2301, 200, "一组到达现场，人员安全。")),
        ("gen-tmp-group-zh", words.group_text(9, 100, 2301, "请报告位置")),
        ("gen-rcp-radio-check-ack", control.radio_check_ack(2301)),
    ],
)
def test_what_we_write_is_what_was_recorded(name: str, written: bytes) -> None:
    recorded = frame(name)
    assert written[1:] == recorded[1:]  # the header's reliable bit is set by one author only
    assert written[0] & 0x7F == recorded[0] & 0x7F


def test_a_position_is_written_as_it_was_recorded() -> None:
    at = datetime(2026, 7, 12, 8, 30, 15, tzinfo=UTC)
    written = gps.write_gps(104.07613, 30.902057, at, knots=0.5, course=90)
    assert location.emergency_report(2301, written) == frame("gen-lp-emergency-report")


# What it means


def test_a_radio_that_registers_is_there_and_one_that_leaves_is_not() -> None:
    assert said(registration.register(100)) == (Presence(online=True),)
    assert said(registration.deregister(100)) == (Presence(online=False),)
    assert said(registration.online_answer(100)) == (Presence(online=True),)
    assert said(registration.online_answer(100, offline=True)) == (Presence(online=False),)
    assert said(registration.online_check(100)) == ()


def test_a_position_report_is_a_fix_in_metres_a_second() -> None:
    fix = Fix(18.907312, 47.313418, datetime(2015, 10, 26, 18, 36, 48, tzinfo=UTC), None, 0.05, 121.0)
    assert said(frame("ok-lp-report")) == (fix, Receipt("locate-1", "delivered"))
    assert reading(frame("ok-lp-report")).sender == "2167005"


def test_only_the_low_bits_of_a_question_are_ours() -> None:
    assert said(frame("kt-lp-report-de"))[1] == Receipt("locate-1", "delivered")


def test_a_report_without_a_time_is_a_fix_of_now() -> None:
    report = location.immediate_report(7, 2301, gps.write_gps(115.441, -28.1123, None, knots=12, course=7))
    fix = said(report)[0]
    assert fix == Fix(115.441, -28.1123, speed_mps=6.17, course_deg=7.0)


@pytest.mark.parametrize(
    "empty",
    [
        b"",
        b"\0" * 40,
        b"V" + HERE[1:],
        HERE[:14] + b"\0" * 9 + HERE[23:],
        HERE[:24] + b"18100.0000" + HERE[34:],
    ],
)
def test_a_report_without_a_place_is_no_fix(empty: bytes) -> None:
    assert said(location.immediate_report(7, 2301, empty)) == (Receipt("locate-7", "delivered"),)


def test_a_radio_that_cannot_say_where_it_is_says_why() -> None:
    report = location.immediate_report(7, 2301, b"", result=6)
    assert said(report) == (Receipt("locate-7", "failed", "no_position"),)
    assert said(location.immediate_report(7, 2301, HERE, result=99))[0] == Receipt(
        "locate-7", "failed", "result_99"
    )


@pytest.mark.parametrize("field", [b"45", b"-1 ", b"1e1", b"nan", b" . "])
def test_a_speed_that_is_no_number_is_left_out(field: bytes) -> None:
    padded = field.ljust(3, b"\0")[:3]
    report = location.immediate_report(7, 2301, HERE[:34] + padded + HERE[37:])
    assert content(report)["gps"]["speed_knots"] == (45.0 if field == b"45" else None)


def test_a_date_that_does_not_exist_is_left_out() -> None:
    report = location.immediate_report(7, 2301, HERE[:7] + b"310226" + HERE[13:])
    assert content(report)["gps"]["date"] is None


def test_an_emergency_report_is_a_call_for_help_with_its_place() -> None:
    at = datetime(2026, 7, 12, 8, 30, 15, tzinfo=UTC)
    fix = Fix(104.07613, 30.902057, at, None, 0.26, 90.0)
    call = Distress("2301-B003-20260712083015", sent_at=at, fix=fix)
    assert said(frame("gen-lp-emergency-report")) == (fix, call)


def test_an_emergency_without_a_position_is_heard_too() -> None:
    assert said(location.emergency_report(2301, b"\0" * 40)) == (Distress("2301-B003-"),)
    assert said(location.emergency_report(2301, b"")) == (Distress("2301-B003-"),)


def test_a_text_names_its_writer_and_its_copies_are_told_apart() -> None:
    heard = reading(frame("gen-tmp-group-zh"))
    (text,) = heard.signals
    assert isinstance(text, Text)
    assert (heard.sender, text.text, text.ref[:7]) == ("2301", "请报告位置", "2301-9-")
    other = said(words.group_text(9, 100, 2301, "已报告位置"))[0]
    assert isinstance(other, Text)
    assert other.ref != text.ref


def test_control_characters_reach_no_screen_but_stay_in_evidence() -> None:
    (text,) = said(words.private_text(1, 200, 2301, "a\x1b[31m\u202eb'; DROP TABLE alarm;--<script>"))
    assert isinstance(text, Text)
    assert text.text == "a[31mb'; DROP TABLE alarm;--<script>"
    assert text.raw.decode("utf-16-le").startswith("a\x1b")


@pytest.mark.parametrize(
    ("result", "receipt"),
    [
        (0, Receipt("10", "delivered")),
        (8, Receipt("10", "failed", "no_answer")),
        (6, Receipt("10", "failed", "low_battery")),
        (77, Receipt("10", "failed", "result_77")),
    ],
)
def test_an_acknowledgement_says_what_became_of_a_text(result: int, receipt: Receipt) -> None:
    private = reading(words.private_ack(10, 2301, 200, result))
    assert (private.sender, private.signals) == ("2301", (receipt,))
    group = reading(words.group_ack(10, 100, result))
    assert (group.sender, group.signals) == ("", (receipt,))


def test_a_text_with_options_is_read_without_them() -> None:
    payload = (2).to_bytes(2, "big") + (5).to_bytes(4, "big") + bytes((10, 0, 0, 1, 10, 0, 0, 2))
    whole = build(TMP, 0x40A1, payload + "桥断".encode("utf-16-le") + b"\xab\xcd")
    assert (content(whole)["text"], content(whole)["extra"]) == ("桥断", "abcd")
    assert [type(one) for one in read(HdapCodec(), build(TMP, 0x40A1, b"\xff" + payload[1:]))] == [Garbage]


def test_short_data_is_printed_in_hex_and_work_orders_are_left_alone() -> None:
    data = build(TMP, 0x00AE, (5).to_bytes(4, "big") + bytes((10, 0, 0, 1, 10, 0, 0, 2)) + b"\x01\x02")
    assert content(data)["data"] == "0102"
    assert content(build(TMP, 0x00AA, b"\x01"))["msg"] == "unknown"
    assert content(build(TP, 0x0001, b"\x01"))["payload"] == "01"


@pytest.mark.parametrize(
    ("status", "service", "stage"),
    [(0, 1, "start"), (2, 1, "start"), (6, 1, "start"), (1, 1, "end"), (4, 1, "end"), (5, 1, ""), (0, 2, "")],
)
def test_who_talks_on_a_repeater(status: int, service: int, stage: str) -> None:
    heard = said(control.repeater_status(status, 1, 9001, 2301, service=service))
    assert [(one.stage, one.talker, one.target) for one in heard if isinstance(one, Talk)] == (
        [(stage, "2301", "9001")] if stage else []
    )


@pytest.mark.parametrize(("kind", "name"), [(0, "private"), (1, "group"), (2, "all"), (99, "group")])
def test_whom_somebody_talks_to(kind: int, name: str) -> None:
    (talk,) = said(control.repeater_status(0, kind, 9001, 2301))
    assert isinstance(talk, Talk)
    assert talk.target_kind == name


@pytest.mark.parametrize("kind", [3, 5, 12])
def test_an_emergency_call_is_a_call_for_help_as_long_as_it_is_on_the_air(kind: int) -> None:
    started = said(control.repeater_status(0, kind, 9001, 2301, service=6))
    assert [type(one) for one in started] == [Distress, Talk]
    assert isinstance(started[1], Talk)
    assert started[1].emergency
    ended = said(control.repeater_status(4, kind, 9001, 2301, service=6))
    assert [type(one) for one in ended] == [Talk]


def received(process: int, kind: int = 1) -> bytes:
    numbers = b"".join(one.to_bytes(2, "little") for one in (process, kind))
    return build(RCP, 0xB844, numbers + (9001).to_bytes(4, "little") + (2301).to_bytes(4, "little"))


def test_who_talks_to_a_mobile_radio() -> None:
    assert said(received(1)) == (Talk("channel", "start", "2301", "9001", "group"),)
    assert said(received(3)) == (Talk("channel", "end", "2301", "9001", "group"),)
    assert said(received(0)) == ()
    assert [type(one) for one in said(received(1, 3))] == [Distress, Talk]


def test_our_own_transmission_names_no_talker() -> None:
    sent = build(RCP, 0xB843, bytes.fromhex("010000000100") + (9001).to_bytes(4, "little"))
    assert said(sent) == (Talk("channel", "start", "", "9001", "group"),)
    assert reading(sent).sender == ""


def test_the_emergency_key_of_the_radio_on_the_cable_ends_nothing_when_it_is_let_go() -> None:
    pressed = said(build(RCP, 0xB0C8, bytes((9, 1, 0))))
    assert [type(one) for one in pressed] == [Distress]
    assert said(build(RCP, 0xB0C8, bytes((9, 0, 0)))) == ()
    assert said(build(RCP, 0xB0C8, bytes((11, 4, 0)))) == ()


def test_a_radio_check_has_an_answer() -> None:
    assert said(control.radio_check_ack(2301)) == (Receipt("check-2301", "delivered"),)
    assert said(control.radio_check_ack(2301, 1)) == (Receipt("check-2301", "failed", "no_answer"),)
    assert reading(control.radio_check_ack(2301)).sender == "2301"
    assert content(control.radio_check(2301))["target"] == 2301


@pytest.mark.parametrize(
    ("ask", "fields"),
    [
        (control.subscribe(), {"settings": [[0, 1], [1, 1], [2, 1]]}),
        (control.copy_messages(), {"mask": 3, "reserved": 0}),
        (control.own_id(), {"what": 0}),
    ],
)
def test_what_a_repeater_is_asked(ask: bytes, fields: dict[str, Any]) -> None:
    assert differences(fields, content(ask)) == []


# Bad bytes


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "truncated"),
        (frame("ok-lp-report")[:-1], "truncated"),
        (b"\x77" + frame("ok-lp-report")[1:], "service"),
        (frame("ok-lp-report")[:-1] + b"\x04", "end"),
        (bytes.fromhex("1100030fff") + b"\0" * 20, "length"),
        (build(RRS, 0x0003, b"\x0a"), "payload"),
        (build(DDS, 0x0008, b"\x0a"), "payload"),
        (build(LP, 0xA002, b"\0" * 20), "payload"),
        (build(TMP, 0x00A1, b"\0" * 5), "payload"),
    ],
)
def test_bytes_that_are_no_frame_are_garbage(data: bytes, reason: str) -> None:
    assert read(HdapCodec(), data) == [Garbage(data, reason)]


def test_a_datagram_may_be_padded_and_may_hold_several_frames() -> None:
    one, two = frame("ok-rrs-answer"), frame("kt-dds")
    assert [type(got) for got in read(HdapCodec(), one + two + b"\0" * 9)] == [Reading, Reading]
    assert [type(got) for got in read(HdapCodec(), one + b"\x01")] == [Reading, Garbage]
    many = read(HdapCodec(), one * (MAX_FRAMES + 1))
    assert isinstance(many[-1], Garbage)
    assert len(many) == MAX_FRAMES + 1


@pytest.mark.parametrize("radio", [0, -1, 1 << 24])
def test_no_radio_has_such_a_number(radio: int) -> None:
    with pytest.raises(ValueError, match="no radio id"):
        registration.register_ack(radio, 60)
    with pytest.raises(ValueError, match="no radio id"):
        control.radio_check(radio)


def test_a_frame_too_long_is_not_written() -> None:
    with pytest.raises(ValueError, match="too many"):
        build(TMP, 0x00A1, b"\0" * (MAX_PAYLOAD + 1))
    with pytest.raises(ValueError, match="too many"):
        words.private_text(1, 2, 3, "长" * 800)


@given(request=st.integers(0, (1 << 32) - 1), dest=IDS, source=IDS, text=TEXTS)
def test_any_text_is_read_as_it_was_written(request: int, dest: int, source: int, text: str) -> None:
    got = content(words.private_text(request, dest, source, text))
    assert (got["request_id"], got["dest"]["id"], got["source"]["id"]) == (request, dest, source)
    assert got["text"] == text


@given(lon=st.floats(-180, 180), lat=st.floats(-90, 90), knots=st.floats(0, 2000), course=st.integers(0, 720))
def test_any_place_is_read_where_it_was_written(lon: float, lat: float, knots: float, course: int) -> None:
    written = gps.write_gps(lon, lat, None, knots=knots, course=course)
    assert len(written) == gps.SIZE
    fix = said(location.immediate_report(1, 2, written))[0]
    assert isinstance(fix, Fix)
    assert abs(fix.lon - lon) < 2e-6
    assert abs(fix.lat - lat) < 2e-6


@given(data=st.binary(min_size=1, max_size=60))
def test_the_checksum_notices_any_single_flip(data: bytes) -> None:
    for bit in range(8 * len(data)):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        assert checksum(bytes(flipped)) != checksum(data)
