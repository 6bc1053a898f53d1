"""What is decided on the wire, without a database: drills, stops, freshness, links, retries, keys."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.broadcast.shapes import Payload, PayloadContent
from app.broadcast.wire.keys import Keys, read_keys
from app.broadcast.wire.manners import Manners, comes_from
from app.broadcast.wire.message import message_said
from app.broadcast.wire.rules import guard, reports, retry
from app.broadcast.wire.rules.freshness import Window, stale
from app.broadcast.wire.rules.identity import content_hash, fields, plain
from app.broadcast.wire.rules.link import Heard, link_state
from app.codecs.ebm.certificate import Trust
from app.codecs.ebm.fields import Field
from app.codecs.ebm.message import message_of
from app.codecs.ebm.profile import DRAFT_2016, GDJ_2018
from app.codecs.ebm.signature import SoftwareSigner
from tests.broadcast.keys_of_tests import Authority, private_of
from tests.codecs.evidence import HERE

NOW = datetime(2025, 6, 17, 18, 13, 20, tzinfo=UTC)
CENTRE, PLATFORM = "49901810000000103010101", "49901810000000314010101"


# A drill never sounds as the real thing.


@pytest.mark.parametrize("status", ["Exercise", "Test", "System", "Draft", "exercise", "", "whatever"])
@pytest.mark.parametrize("level", ["platform", "front_end", "terminal", "unheard of"])
def test_whatever_is_not_actual_becomes_a_drill(status: str, level: str) -> None:
    found = guard.msg_type_of(status, cancels=False, level=level)
    assert found.is_drill
    assert found != 1


def test_actual_is_broadcast_and_a_cancel_is_a_cancel_in_both() -> None:
    assert guard.msg_type_of("Actual", cancels=False) == 1
    assert {guard.msg_type_of(status, cancels=True) for status in ("Actual", "Exercise")} == {2}


@pytest.mark.parametrize("msg_type", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("drill", [True, False])
@pytest.mark.parametrize("for_drills", [True, False])
def test_no_drill_is_ever_sent_as_an_actual_broadcast(msg_type: int, drill: bool, for_drills: bool) -> None:
    allowed = True
    try:
        guard.check(msg_type, drill=drill, for_drills=for_drills)
    except guard.NotSent:
        allowed = False
    assert allowed == (msg_type in (2, 3, 4, 5) and for_drills if drill else msg_type in (1, 2))


@pytest.mark.parametrize("msg_type", [0, 6, 99, -1])
def test_a_type_that_is_none_is_not_sent(msg_type: int) -> None:
    with pytest.raises(guard.NotSent, match="MsgType"):
        guard.check(msg_type, drill=False, for_drills=True)


def test_what_came_from_another_platform_is_never_passed_on_by_itself() -> None:
    with pytest.raises(guard.NotSent) as refused:
        guard.check(1, drill=False, for_drills=True, told_by_peer=True)
    assert refused.value.code == "RELAY"


def test_severity_nought_is_the_lowest_and_not_the_highest() -> None:
    assert guard.most_severe_first([0, 4, 2, 1, 3]) == [1, 2, 3, 4, 0]


def test_a_cancel_goes_to_exactly_those_that_may_have_the_alert() -> None:
    told = [
        (1, "receipted", ""),
        (2, "sent", "silent"),
        (3, "failed", "silent"),
        (4, "refused", ""),
        (5, "never_tried", ""),
    ]
    assert guard.cancel_targets(told) == [1, 2, 3]


def manners(*, legacy: bool = False) -> Manners:
    profile = DRAFT_2016 if legacy else GDJ_2018
    our_code = "010199018100000002" if legacy else CENTRE
    code = "030199018100000001" if legacy else PLATFORM
    return Manners(1, code, our_code, "http://10.0.0.1/EB", "", profile, Window(), Trust())


def payload(msg_type: int, *, drill: bool, severity: int = 0, related: str = "") -> Payload:
    return Payload.model_validate(
        {
            "ebmid": f"{CENTRE}202506180007",
            "related_ebmid": related,
            "msg_type": msg_type,
            "drill": drill,
            "sender_name": "中心",
            "sender_code": CENTRE,
            "sent_at": NOW,
            "event_type": "11B03",
            "severity": severity,
            "start_at": NOW,
            "end_at": NOW + timedelta(hours=1),
            "repeats": 3,
            "interval_s": 60,
            "contents": (PayloadContent(language="zho", title="题", text="文", areas=("990181100201",)),),
        }
    )


def test_the_message_says_what_the_broadcast_says() -> None:
    told = payload(5, drill=True, severity=0)
    message = message_of(message_said(manners(), told, for_drills=True).payload)
    assert message.basics is not None
    assert (message.basics.msg_type, message.basics.severity, message.ebm_id) == (5, 0, told.ebmid)


def test_to_a_platform_of_the_drafts_numbers_are_shortened_and_drills_are_not_sent() -> None:
    stop = payload(2, drill=False, related=f"{CENTRE}202506180003")
    message = message_of(message_said(manners(legacy=True), stop, for_drills=True).payload)
    assert message.ebm_id == "010199018100000002202506180007"
    assert message.related == "010199018100000002202506180003"
    with pytest.raises(guard.NotSent) as refused:
        message_said(manners(legacy=True), payload(5, drill=True), for_drills=True)
    assert refused.value.code == "LEGACY_DRILL"


# Packets are of now, messages are themselves.


@pytest.mark.parametrize(
    ("at_s", "signed_s", "counter", "code"),
    [
        (0, 0, False, None),
        (-600, 600, False, None),
        (-601, 0, False, "PACKET_STALE"),
        (601, 0, False, "PACKET_STALE"),
        (0, -601, False, "SIGNATURE_STALE"),
        (0, -601, True, None),
        (-601, 0, True, "PACKET_STALE"),
    ],
)
def test_times_lie_within_the_window(at_s: int, signed_s: int, counter: bool, code: str | None) -> None:
    signed = int(NOW.timestamp()) + signed_s
    found = stale(NOW + timedelta(seconds=at_s), signed, Window(600, counter), NOW)
    assert (found.code if found else None) == code


def test_a_heart_beat_has_no_time_of_signing() -> None:
    assert stale(NOW, None, Window(), NOW) is None


def test_fields_come_back_from_the_database_as_they_went() -> None:
    told: dict[str, Field] = {"A": "1", "B": ({"C": "2"}, {"C": "3"}), "D": {"E": ""}}
    assert fields(json.loads(json.dumps(plain(told)))) == told
    assert content_hash(told) == content_hash(dict(reversed(list(told.items()))))
    assert content_hash(told) != content_hash({**told, "A": "2"})


# Links and retries.


@pytest.mark.parametrize(
    ("answered", "heard", "failed", "state"),
    [
        (None, None, None, "unknown"),
        (0, 0, None, "up"),
        (-90, -90, None, "up"),
        (-91, 0, None, "half"),
        (0, -91, None, "half"),
        (-10, 0, 0, "half"),
        (-10, -91, 0, "down"),
        (0, 0, -10, "up"),
        (None, None, 0, "down"),
    ],
)
def test_a_link_is_what_both_sides_heard(
    answered: int | None, heard: int | None, failed: int | None, state: str
) -> None:
    def at(seconds: int | None) -> datetime | None:
        return None if seconds is None else NOW + timedelta(seconds=seconds)

    assert link_state(Heard(at(answered), at(heard), at(failed)), 30, NOW) == state


def test_pauses_grow_to_five_minutes_and_end_with_the_use() -> None:
    assert [retry.pause(n).total_seconds() for n in (1, 2, 3, 9, 99)] == [5, 10, 20, 300, 300]
    assert retry.next_try(NOW, NOW + timedelta(seconds=4), 1, NOW) is None
    assert retry.next_try(NOW, NOW + timedelta(seconds=6), 1, NOW) == NOW + timedelta(seconds=5)
    assert retry.next_try(NOW - timedelta(days=1), None, 1, NOW) is None


def test_the_same_bytes_are_sent_for_four_minutes() -> None:
    assert retry.packs_anew(None, NOW)
    assert not retry.packs_anew(NOW - timedelta(minutes=4), NOW)
    assert retry.packs_anew(NOW - timedelta(minutes=4, seconds=1), NOW)


@pytest.mark.parametrize(
    ("address", "allowed", "may"),
    [
        ("10.1.2.3", ["10.1.2.3"], True),
        ("10.1.2.4", ["10.1.2.3"], False),
        ("10.1.2.4", ["10.1.2.0/24"], True),
        ("::ffff:10.1.2.4", ["10.1.2.0/24"], True),
        ("10.1.2.4", [], False),
        ("testclient", ["10.1.2.0/24"], False),
        ("fd00::1", ["10.1.2.0/24", "fd00::/64"], True),
    ],
)
def test_only_listed_addresses_may_come(address: str, allowed: list[str], may: bool) -> None:
    assert comes_from(address, allowed) == may


# Reports.


def test_results_are_read_for_every_terminal_named() -> None:
    device: dict[str, Field] = {
        "RptTime": "2025-06-18 02:13:20",
        "BrdSysInfo": f"({PLATFORM},1,节目),(69901811002010314010401,a,x)",
        "StartTime": "2025-06-18 02:10:00",
        "EndTime": "",
        "FileURL": "",
        "BrdStateCode": "3",
        "BrdStateDesc": "播发成功",
    }
    told: dict[str, Field] = {"RptTime": "", "ResBrdInfo": {"ResBrdItem": ({"EBRBS": (device,)},)}}
    found = reports.results(told)
    assert [(one.resource_code, one.code, one.ended_at) for one in found] == [
        (PLATFORM, 3, None),
        ("69901811002010314010401", 3, None),
    ]
    assert reports.reported_at(told) == NOW
    assert reports.results({"ResBrdInfo": {}}) == []


@pytest.mark.parametrize(
    ("told", "found"), [("115.5", 115.5), ("", None), ("0", None), ("nan", None), ("999", None)]
)
def test_places_nobody_knows_are_none(told: str, found: float | None) -> None:
    row = {"RptType": "Sync", "EBRID": "x", "EBRName": "", "Longitude": told, "Latitude": "28"}
    assert reports.terminals({"EBRDT": (row,)}, 1)[0].lon == found


def test_a_row_that_deletes_deletes_nothing() -> None:
    row = {"RptType": "Delete", "EBRID": "x", "EBRName": "", "Longitude": "", "Latitude": ""}
    assert reports.terminals({"EBRDT": (row,)}, 1) == []


# Keys.


def line(name: str, key: str, certificate: bytes) -> str:
    return f"{name} = {private_of(key).hex()} {certificate.hex()}"


def test_keys_are_read_from_a_file_that_may_change(tmp_path: Path) -> None:
    certificate = Authority().of("centre", "0000000000b1")
    file = tmp_path / "keys"
    file.write_text(f"# ours\n{line('a', 'centre', certificate)}\n")
    keys = Keys(file)
    assert (keys.knows("a"), keys.knows("b"), keys.serial("a"), keys.serial("b")) == (
        True,
        False,
        "0000000000b1",
        "",
    )
    assert isinstance(keys.signer("a", append_time=True), SoftwareSigner)
    assert keys.signer("b", append_time=True) is None
    file.write_text("nonsense")
    assert keys.knows("a")
    assert "第1行" in keys.trouble
    file.write_text(line("bb", "centre", certificate))
    assert (keys.knows("a"), keys.knows("bb"), keys.trouble) == (False, True, "")
    assert "private" not in repr(keys) + repr(keys._keys)
    assert private_of("centre").hex() not in repr(keys._keys)


def test_keys_that_cannot_be_meant_are_refused_without_telling_them(tmp_path: Path) -> None:
    certificate = Authority().of("centre", "0000000000b1")
    for told in ("a", "a = 00", line("a", "other", certificate), f"a = {'0' * 64} {'0' * 286}"):
        with pytest.raises(ValueError, match=r"f:1|f 第1行") as refused:
            read_keys(told, "f")
        assert private_of("other").hex() not in str(refused.value)
    twice = line("a", "centre", certificate)
    with pytest.raises(ValueError, match="第2行"):
        read_keys(f"{twice}\n{twice}", "f")
    with pytest.raises(ValueError, match="读取"):
        Keys(tmp_path / "absent")


def test_the_trial_key_is_for_the_demo_only() -> None:
    told = json.loads((HERE / "ebm_signature_vectors.json").read_text())["test_platform"]
    pair = f"a = {told['private_hex']} {told['cert_hex']}"
    with pytest.raises(ValueError, match="测试密钥"):
        read_keys(pair, "f")
    assert read_keys(pair, "f", trials=True)["a"].serial == told["cert_sn"]
