"""The two sessions without sockets: time is a number, datagrams are bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.adapters import hrnp, hstrp
from app.devices.adapters.hrnp import Packet
from app.devices.adapters.hstrp import Datagram
from app.devices.adapters.hytera import control, registration
from app.devices.hytera import session as hstrp_rules
from app.devices.hytera.cable import CONNECT_EVERY_S, HrnpSession
from app.devices.hytera.session import HEARTBEAT_S, LOST_AFTER_S, Fate, HstrpSession
from tests.devices.hytera_frames import cycle, frame

GREETING = bytes.fromhex("324200050000")
BEAT = frame("cap-hstrp-heartbeat")
SYN = frame("kt-hstrp-connect")
FRAME = registration.register_ack(100, 1800)


def datagram(raw: bytes) -> Datagram:
    parsed = hstrp.parse(raw)
    assert isinstance(parsed, Datagram)
    return parsed


def up(at: float = 0.0) -> HstrpSession:
    session = HstrpSession()
    session.heard(datagram(SYN), at)
    session.to_send()
    return session


def greetings(session: HstrpSession | HrnpSession, seconds: int) -> dict[int, list[bytes]]:
    """What leaves when, while nobody answers."""
    left = {}
    for at in range(seconds):
        session.tick(at)
        if sent := session.to_send():
            left[at] = sent
    return left


def test_a_repeater_that_greets_is_answered_and_has_a_name() -> None:
    session = HstrpSession()
    assert not session.heard(datagram(SYN), 0)
    assert session.to_send() == [GREETING]
    assert (session.connected, session.device_id) == (True, 99_999)


def test_a_silent_repeater_is_greeted_unasked_every_six_seconds() -> None:
    session = HstrpSession()
    assert greetings(session, 13) == {0: [GREETING], 6: [GREETING], 12: [GREETING]}
    session.heard(datagram(BEAT), 12.5)
    assert session.connected


def test_hearts_beat_both_ways_and_a_minute_of_silence_is_the_end() -> None:
    session = up()
    session.tick(HEARTBEAT_S)
    assert session.to_send() == [BEAT]
    session.tick(LOST_AFTER_S - 1)
    assert session.connected
    session.tick(LOST_AFTER_S)
    assert not session.connected
    assert session.starts == 1
    session.heard(datagram(BEAT), LOST_AFTER_S + 1)
    assert session.starts == 2


def test_a_message_is_new_once_and_answered_when_it_is_stored() -> None:
    session = up()
    message = datagram(frame("ok-hstrp-rrs-register"))
    assert session.heard(message, 1)
    assert not session.heard(datagram(frame("ok-hstrp-rrs-register")), 2)  # it waits for the commit
    assert session.to_send() == []
    session.acknowledge(message)
    assert session.to_send() == [frame("cap-hstrp-ack-sn1")]
    assert not session.heard(datagram(frame("ok-hstrp-rrs-register")), 3)
    assert session.to_send() == [frame("cap-hstrp-ack-sn1")]


def test_another_message_under_an_old_number_is_no_copy() -> None:
    session = up()
    assert session.heard(datagram(frame("cap-rcp-call-reply")), 1)
    assert session.heard(datagram(frame("ok-hstrp-rrs-register")), 2)


def test_the_same_message_after_a_restart_is_new_and_the_old_one_is_not_answered_for() -> None:
    session = up()
    before = datagram(frame("ok-hstrp-rrs-register"))
    assert session.heard(before, 1)
    session.heard(datagram(SYN), 2)
    after = datagram(frame("ok-hstrp-rrs-register"))
    assert session.heard(after, 3)
    session.to_send()
    session.acknowledge(before)
    assert session.to_send() == []
    session.acknowledge(after)
    assert session.to_send() == [frame("cap-hstrp-ack-sn1")]


def test_numbers_are_remembered_for_half_a_minute_and_not_without_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = up()
    message = frame("ok-hstrp-rrs-register")
    assert session.heard(datagram(message), 1)
    assert session.heard(datagram(message), 40)
    monkeypatch.setattr(hstrp_rules, "MAX_REMEMBERED", 2)
    for number in range(5):
        assert session.heard(datagram(hstrp.build(0, number, FRAME)), 41)
    assert session.heard(datagram(hstrp.build(0, 0, FRAME)), 41)


def test_one_frame_is_under_way_and_is_repeated_three_times() -> None:
    session = up()
    assert session.send(FRAME, "first", 0)
    assert session.send(FRAME, "second", 0)
    assert session.to_send() == [hstrp.build(0, 0, FRAME)]
    for at in (1, 2, 3):
        session.tick(at)
        assert session.to_send() == [hstrp.build(0, 0, FRAME)]
    session.tick(4)
    assert session.fates() == [Fate("first", taken=False)]
    assert session.to_send() == [hstrp.build(0, 1, FRAME)]
    session.heard(datagram(frame("cap-hstrp-ack-sn1")), 4.5)
    assert session.fates() == [Fate("second", taken=True)]
    assert session.waiting == 0


def test_an_answer_for_another_number_is_none_for_ours() -> None:
    session = up()
    session.send(FRAME, "mine", 0)
    session.heard(datagram(frame("kt-hstrp-ack")), 0.5)
    assert session.fates() == []


def test_a_repeater_that_starts_anew_is_told_again_from_the_first_number() -> None:
    session = up()
    session.send(FRAME, "", 0)
    session.heard(datagram(hstrp.build(hstrp.ACK, 0)), 0)
    session.send(FRAME, "mine", 1)
    session.to_send()
    session.heard(datagram(SYN), 2)
    assert session.to_send() == [GREETING, hstrp.build(0, 0, FRAME)]
    assert session.starts == 2
    session.heard(datagram(GREETING), 3)
    assert session.starts == 2


@pytest.mark.parametrize("kind", [hstrp.CLOSE, hstrp.REJECT])
def test_a_repeater_that_closes_takes_nothing_any_more(kind: int) -> None:
    session = up()
    session.send(FRAME, "mine", 0)
    session.send(FRAME, "", 0)
    session.heard(datagram(hstrp.build(kind, 0)), 1)
    assert session.fates() == [Fate("mine", taken=False)]
    assert not session.connected
    assert not session.send(FRAME, "later", 2)


def test_not_more_than_so_many_frames_wait() -> None:
    session = up()
    sent = [session.send(FRAME, "", 0) for _ in range(hstrp_rules.MAX_QUEUED + 1)]
    assert sent.count(False) == 1


@pytest.mark.parametrize("number", [0, 1])
def test_a_captured_talk_is_heard_whole_and_each_message_is_answered_as_the_recorded_program_did_not(
    number: int,
) -> None:
    """The recorded program answered no data frame at all; a repeater that is not answered goes on."""
    session = HstrpSession()
    new = []
    for event in cycle(number):
        if event.to_repeater or event.port != 30009:
            continue
        parsed = datagram(event.raw)
        if session.heard(parsed, event.at):
            new.append(parsed.number)
            session.acknowledge(parsed)
    assert new == list(range(1, len(new) + 1))
    assert session.device_id == 200
    assert [hstrp.build(hstrp.ACK, one) for one in new] == session.to_send()


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("hear"), st.integers(0, 63), st.integers(0, 3), st.binary(max_size=4)),
            st.tuples(st.just("send"), st.just(0), st.just(0), st.just(b"")),
            st.tuples(st.just("wait"), st.integers(0, 70), st.just(0), st.just(b"")),
        ),
        max_size=40,
    )
)
def test_whatever_comes_each_frame_has_one_fate(steps: list[tuple[str, int, int, bytes]]) -> None:
    session, at, sent = HstrpSession(), 0.0, 0
    fates: list[Fate] = []
    for what, value, number, data in steps:
        at += value if what == "wait" else 0.1
        if what == "hear":
            session.heard(Datagram(value, number, (), data), at)
        elif what == "send":
            sent += session.send(FRAME, "ref", at)
        session.tick(at)
        session.to_send()
        fates += session.fates()
    assert len(fates) + session.waiting == sent


# The cable


def packet(raw: bytes) -> Packet:
    found = hrnp.look(raw, 0)
    assert isinstance(found, Packet)
    return found


def accepted() -> HrnpSession:
    session = HrnpSession()
    session.tick(0)
    assert session.to_send() == [bytes.fromhex("7e0400fe20100000000c60e1")]
    session.heard(packet(frame("ok-hrnp-accept")), 0.1)
    assert session.connected
    return session


def test_a_radio_is_asked_until_it_accepts() -> None:
    session = HrnpSession()
    every = int(CONNECT_EVERY_S)
    assert list(greetings(session, 10)) == [0, every, 2 * every, 3 * every]


def test_the_radio_gives_us_our_address() -> None:
    session = HrnpSession()
    session.heard(packet(hrnp.build(hrnp.ACCEPT, 0, source=0x10, destination=0x25)), 0)
    session.send(control.own_id(), "", 0)
    assert session.to_send() == [hrnp.build(hrnp.DATA, 0, control.own_id(), source=0x25)]


def test_a_packet_of_the_radio_is_new_once_and_answered_when_it_is_stored() -> None:
    session = accepted()
    told = packet(frame("ok-hrnp-group-text"))
    assert session.heard(told, 1)
    assert not session.heard(told, 2)
    assert session.to_send() == []
    session.acknowledge(told.number)
    session.acknowledge(99)
    assert not session.heard(told, 3)
    assert len(session.to_send()) == 3


def test_packets_leave_one_after_another_and_a_radio_that_takes_none_is_gone() -> None:
    session = accepted()
    assert session.send(FRAME, "first", 0)
    assert session.send(FRAME, "second", 0)
    assert len(session.to_send()) == 1
    session.heard(packet(hrnp.build(hrnp.DATA_ACK, 7)), 0.1)
    session.heard(packet(hrnp.build(hrnp.DATA_ACK, 0)), 0.2)
    assert session.fates() == [Fate("first", taken=True)]
    assert session.waiting == 1
    for at in (1.5, 3, 4.5, 6):
        session.tick(at)
    assert session.fates() == [Fate("second", taken=False)]
    assert not session.connected
    assert not session.send(FRAME, "third", 7)


@pytest.mark.parametrize(("kind", "answers"), [(hrnp.CLOSE, 1), (hrnp.REJECT, 0), (hrnp.CLOSE_ACK, 0)])
def test_a_radio_may_close_the_connection(kind: int, answers: int) -> None:
    session = accepted()
    session.heard(packet(hrnp.build(kind, 3)), 1)
    assert not session.connected
    assert len(session.to_send()) == answers


def test_a_packet_that_a_radio_never_sends_is_passed_over() -> None:
    session = accepted()
    assert not session.heard(packet(hrnp.build(hrnp.CONNECT, 0)), 1)
    assert session.to_send() == []
