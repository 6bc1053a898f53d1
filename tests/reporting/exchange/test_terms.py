"""Keys, tries and settings between houses: pure rules and what is read at the edge."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config import Settings
from app.reporting.exchange.keyring import Keyring, read_keys
from app.reporting.exchange.rules.retry import GIVE_UP_AFTER, LEASE, next_try, pause
from app.reporting.exchange.rules.signing import Heads, holds, signature
from app.reporting.exchange.rules.trouble import trouble_words
from app.reporting.exchange.settings import load_exchange

NOW = datetime(2025, 6, 17, 18, tzinfo=UTC)
SECRET = "a-secret-that-is-long-enough"


def test_tries_go_on_for_a_day_and_longer_less_and_less_often() -> None:
    at, attempts, queued = NOW, 0, NOW
    times = []
    while (following := next_try(queued, attempts := attempts + 1, at, refused=False)) is not None:
        times.append(following - at)
        at = following
    assert times[:4] == [timedelta(seconds=s) for s in (5, 10, 20, 40)]
    assert max(times) == timedelta(minutes=5)
    assert at > queued + GIVE_UP_AFTER - timedelta(minutes=6)
    assert timedelta(days=1) < GIVE_UP_AFTER


@given(st.integers(min_value=0, max_value=10**9), st.booleans())
def test_a_pause_is_never_nothing_and_never_long(attempts: int, refused: bool) -> None:
    assert timedelta(seconds=5) <= pause(attempts, refused=refused) <= timedelta(minutes=15)


def test_a_claimed_line_outlives_its_try() -> None:
    from app.reporting.exchange.mailer import MailServer
    from app.reporting.exchange.post import GIVE_UP_S

    assert LEASE.total_seconds() > GIVE_UP_S + 10
    assert LEASE.total_seconds() > MailServer().wait_s * 2 + 10


def test_a_signature_holds_for_exactly_what_was_signed() -> None:
    heads = Heads("k", "1750183200", "n", "m")
    right = signature(SECRET, "POST", "/api/exchange/reports", heads, b"body")
    others = [
        signature(SECRET + "x", "POST", "/api/exchange/reports", heads, b"body"),
        signature(SECRET, "POST", "/api/exchange/acknowledgements", heads, b"body"),
        signature(SECRET, "POST", "/api/exchange/reports", heads, b"Body"),
        *(
            signature(SECRET, "POST", "/api/exchange/reports", Heads(*told), b"body")
            for told in (("j", "1750183200", "n", "m"), ("k", "1", "n", "m"), ("k", "1750183200", "o", "m"))
        ),
    ]
    assert holds(right, right)
    assert not any(holds(one, right) for one in [*others, "", "sha256="])


def test_keys_are_read_from_lines_and_pairs_and_a_bad_line_is_named_without_its_secret() -> None:
    told = f"# 市局\nshi-1 = {SECRET}\n\nting = {SECRET}x\n"
    assert read_keys(told, "文件") == {"shi-1": SECRET, "ting": SECRET + "x"}
    for bad in (f"a b = {SECRET}", "k = short-one", f"k={SECRET}\nk={SECRET}", f"= {SECRET}"):
        with pytest.raises(ValueError, match="行") as found:
            read_keys(bad, "文件")
        assert SECRET not in str(found.value)
        assert "short-one" not in str(found.value)


def test_a_file_of_keys_that_was_changed_is_read_again_and_a_bad_one_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(f"shi = {SECRET}\n")
    keys = Keyring(file)
    assert keys.secret("shi") == SECRET
    file.write_text(f"shi = {SECRET}-anew\n")
    os.utime(file, ns=(1, 1))
    assert keys.secret("shi") == f"{SECRET}-anew"
    file.write_text("shi = no\n")
    assert keys.secret("shi") == f"{SECRET}-anew"
    assert "第1行" in keys.trouble
    assert SECRET not in repr(keys)
    with pytest.raises(ValueError, match="无法读取"):
        Keyring(tmp_path / "missing")


def test_settings_that_cannot_be_meant_stop_the_start(tmp_path: Path) -> None:
    def settings(**told: Any) -> Settings:
        return Settings(_env_file=None, database_url="postgresql://nobody@127.0.0.1:1/nothing", **told)

    with pytest.raises(ValueError, match="MAIL_FROM"):
        load_exchange(settings(mail_host="10.0.0.1"))
    with pytest.raises(ValueError, match="密钥"):
        load_exchange(settings(exchange_keys="k=short"))
    (tmp_path / "ca.pem").write_text("nobody")
    with pytest.raises(ValueError, match="EXCHANGE_CA"):
        load_exchange(settings(exchange_ca=tmp_path / "ca.pem"))
    good = load_exchange(settings(exchange_keys=f"k={SECRET}", exchange_alarm_s=60))
    assert good.keys.knows("k")
    assert good.alarm_after == timedelta(minutes=1)
    assert SECRET not in repr(good)


def test_every_trouble_has_words_and_shows_what_the_other_side_said() -> None:
    assert trouble_words("", "") == ("", "")
    zh, en = trouble_words("refused", "HTTP 403 无权报送 / may not report")
    assert zh == "对方拒收：HTTP 403 无权报送 / may not report"
    assert en.startswith("the peer refuses it: ")
