from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.catalogue import DuplicateFamily, adapters, collect
from app.devices.decode import decode_lines
from tests.devices.evidence import differences, records
from tests.devices.test_jt808 import GOOD as JT808
from tests.devices.test_jt808 import SAMPLE as JT808_FRAMES
from tests.devices.test_rdss21 import SAMPLE as SENTENCES

FILES = {
    "jt808": "beidou_jt808",
    "rdss40": "beidou_rdss40",
    "rdss21": "beidou_rdss21",
    "rsmc": "beidou_bds3_rsmc",
    "nmea": "beidou_nmea",
}


def decode(family: str, *lines: str | bytes) -> list[dict[str, Any]]:
    return list(decode_lines(family, lines))


@pytest.mark.parametrize("family", FILES)
def test_every_record_gives_one_object_a_line(family: str) -> None:
    found = records(FILES[family])
    lines = [record.get("ascii") or record["hex"] for record in found]
    objects = decode(family, *(line.replace("\n", " ") for line in lines))
    assert len(objects) == len(found)
    for record, one in zip(found, objects, strict=True):
        bad = record.get("negative") or record["checksum_ok"] is not True
        assert ("garbage" in one or "frames" in one) is bool(bad), record
    assert json.loads(json.dumps(objects, allow_nan=False)) == objects


def test_jt808_frames_print_what_their_records_expect() -> None:
    objects = decode("jt808", *(record["hex"] for record in JT808))
    assert [differences(record["expect"], one) for record, one in zip(JT808, objects, strict=True)] == [
        []
    ] * len(JT808)


def test_subpackages_are_put_together_across_lines() -> None:
    parts = [record["hex"] for record in JT808 if record.get("group") == "subpkg-8300-constructed"]
    first, second = decode("jt808", *parts)
    assert "assembled" not in first
    assert second["assembled"]["body"]["text"].startswith("分包测试")


@pytest.mark.parametrize("spelling", ["7e:00:02", "7E 00 02", "0x7e 0x00 0x02", "7e-00-02", "  7e0002\r\n"])
def test_hex_may_be_spelled_in_many_ways(spelling: str) -> None:
    rest = "0000040021679287002b7d027e"
    (one,) = decode("jt808", spelling.strip() + rest)
    assert one["msg_id"] == "0x0002"


def test_a_sentence_may_be_gbk_bytes_or_pasted_from_a_utf8_screen_or_hex() -> None:
    line = SENTENCES[3]
    pasted = line.decode("gbk")
    assert {one["text"] for one in decode("rdss21", line, pasted, pasted.encode("utf-8"), line.hex())} == {
        "紧急求援"
    }


def test_a_line_with_several_frames_lists_them() -> None:
    (one,) = decode("jt808", (JT808_FRAMES[0] + b"xyz" + JT808_FRAMES[1]).hex())
    assert [sorted(frame)[0] for frame in one["frames"]] == ["body", "garbage", "body"]


def test_what_is_no_frame_is_garbage_with_a_reason_and_the_next_line_is_read() -> None:
    first, second, third, fourth = decode("jt808", "hello", b"\xff\xfe", "", "7e0002", JT808_FRAMES[1].hex())
    assert first == {"garbage": b"hello".hex(), "reason": "not hex"}
    assert second == {"garbage": "fffe", "reason": "not hex"}
    assert third == {"garbage": "7e0002", "reason": "incomplete"}
    assert fourth["msg_id"] == "0x0200"
    assert decode("rdss21", "$BDTXR,🌊*00", b"$\xff*00") == [
        {"garbage": "$BDTXR,?*00".encode("gbk").hex(), "reason": "checksum"},
        {"garbage": "24ff2a3030", "reason": "checksum"},
    ]


def test_an_unknown_family_is_an_error_before_the_first_line() -> None:
    def lines() -> Iterator[str]:
        pytest.fail("a line was read")
        yield ""

    with pytest.raises(KeyError):
        decode_lines("morse", lines())


@given(lines=st.lists(st.one_of(st.text(), st.binary()), max_size=5))
@pytest.mark.parametrize("family", [*FILES, "sms-pdu", "sbd"])
def test_no_line_is_too_strange(family: str, lines: list[str | bytes]) -> None:
    json.dumps(decode(family, *lines), allow_nan=False)


def test_two_adapters_with_one_name_are_refused() -> None:
    one = adapters()["jt808"]
    with pytest.raises(DuplicateFamily, match="jt808"):
        collect([one, one])
    assert set(FILES) <= set(adapters())
