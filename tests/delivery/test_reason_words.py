"""Every reason why a message did not arrive has words; no code of a driver stands in the duty log."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from app.delivery.reason_words import REASONS, reason_words
from app.desk.log.rules.words import said
from app.devices.adapters import rdss21, rsmc, sbd, sms_pdu
from app.devices.adapters.hytera import words as hytera
from app.devices.adapters.jt808 import meaning as jt808
from app.devices.adapters.mqtt_gateway.envelope import Result
from app.devices.adapters.rdss40 import contents as rdss40
from app.devices.hytera.texts import PASSING
from app.devices.satphone import outbox as satphone

TABLES = {
    "rdss21": rdss21._SUPPRESSION.values(),
    "rsmc": rsmc._REASONS.values(),
    "sms": sms_pdu._REASONS.values(),
    "sbd": sbd.WRITE_RESULTS.values(),
    "hytera": hytera.RESULTS.values(),
    "hytera passing": PASSING,
    "jt808": jt808._ACK_REASONS.values(),
    "gateway": get_args(Result),
    "rdss40": rdss40._FAILURES.values(),
    "satphone final": satphone._FINAL.values(),
    "satphone passing": satphone._PASSING.values(),
    "satphone ends": satphone._ENDS.values(),
}


@pytest.mark.parametrize("table", TABLES)
def test_every_reason_a_driver_knows_has_words(table: str) -> None:
    assert {one for one in TABLES[table] if one} - REASONS.keys() == set()


def test_every_reason_written_in_the_code_has_words() -> None:
    written = re.compile(
        r"""(?:Outcome\("fail", |row, "expire", |"cancel", now, |tx, row, step, )"([a-z_]+)["]"""
    )
    told = {
        reason
        for folder in ("delivery", "devices", "dispatch")
        for path in Path("app", folder).rglob("*.py")
        for reason in written.findall(path.read_text(encoding="utf-8"))
    }
    assert {"too_late", "no_feedback", "maintenance", "superseded", "not_sendable", "link_lost"} <= told
    assert told - REASONS.keys() == set()


@pytest.mark.parametrize(
    ("reason", "zh", "en"),
    [
        ("too_late", "已过时限", "too late"),
        ("status_99", "设备返回代码 99", "the device says code 99"),
        ("failed 12 no such talkgroup", "发送失败(12 no such talkgroup)", "failed (12 no such talkgroup)"),
        ("1/2", "1/2", "1/2"),
        ("", "", ""),
    ],
)
def test_a_reason_is_told_in_both_languages(reason: str, zh: str, en: str) -> None:
    assert reason_words(reason) == (zh, en)


def test_words_are_chinese_and_differ_from_the_code() -> None:
    for code, (zh, en) in REASONS.items():
        assert re.search(r"[一-鿿]", zh), code
        assert "_" not in zh + en, code


def test_the_duty_log_says_why_in_words() -> None:
    entry = said("delivery.expired", {"delivery": {"address": "0500123", "reason": "too_late"}})
    assert entry.action == "已过时限"
