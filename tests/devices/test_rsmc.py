from __future__ import annotations

import pytest

from app.devices.adapter import Garbage
from app.devices.adapters import rsmc
from app.devices.adapters.sentence import BeidouAsciiCodec, sentence
from app.signals import Health, Receipt, Text
from tests.devices.evidence import Record, cases, differences, only, read, records

ALL = records("beidou_bds3_rsmc")
GOOD = [record for record in ALL if record["checksum_ok"]]
BAD = [record for record in ALL if not record["checksum_ok"]]

SAMPLE = (
    b"$BDICP,4216930,0,0,3,0,N,2,N,1,0,0,3,1,60,2,0,0,1,1,21,0,0,0*4E\r\n",
    b"$BDTCI,4204986,4204990,2,142204,2,0,3A642B500000000000000A01F35B41EC036542EE74F5*40\r\n",
    b"$BDFKI,082920,TCQ,Y,0,0*70\r\n",
    b"$BDPWI,000000.00,00,01,51,40,33,0*7B\r\n",
    b"$CCTCQ,15950044,2,2,3,A4B1B1B6B7C8FDBAC5B2E2CAD4,0*40\r\n",
)


def as_printed(expected: Record) -> Record:
    """Spell what records made from the specification expect as it is printed (see test_rdss21)."""
    names = {"cmd": "command", "ok": "executed"}
    if expected["sentence"] == "CCTCQ":
        names["freq"] = "interval"
    spelled = {names.get(name, name): value for name, value in expected.items()}
    for name, value in spelled.items():
        if isinstance(value, bool):
            spelled[name] = "Y" if value else "N"
        elif name in ("dest", "sender", "receiver", "freq", "interval", "reason"):
            spelled[name] = str(value)
    return spelled


def line(record: Record) -> bytes:
    return str(record["ascii"]).encode("gbk") + b"\r\n"


@pytest.mark.parametrize("record", cases(GOOD))
def test_a_recorded_sentence_reads_as_expected(record: Record) -> None:
    reading = only(BeidouAsciiCodec(), line(record))
    expected = as_printed(record["expect"]) if record["constructed"] else record["expect"]
    assert differences(expected, dict(reading.fields)) == []
    assert (reading.family, reading.raw) == ("rsmc", line(record).strip())


@pytest.mark.parametrize("record", cases(BAD))
def test_a_sentence_with_a_wrong_checksum_is_no_reading(record: Record) -> None:
    got = read(BeidouAsciiCodec(), line(record))
    assert {type(one) for one in got} == {Garbage}


@pytest.mark.parametrize(
    ("written", "recorded"),
    [
        (rsmc.ccicr(), b"$CCICR,0,00*68\r\n"),
        (rsmc.cctcq(15950044, "北斗三号测试", inbound_ack=2), SAMPLE[4]),
        (
            rsmc.bdtci(15950044, 15240507, "收到", time="093015"),
            b"$BDTCI,15950044,15240507,2,093015,3,0,A4CAD5B5BD*34\r\n",
        ),
        (rsmc.bdfki("TCQ", ok=False, reason=3, time="093015"), b"$BDFKI,093015,TCQ,N,3,0*6B\r\n"),
        (rsmc.bdfki("TCQ", ok=True, time="082920"), SAMPLE[2]),
    ],
)
def test_what_we_write_is_what_was_recorded(written: bytes, recorded: bytes) -> None:
    assert written == recorded


def signals(line: bytes) -> tuple[object, ...]:
    return only(BeidouAsciiCodec(), line).signals


def test_a_card_is_health() -> None:
    reading = only(BeidouAsciiCodec(), rsmc.bdicp(15950044, level=0))
    assert reading.sender == "15950044"
    assert reading.signals == (Health((("card_number", "15950044"), ("freq_s", 60), ("level", 0))),)


def test_a_sender_with_a_leading_zero_is_the_same_card() -> None:
    assert (
        only(BeidouAsciiCodec(), sentence("BDTCI", "04207733", 1, 2, "010203", 3, 0, "A441")).sender
        == "4207733"
    )


@pytest.mark.parametrize(
    ("coding", "content", "text"),
    [
        (1, "收到,马上到", "收到,马上到"),
        (2, "1234", "1234"),
        (3, "A4CAD5B5BD", "收到"),
        (4, "收到", "收到"),
        ("x", "收到", "收到"),
    ],
)
def test_received_content_is_a_text(coding: int | str, content: str, text: str) -> None:
    (signal,) = signals(sentence("BDTCI", 5, 1, 2, "010203", coding, 0, content))
    assert isinstance(signal, Text)
    assert signal.text == text


def test_an_older_draft_without_frequency_point_is_read() -> None:
    reading = only(BeidouAsciiCodec(), sentence("BDTCI", 5, 1, "010203.00", 3, 0, "A4CAD5B5BD"))
    assert (reading.fields["time"], reading.fields["text"]) == ("010203.00", "收到")


def test_sent_content_may_hold_commas() -> None:
    fields = only(BeidouAsciiCodec(), sentence("CCTCQ", 5, 2, 1, 1, "一,二", 0)).fields
    assert (fields["text"], fields["interval"]) == ("一,二", "0")


@pytest.mark.parametrize(
    ("feedback", "receipt"),
    [
        (rsmc.bdfki("TCQ", ok=True), Receipt("TCQ", "accepted")),
        (rsmc.bdfki("TCQ", ok=True, reason=5), Receipt("TCQ", "failed", "no_card")),
        (rsmc.bdfki("TCQ", ok=False, reason=1, wait_s=33), Receipt("TCQ", "failed", "too_soon", 33)),
        (rsmc.bdfki("TCQ", ok=False), Receipt("TCQ", "failed", "failed")),
        (rsmc.bdfki("TCQ", ok=False, reason=99), Receipt("TCQ", "failed", "reason_99")),
        (sentence("BDFKI", "000000"), Receipt("", "failed", "failed")),
    ],
)
def test_feedback_is_a_receipt(feedback: bytes, receipt: Receipt) -> None:
    assert signals(feedback) == (receipt,)


def test_the_strongest_beam_counts() -> None:
    power = sentence("BDPWI", "010203.00", 1, 7, 30, 31, 2, 51, 40, 33, 0, 52, 47, 30, 0)
    reading = only(BeidouAsciiCodec(), power)
    assert reading.fields["n_rdss3"] == 2
    assert reading.signals == (Health((("signal_dbhz", 47),)),)


@pytest.mark.parametrize("head", ["BDICP", "BDTCI", "CCTCQ", "BDFKI", "BDPWI", "CCICR"])
@pytest.mark.parametrize(
    "content", ["", "000000", ",,,,,,,,,,,,", "000000,-5,1,2", "000000,99,1", "000000,1,2,3,4,5,x,7"]
)
def test_a_sentence_with_fields_missing_is_read_without_harm(head: str, content: str) -> None:
    assert only(BeidouAsciiCodec(), sentence(head, *content.split(","))).kind == head
