"""EBD packets of GD/J 082 and 083, and of the drafts before: read, judged by name, written again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.codecs.ebm.fields import many, text
from app.codecs.ebm.identifiers import (
    covers,
    data_id,
    heartbeat_id,
    message_id,
    must_be_processed,
    resource_of,
)
from app.codecs.ebm.message import Auxiliary, Basics, Content, Message, MsgType, message_of, payload_of
from app.codecs.ebm.packet import Packet, read, write
from app.codecs.ebm.profile import DRAFT_2016, GDJ_2018, Profile
from app.codecs.ebm.schema import BEIJING, OMD_TYPES
from app.codecs.findings import CannotWrite
from tests.codecs.evidence import HERE, WHOLE, Record, is_accepted, message, needs_the_whole_set, records

CITY = "33415000000000101010101"
COUNTY = "43415230000000101010101"
ISSUE = message("ebm/ebm_valid_04_issue_multi_area_multi_aux.xml")
NOON = datetime(2026, 6, 18, 12, 0, tzinfo=BEIJING)


def packets(folder: Any) -> list[Any]:
    found = [
        r for r in records(folder, "ebm/") if r["file"].endswith(".xml") and "signature" not in r["file"]
    ]
    return [pytest.param(record, id=record["file"][4:-4]) for record in found]


def reworded(old: str, new: str, data: bytes = ISSUE) -> bytes:
    said = data.decode()
    assert old in said
    return said.replace(old, new).encode()


@pytest.mark.parametrize("record", packets(HERE))
def test_a_packet_of_ours_has_the_verdict_it_is_known_for(record: Record) -> None:
    found = read(message(record["file"]))
    assert found.valid is is_accepted(record)
    known = {code for layer, code, _ in record["findings"] if layer in ("spec", "advice", "wellformed")}
    if found.message is not None:
        assert known <= found.codes


@pytest.mark.parametrize("record", [p for p in packets(HERE) if "lenient" in p.id])
def test_what_everybody_understands_is_accepted_with_advice(record: Record) -> None:
    found = read(message(record["file"]))
    assert found.valid
    assert found.findings or "xs_prefix" in record["file"]


@needs_the_whole_set
@pytest.mark.parametrize("record", packets(WHOLE))
def test_a_packet_of_the_whole_set_has_the_verdict_it_is_known_for(record: Record) -> None:
    assert WHOLE is not None
    found = read(message(record["file"], WHOLE))
    assert found.valid is is_accepted(record)
    if found.valid and found.message is not None:
        again = write(found.message)
        assert read(again, GDJ_2018).message == found.message
        assert write(found.message) == again


def test_a_packet_says_who_sends_what_to_whom() -> None:
    packet = read(ISSUE).message
    assert packet is not None
    assert (packet.kind, packet.source, packet.destination) == ("EBM", CITY, COUNTY)
    assert packet.time == datetime(2026, 6, 18, 1, 30, 5, tzinfo=UTC)
    issue = message_of(packet.payload)
    assert issue.basics is not None
    assert (issue.basics.msg_type, issue.basics.severity, issue.basics.event_type) == (1, 2, "11B03")
    (content,) = issue.contents
    assert content.areas == ("341523100000", "341523100200")
    assert [(one.kind, one.name) for one in content.auxiliaries] == [
        (2, "EBDR_yanlian001.mp3"),
        (42, "EBDR_map.jpg"),
    ]


def test_a_cancel_without_content_still_cancels() -> None:
    packet = read(message("ebm/ebm_lenient_09_cancel_without_content.xml")).message
    assert packet is not None
    cancel = message_of(packet.payload)
    assert cancel.basics is not None
    assert cancel.basics.msg_type == MsgType.CANCEL
    assert cancel.related == "33415000000000101010101202606180001"
    assert cancel.contents == ()


def test_a_message_that_is_not_mandatory_may_say_next_to_nothing() -> None:
    least = Message(message_id(CITY, date(2026, 6, 18), 0))
    sent = Packet(data_id(CITY, 1), "EBM", CITY, NOON, payload_of(least))
    got = read(write(sent)).message
    assert got is not None
    assert message_of(got.payload) == least


def test_a_drill_is_never_the_real_thing() -> None:
    assert [kind.name for kind in MsgType if kind.is_drill] == [
        "DRILL_PLATFORM",
        "DRILL_FRONT_END",
        "DRILL_TERMINAL",
    ]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("EBDR_map.jpg", "../EBDR_map.jpg", "AUX_NAME"),
        ("EBDR_map.jpg", "..", "AUX_NAME"),
        ("EBDR_map.jpg", "", "AUX_NAME"),
        ("<EBDType>EBM</EBDType>", "<EBDType>Song</EBDType>", "VALUE_NOT_ALLOWED"),
        ("<EBM>", "<EBM><EBMVersion>1</EBMVersion>", "ELEMENT_UNEXPECTED"),
        ("341523100000,341523100200", "3415", "VALUE_NOT_ALLOWED"),
        ("<Size>25704", "<Size>-1", "VALUE_NOT_ALLOWED"),
        ("<EBD>", "<!DOCTYPE EBD><EBD>", "DOCTYPE_FORBIDDEN"),
        ("11B03", "rain", "EVENT_CODE_SHAPE"),
        ("<Size>25704</Size>", "<Digest>摘要</Digest>", "AUX_DIGEST"),
        ("<Size>25704</Size>", "<Digest>QUJD</Digest>", "AUX_DIGEST"),
        ("EBD>", "EBX>", "NOT_EBD"),
    ],
)
def test_each_fault_has_its_name(old: str, new: str, code: str) -> None:
    assert code in read(reworded(old, new)).codes


def test_a_stream_may_have_an_address() -> None:
    data = reworded("EBDR_yanlian001.mp3", "rtp://239.1.1.1:5000")
    assert "AUX_NAME" in read(data).codes
    assert read(reworded("<AuxiliaryType>2<", "<AuxiliaryType>61<", data)).valid


def test_a_foreign_element_stays_foreign_when_the_namespace_of_the_rest_is_overlooked() -> None:
    named = reworded("<EBD>", '<EBD xmlns="urn:one">')
    assert read(named).codes == {"NAMESPACE"}
    assert "ELEMENT_UNEXPECTED" in read(reworded("<EBM>", '<EBM xmlns="urn:two">', named)).codes


def test_makers_extensions_are_overlooked_only_for_a_peer_that_sends_them() -> None:
    data = message("ebm/ebm_invalid_32_unknown_element.xml")
    assert not read(data, GDJ_2018).valid
    assert read(data, Profile(extensions=True)).codes == {"ELEMENT_IGNORED"}
    assert read(message("ebm/ebm_invalid_34_empty_ebm_version.xml"), Profile(extensions=True)).codes == {
        "VERSION_MISSING"
    }
    assert not read(message("ebm/ebm_invalid_04_wrong_order.xml"), Profile(extensions=True)).valid


OLD = (
    ISSUE.decode()
    .replace("33415000000000101010101", "010234150000000001")
    .replace("43415230000000101010101", "010234152300000001")
    .replace("10334150000000001010101010000000000000004", "10" + "010234150000000001" + "0" * 15 + "4")
    .replace("SendTime", "SentTime")
    .replace("<EBMVersion>1</EBMVersion>", "")
    .replace("<Severity>2<", "<Severity>15<")
    .replace("<AuxiliaryType>42<", "<AuxiliaryType>21<")
    .replace("</MsgContent>", "</MsgContent><LinkTypeSel>1</LinkTypeSel>")
    .encode()
)


def test_a_draft_of_2016_is_told_by_its_shorter_numbers() -> None:
    """18, 36 and 30 digits, SentTime, no EBMVersion, severity 15 for a test: field data of Jiangsu."""
    found = read(OLD)
    assert found.codes == {"VERSION_MISSING", "ELEMENT_IGNORED"}
    assert found.valid
    assert found.message is not None
    old = message_of(found.message.payload)
    assert old.basics is not None
    assert (old.ebm_id, old.basics.severity, old.basics.sent.hour) == (
        "010234150000000001202606180001",
        15,
        9,
    )
    assert read(OLD, DRAFT_2016).valid
    again = write(found.message, DRAFT_2016)
    assert b"<SentTime>" in again
    assert read(again).message == found.message
    with pytest.raises(CannotWrite):
        write(found.message, GDJ_2018)
    assert not read(OLD, GDJ_2018).valid
    assert not read(ISSUE, DRAFT_2016).valid


def test_a_site_that_ends_before_it_starts_is_named() -> None:
    data = message("ebm/ebm_valid_31_state_response_2.xml")
    assert (
        "END_BEFORE_START"
        in read(reworded("<EndTime></EndTime>", "<EndTime>2026-06-18 08:00:00</EndTime>", data)).codes
    )


def test_what_makers_put_into_their_own_parameters_is_left_out() -> None:
    data = message("ebm/ebm_valid_52_EBRASInfo.xml")
    found = read(
        reworded("</URL>\n    </EBRAS>", "</URL><Params><Volume unit='%'>7</Volume></Params></EBRAS>", data)
    )
    assert found.valid
    assert found.message is not None
    (row,) = many(found.message.payload, "EBRAS")
    assert row["Params"] == {}


def test_a_state_request_names_its_message_and_fields_are_asked_for_safely() -> None:
    found = read(message("ebm/ebm_valid_30_state_request.xml")).message
    assert found is not None
    assert text(found.payload, "EBM", "EBMID") == "33415000000000101010101202606180001"
    assert text(found.payload, "EBM", "EBMID", "deeper") == ""
    assert text(found.payload, "EBM") == ""


def test_a_region_covers_what_is_below_it_by_groups_of_digits() -> None:
    assert covers("340000000000", "341523100200")
    assert covers("341523000000", "341523100000")
    assert covers("341510000000", "341510100000")
    assert covers("341523100200", "341523100200")
    assert not covers("341510000000", "341511000000")
    assert not covers("341523100000", "341523101000")
    assert not covers("341523100200", "341523100000")
    assert covers("000000000000", "341523000000")
    assert not covers("3415", "341523000000")


def test_numbers_are_made_and_read_by_the_standard() -> None:
    village = resource_of("63415231002000314010401")
    assert village is not None
    assert (village.level, village.region, village.kind, village.sub_kind) == (
        6,
        "341523100200",
        "0314",
        "04",
    )
    assert resource_of("7" * 23) is None
    assert data_id(CITY, 7) == "10" + CITY + "0000000000000007"
    assert heartbeat_id(COUNTY) == "01434152300000001010101010000000000000000"
    ebm_id = message_id(CITY, date(2026, 6, 18), 1)
    assert ebm_id == "33415000000000101010101202606180001"
    assert must_be_processed(ebm_id)
    assert not must_be_processed(message_id(CITY, date(2026, 6, 18), 0))


def test_what_would_break_the_standard_is_not_written() -> None:
    beat = Packet(heartbeat_id(COUNTY), "ConnectionCheck", COUNTY, NOON, {"RptTime": "2026-06-18 12:00:00"})
    assert read(write(beat)).message == beat
    for wrong in (
        replace(beat, ebd_id=data_id(COUNTY, 5)),
        replace(beat, kind="Song"),
        replace(beat, source=CITY),
        replace(beat, payload={}),
    ):
        with pytest.raises(CannotWrite):
            write(wrong)
    with pytest.raises(ValueError, match="zone"):
        write(replace(beat, time=datetime(2026, 6, 18, 12, 0)))  # noqa: DTZ001 — the fault in question


def test_a_county_may_report_all_its_terminals_at_once() -> None:
    row = {
        "RptTime": "2026-06-18 12:00:00",
        "RptType": "Sync",
        "EBRID": "63415231002000314010401",
        "EBRName": "一号音柱",
        "Longitude": "116.9",
        "Latitude": "31.4",
    }
    every = Packet(data_id(COUNTY, 9), "EBRDTInfo", COUNTY, NOON, {"EBRDT": (row,) * 5000})
    assert read(write(every)).message == every


SITE = {
    "RptTime": "2026-06-18 12:00:00",
    "BrdSysInfo": f"({COUNTY},3,97400)",
    "StartTime": "2026-06-18 12:00:00",
    "EndTime": "",
    "FileURL": "",
    "BrdStateCode": "2",
    "BrdStateDesc": "播发中",
}
PLACED = {
    "RptTime": "2026-06-18 12:00:00",
    "RptType": "Sync",
    "RelatedEBRPS": {"EBRID": CITY},
    "EBRID": COUNTY,
}
WHERE = {"EBRName": "舒城县", "Longitude": "116.9", "Latitude": "31.4"}
FULL: dict[str, Any] = {
    "EBMBrdLog": {
        "Params": {"RptStartTime": "2026-06-18 00:00:00", "RptEndTime": "2026-06-18 12:00:00"},
        "EBMBrdItem": (
            {
                "EBM": {
                    "EBMID": "33415000000000101010101202606180001",
                    "MsgContent": {
                        "LanguageCode": "zho",
                        "MsgTitle": "预警",
                        "MsgDesc": "暴雨",
                        "AreaCode": "341523000000",
                    },
                },
                "UnitInfo": {
                    "Unit": (
                        {
                            "EBRPS": {"EBRID": COUNTY},
                            "UnitID": "1",
                            "UnitName": "县应急局",
                            "PersonID": "2",
                            "PersonName": "某某",
                        },
                    )
                },
                "BrdStateCode": "3",
                "BrdStateDesc": "成功",
                "Coverage": {"CoverageRate": "0.98", "AreaCode": "341523000000", "ResBrdStat": "1,1,1,412"},
                "ResBrdInfo": {"ResBrdItem": ({"EBRPS": {"EBRID": COUNTY}, "EBRBS": (SITE, SITE)},)},
            },
        ),
    },
    "EBRBSInfo": {
        "Params": {"RptType": "Full"},
        "EBRBS": (
            PLACED
            | WHERE
            | {
                "Square": "1",
                "AreaCode": "341523000000",
                "Population": "98.5",
                "LanguageCode": "zho",
                "EquipRoom": "一楼",
                "RadioParams": {
                    "ChannelName": "综合",
                    "Freq": "97400000",
                    "Power": "100",
                    "Backup": "1",
                    "AutoSwitch": "2",
                    "RemoteControl": "1",
                },
                "TVParams": {"ChannelName": "综合", "Freq": "1", "ProgramNum": "2", "ChannelNum": "3"},
                "Schedule": {"Switch": ({"Weekday": "7", "StartTime": "06:00:00", "EndTime": "22:00:00"},)},
            },
        ),
    },
}


@pytest.mark.parametrize("kind", FULL)
def test_the_longest_reports_are_written_and_read(kind: str) -> None:
    sent = Packet(data_id(COUNTY, 9), kind, COUNTY, NOON, FULL[kind])
    assert read(write(sent)).message == sent


@pytest.mark.parametrize("kind", OMD_TYPES)
def test_an_empty_list_says_that_nothing_changed(kind: str) -> None:
    nothing = Packet(data_id(COUNTY, 9), kind, COUNTY, NOON, {}, related=data_id(CITY, 3))
    assert read(write(nothing)).message == nothing


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_are_too_strange(data: bytes) -> None:
    assert read(data).message is None


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_packet_is_read_or_refused_but_never_raises(data: st.DataObject) -> None:
    raw = bytearray(
        data.draw(st.sampled_from((ISSUE, OLD, message("ebm/ebm_valid_31_state_response_2.xml"))))
    )
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=6))
    found = read(bytes(raw))
    assert found.message is not None or found.findings


WORDS = st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=12)
TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)).map(  # noqa: DTZ001 — the zone is set here
    lambda time: time.replace(microsecond=0, tzinfo=BEIJING)
)
CONTENTS = st.builds(
    Content,
    language=st.sampled_from(("zho", "uig", "eng")),
    title=WORDS,
    text=WORDS,
    areas=st.lists(st.from_regex(r"[1-6][0-9]{11}", fullmatch=True), min_size=1, max_size=3).map(tuple),
    auxiliaries=st.lists(
        st.builds(
            Auxiliary,
            st.sampled_from((1, 2, 41, 42)),
            st.just("EBDR_a.mp3"),
            st.sampled_from(("", "7")),
            st.sampled_from(("", "ab" * 32)),
        ),
        max_size=2,
    ).map(tuple),
    program=st.sampled_from(("", "1")),
)
MESSAGES = st.builds(
    Message,
    ebm_id=st.just(message_id(CITY, date(2026, 6, 18), 1)),
    basics=st.builds(
        Basics,
        msg_type=st.integers(1, 5),
        sender_name=WORDS,
        sender_code=st.just("34150000000000"),
        sent=TIMES,
        event_type=st.just("11B03"),
        severity=st.integers(0, 4),
        start=st.just(NOON),
        end=st.just(NOON.replace(hour=13)),
    ),
    contents=st.lists(CONTENTS, min_size=1, max_size=2).map(tuple),
    related=st.just(message_id(CITY, date(2026, 6, 17), 9)),
)


@settings(max_examples=60, deadline=None)
@given(MESSAGES)
def test_what_is_written_says_the_same_when_read(issue: Message) -> None:
    sent = Packet(data_id(CITY, 1), "EBM", CITY, NOON, payload_of(issue), destination=COUNTY)
    got = read(write(sent), GDJ_2018).message
    assert got == sent
    assert got is not None
    assert message_of(got.payload) == issue
