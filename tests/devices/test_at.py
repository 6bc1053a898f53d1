"""The AT engine against recorded dialogues: it is given only what a phone said there."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.adapter import Garbage
from app.devices.adapters.at import CTRL_Z, ESCAPE, MAX_HELD, Engine, Event
from app.devices.adapters.at_calls import CELLULAR, TIANTONG, CallNews, call_news
from app.devices.adapters.at_words import Answer, Command, Unasked
from tests.devices.evidence import VECTORS

DIALOGUES: dict[str, dict[str, Any]] = {
    one["id"]: one for one in json.loads((VECTORS / "sat_at_dialogues.json").read_text("utf-8"))["dialogues"]
}
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URC = b'\r\n+CMTI: "SM",9\r\n'


def play(name: str, *, chunk: int = 0, urc: bytes = b"", echo: bool = False) -> list[Event]:
    """Play a dialogue: send what the host sent, hear what the phone said; return all events.

    `chunk` splits what is heard, `urc` is said before each line of the phone, `echo` repeats commands.
    """
    engine, events = Engine(), []
    script = DIALOGUES[name]["script"]
    for at, (who, words) in enumerate(script):
        if who == ">":
            follows = script[at + 2] if [*script, ["", ""]][at + 1] == ["<", "> "] else None
            payload = follows[1].replace("<1A>", "\x1a").encode() if follows else b""
            bare = "CGMM" in words
            engine.start(Command(words, payload, bare=bare), NOW)
            assert engine.take_output() == words.encode() + b"\r"
            heard = words.encode() + b"\r" if echo else b""
        elif who == "raw>":
            assert engine.take_output() == words.replace("<1A>", "\x1a").encode()
            continue
        else:
            heard = urc + (b"\r\n> " if words == "> " else b"\r\n" + words.encode() + b"\r\n")
            if engine.busy is False and at and script[at - 1][1].startswith(("+CMT:", "+CDS:")):
                heard = heard.removeprefix(urc)  # nothing comes between a header and its PDU
            if script[at - 1][1].startswith("+CMGR:"):
                heard = heard.removeprefix(urc)
        pieces = [heard[i : i + chunk] for i in range(0, len(heard), chunk)] if chunk else [heard]
        for piece in pieces:
            events.extend(engine.receive(piece, NOW))
    return events


def answers(events: list[Event]) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(one.command.text, one.final, one.lines) for one in events if isinstance(one, Answer)]


def unasked(events: list[Event]) -> list[str]:
    return [one.line for one in events if isinstance(one, Unasked) and '+CMTI: "SM",9' not in one.line]


@pytest.mark.parametrize("name", DIALOGUES)
@pytest.mark.parametrize(("chunk", "urc", "echo"), [(1, b"", False), (3, URC, False), (0, URC, True)])
def test_a_dialogue_gives_the_same_however_it_is_cut_and_whatever_comes_between(
    name: str, chunk: int, urc: bytes, echo: bool
) -> None:
    plain, troubled = play(name), play(name, chunk=chunk, urc=urc, echo=echo)
    assert answers(troubled) == answers(plain)
    assert unasked(troubled) == unasked(plain)
    assert not [one for one in troubled if isinstance(one, Garbage)]


@pytest.mark.parametrize("name", sorted(DIALOGUES.keys() - {"tt-sos"}))
def test_every_command_of_a_dialogue_has_its_answer(name: str) -> None:
    asked = [words for who, words in DIALOGUES[name]["script"] if who == ">"]
    assert [text for text, _, _ in answers(play(name))] == asked


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tt-csq", "25,0"),
        ("tt-creg", "0,1"),
        ("tt-cpin", "READY, left times = 3"),
        ("tt-cgmm", "HTDM1310E"),
        ("3gpp-sms-send", "42"),
    ],
)
def test_an_answers_value_is_its_line_without_the_name(name: str, value: str) -> None:
    (answer,) = (one for one in play(name) if isinstance(one, Answer))
    assert (answer.ok, answer.value()) == (True, value)


def test_a_received_message_is_two_lines_of_one_answer() -> None:
    first, _ = (one for one in play("3gpp-sms-recv-cmti") if isinstance(one, Answer))
    assert first.lines[0] == "+CMGR: 0,,27"
    assert first.lines[1].startswith("0791430607")


@pytest.mark.parametrize("name", ["3gpp-sms-recv-cmt", "3gpp-status-report-cds"])
def test_a_message_that_comes_by_itself_brings_its_pdu(name: str) -> None:
    (heard,) = play(name)
    assert isinstance(heard, Unasked)
    assert [heard.line, heard.pdu] == [words for _, words in DIALOGUES[name]["script"]]


def test_an_error_has_its_code() -> None:
    (answer,) = play("3gpp-sms-send-error")
    assert isinstance(answer, Answer)
    assert (answer.ok, answer.final, answer.code) == (False, "+CMS ERROR", 331)


def test_a_vendors_answer_without_an_end_is_kept_when_its_time_is_over() -> None:
    engine = Engine()
    engine.start(Command("AT+SSENDSTATUS"), NOW)
    assert engine.receive(b"\r\n+SSENDSTATUS=0\r\n", NOW) == []
    (answer,) = engine.tick(NOW + timedelta(seconds=5))
    assert isinstance(answer, Answer)
    assert (answer.final, answer.lines) == ("TIMEOUT", ("+SSENDSTATUS=0",))


# Time


@pytest.mark.parametrize(
    ("text", "limit_s"),
    [("AT", 5), ("AT+CSQ", 5), ("AT+CFUN=1", 15), ("AT+CMGS=23", 120), ("ATD10010;", 60), ("AT+SBDIXA", 90)],
)
def test_each_command_has_its_time(text: str, limit_s: float) -> None:
    engine = Engine()
    engine.start(Command(text), NOW)
    assert engine.tick(NOW + timedelta(seconds=limit_s - 0.01)) == []
    (answer,) = engine.tick(NOW + timedelta(seconds=limit_s))
    assert isinstance(answer, Answer) and answer.final == "TIMEOUT"
    assert not engine.busy


def test_a_prompt_that_does_not_come_is_cancelled_and_the_time_of_sending_begins_with_it() -> None:
    engine = Engine()
    engine.start(Command("AT+CMGS=23", b"00" + CTRL_Z), NOW)
    engine.take_output()
    assert len(engine.tick(NOW + timedelta(seconds=10))) == 1
    assert engine.take_output() == ESCAPE
    engine.start(Command("AT+CMGS=23", b"00" + CTRL_Z), NOW)
    engine.receive(b"\r\n> ", NOW + timedelta(seconds=9))
    assert engine.take_output().endswith(b"00" + CTRL_Z)
    assert engine.tick(NOW + timedelta(seconds=128)) == []
    assert len(engine.tick(NOW + timedelta(seconds=129))) == 1
    assert engine.take_output() == b""


def test_an_error_instead_of_the_prompt_ends_the_command() -> None:
    engine = Engine()
    engine.start(Command("AT+CMGS=23", b"00" + CTRL_Z), NOW)
    (answer,) = engine.receive(b"\r\n+CMS ERROR: 500\r\n", NOW)
    assert isinstance(answer, Answer) and answer.code == 500


def test_an_answer_that_comes_too_late_is_nobodys() -> None:
    engine = Engine()
    engine.start(Command("AT+CSQ"), NOW)
    engine.tick(NOW + timedelta(seconds=5))
    late = engine.receive(b"\r\n+CSQ: 20,0\r\n\r\nOK\r\n", NOW)
    assert late == [Unasked("+CSQ: 20,0"), Garbage(b"OK", "late")]


def test_a_phone_that_starts_anew_ends_the_command_it_has_forgotten() -> None:
    engine = Engine()
    engine.start(Command("AT+CMGS=23", b"00" + CTRL_Z), NOW)
    events = engine.receive(b"\r\n> \x00\xff\r\n^SIMST: 1\r\n", NOW)
    assert events[-2] == Unasked("^SIMST: 1")
    assert isinstance(events[-1], Answer) and events[-1].final == "REBOOT"


def test_one_command_at_a_time() -> None:
    engine = Engine()
    engine.start(Command("AT"), NOW)
    with pytest.raises(RuntimeError, match="AT is in flight"):
        engine.start(Command("AT+CSQ"), NOW)


# Lines


def test_registration_is_an_answer_or_news_by_its_fields() -> None:
    engine = Engine()
    engine.start(Command("AT+CREG?"), NOW)
    events = engine.receive(b'\r\n+CREG: 5\r\n+CREG: 1,"00A1","01"\r\n+CREG: 1,5\r\nOK\r\n', NOW)
    assert events[:2] == [Unasked("+CREG: 5"), Unasked('+CREG: 1,"00A1","01"')]
    assert isinstance(events[2], Answer) and events[2].value() == "1,5"


def test_no_carrier_ends_a_call_that_is_dialled_and_is_news_at_any_other_time() -> None:
    engine = Engine()
    engine.start(Command("ATD10010;"), NOW)
    (answer,) = engine.receive(b"\r\nNO CARRIER\r\n", NOW)
    assert isinstance(answer, Answer) and not answer.ok
    engine.start(Command("AT+CGSN", bare=True), NOW)
    events = engine.receive(b"\r\nNO CARRIER\r\n860000000000001\r\nOK\r\n", NOW)
    assert events[0] == Unasked("NO CARRIER")
    assert isinstance(events[1], Answer) and events[1].lines == ("860000000000001",)


def test_an_announced_pdu_that_does_not_come_is_garbage_and_what_comes_is_read() -> None:
    engine = Engine()
    assert engine.receive(b"+CDS: 25\r\nRING\r\n", NOW) == [Garbage(b"+CDS: 25", "no pdu"), Unasked("RING")]
    engine.receive(b"+CMT: ,27\r\n0791", NOW)
    assert engine.quiet() == [Garbage(b"+CMT: ,27", "no pdu"), Garbage(b"0791", "incomplete")]
    assert engine.quiet() == []


def test_a_binary_answer_may_hold_line_ends_and_follow_unasked_words() -> None:
    frame = bytes.fromhex("0008410d0a4f4b0d0a42014b")
    for chunk in (1, 4, 100):
        engine, events = Engine(), []
        engine.start(Command("AT+SBDRB", binary=True), NOW)
        data = b"\r\nSBDRING\r\n" + frame + b"\r\nOK\r\n"
        for at in range(0, len(data), chunk):
            events.extend(engine.receive(data[at : at + chunk], NOW))
        assert events[0] == Unasked("SBDRING")
        assert isinstance(events[1], Answer) and events[1].frame == frame


def test_ready_is_the_prompt_of_a_binary_command() -> None:
    engine = Engine()
    engine.start(Command("AT+SBDWB=5", b"hello\x02\x14", prompt="READY", bare=True), NOW)
    engine.take_output()
    engine.receive(b"\r\nREADY\r\n", NOW)
    assert engine.take_output() == b"hello\x02\x14"
    (answer,) = engine.receive(b"\r\n0\r\n\r\nOK\r\n", NOW)
    assert isinstance(answer, Answer) and answer.value() == "0"


def test_an_endless_line_and_an_endless_answer_take_bounded_room() -> None:
    engine = Engine()
    assert [type(one) for one in engine.receive(b"x" * (MAX_HELD + 1), NOW)] == [Garbage]
    engine.start(Command("AT+CMGL=4"), NOW)
    engine.receive(b"+CMGL: 1,1,,27\r\n" * 2000, NOW)
    (answer,) = engine.receive(b"OK\r\n", NOW)
    assert isinstance(answer, Answer) and len(answer.lines) == 1000


@given(
    data=st.binary(max_size=200),
    chunk=st.integers(1, 20),
    command=st.sampled_from(["", "AT+CSQ", "AT+CMGR=1"]),
)
def test_no_bytes_ever_raise(data: bytes, chunk: int, command: str) -> None:
    whole, cut = Engine(), Engine()
    for engine in (whole, cut):
        if command:
            engine.start(Command(command, bare=True), NOW)
    events = [one for at in range(0, len(data), chunk) for one in cut.receive(data[at : at + chunk], NOW)]
    assert events == whole.receive(data, NOW)
    assert cut.quiet() == whole.quiet()


# Calls


@pytest.mark.parametrize(
    ("name", "stages"),
    [
        ("tt-mo-call", ["dialing", "dialing", "alerting", "alerting", "active", "active"]),
        ("tt-mt-call", ["incoming", "incoming", "active", "active"]),
        ("tt-hangup", ["released", "released"]),
        ("3gpp-clip", ["incoming", "incoming"]),
    ],
)
def test_the_stages_of_a_call(name: str, stages: list[str]) -> None:
    news = [call_news(line, TIANTONG) for line in unasked(play(name))]
    assert [one.stage for one in news if one] == stages
    assert {one.number.lstrip("+")[-11:] for one in news if one and one.number} <= {"13800138000"}


@pytest.mark.parametrize(
    ("name", "reason"), [("tt-mo-busy", "busy"), ("tt-no-answer", "no_answer"), ("tt-dropped", "dropped")]
)
def test_why_a_call_ended(name: str, reason: str) -> None:
    assert call_news(unasked(play(name))[0], TIANTONG) == CallNews("released", reason=reason)


def test_the_same_number_is_another_state_on_another_model() -> None:
    line = '^DSCI: 1,0,3,0,0,"13800138000",129'
    stages = [news.stage for table in (TIANTONG, CELLULAR) if (news := call_news(line, table))]
    assert stages == ["alerting", "active"]


def test_a_list_of_calls_reads_the_same_on_every_model() -> None:
    (answer,) = (one for one in play("tt-clcc") if isinstance(one, Answer))
    assert call_news(answer.lines[0], TIANTONG) == CallNews("active", "13800138000", incoming=False)


@pytest.mark.parametrize(
    ("line", "news"),
    [
        ("BUSY", CallNews("released", reason="busy")),
        ("NO CARRIER", CallNews("released", reason="hung_up")),
        ("+CRING: VOICE", CallNews("incoming", incoming=True)),
        ('+CLIP: "",128', CallNews("incoming", incoming=True)),
        ('+CLIP: "<script>",145', CallNews("incoming", incoming=True)),
        ("^CEND: 1,0,1,99,0", CallNews("released", reason="cause_99")),
        ("^DSCI: 1,0,9,0,0", None),
        ("^DSCI: x", None),
        ('+CMTI: "SM",3', None),
    ],
)
def test_what_a_line_says_of_a_call(line: str, news: CallNews | None) -> None:
    assert call_news(line, TIANTONG) == news
