from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.adapter import Reading
from app.devices.adapters.jt808 import Jt808Codec, Terminal, encode
from app.devices.adapters.jt808.bodies import decode_body
from app.devices.adapters.jt808.frame import (
    MAX_BODY,
    Frame,
    Header,
    build_frame,
    read_frame,
)
from tests.devices.evidence import only, read
from tests.devices.test_jt808 import AT, NEW, OLD


def test_the_platform_answers_in_the_layout_of_the_terminal() -> None:
    ack = encode.platform_ack(100, 0x0200)
    assert encode.encode(
        encode.PLATFORM_ACK, ack, to=Terminal.v2013("12345678900"), serial=10
    ) == bytes.fromhex("7E80010005012345678900000A0064020000617E")
    reading = only(Jt808Codec(), encode.encode(encode.PLATFORM_ACK, ack, to=NEW, serial=10))
    assert (reading.fields["layout"], reading.sender) == ("2019", OLD.sender)


def test_a_text_is_flagged_by_the_standard_of_the_terminal() -> None:
    assert encode.text("一", to=OLD, urgent=True).hex() == "0dd2bb"
    assert encode.text("一", to=OLD, speak=False).hex() == "04d2bb"
    assert encode.text("一", to=NEW).hex() == "0d02d2bb"
    assert encode.text("一", to=NEW, urgent=True).hex() == "0e01d2bb"


def test_small_bodies_are_as_the_tables_say() -> None:
    assert encode.register_answer(7, 0, "abc").hex() == "000700616263"
    assert encode.register_answer(7, 3, "abc").hex() == "000703"
    refused = decode_body(encode.REGISTER_ANSWER, encode.register_answer(7, 3), layout_2019=False)
    assert refused == {"ack_serial": 7, "result": 3}
    assert encode.confirm_alarm(7).hex() == "000700000001"
    assert encode.server_time(AT).hex() == "250617181320"
    assert encode.packages(b"") == 1


@pytest.mark.parametrize("to", [OLD, NEW], ids=["2013", "2019"])
def test_registration_and_authentication_survive_the_journey(to: Terminal) -> None:
    body = encode.register(
        to=to,
        plate="赣C12345",
        maker="zs",
        model="m1",
        terminal_id="T1",
        province=36,
        city=982,
        plate_color=1,
    )
    assert only(Jt808Codec(), encode.encode(encode.REGISTER, body, to=to, serial=1)).fields["body"] == {
        "province": 36,
        "city": 982,
        "maker": "zs",
        "model": "m1",
        "terminal_id": "T1",
        "plate_color": 1,
        "plate": "赣C12345",
    }
    body = encode.authenticate("秘密", to=to, imei="1", software="2")
    got = only(Jt808Codec(), encode.encode(encode.AUTHENTICATE, body, to=to, serial=1)).fields["body"]
    assert got["auth_code"] == "秘密"


def test_a_number_must_fit_its_layout() -> None:
    assert Terminal("000000000000").sender == "0"
    with pytest.raises(ValueError, match="does not fit"):
        Terminal.v2013("1" * 20)
    with pytest.raises(ValueError, match=re.escape("1024 bytes")):
        build_frame(Header(0x8300, 1024, 0, OLD, 1), bytes(1024))


phones = st.one_of(
    st.from_regex(r"[0-9a-f]{12}", fullmatch=True).map(Terminal.v2013),
    st.from_regex(r"[0-9a-f]{20}", fullmatch=True).map(Terminal.v2019),
)


@given(
    to=phones,
    msg_id=st.integers(0, 0xFFFF),
    serial=st.integers(0, 0xFFFF),
    body=st.binary(max_size=MAX_BODY * 3),
)
def test_what_is_written_is_read(to: Terminal, msg_id: int, serial: int, body: bytes) -> None:
    parts = encode.frames(msg_id, body, to=to, serial=serial)
    frames = [read_frame(raw[1:-1]) for raw in parts]
    assert b"".join(frame.body for frame in frames if isinstance(frame, Frame)) == body
    assert {frame.header.terminal for frame in frames if isinstance(frame, Frame)} == {to}
    readings = read(Jt808Codec(), b"".join(parts))
    assert [one.raw for one in readings] == parts
    assert {one.sender for one in readings if isinstance(one, Reading)} == {to.sender}
