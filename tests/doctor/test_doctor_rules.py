"""Each limit of the doctor, at both of its sides, and that every trouble comes with advice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.doctor import rules
from app.doctor.rules import GIB

NOW = datetime(2025, 6, 17, 18, 13, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("total", "free", "state"),
    [
        (100 * GIB, 15 * GIB, "ok"),
        (100 * GIB, 15 * GIB - 1, "warn"),
        (100 * GIB, 5 * GIB, "warn"),
        (100 * GIB, 5 * GIB - 1, "bad"),
        (10 * GIB, 2 * GIB - 1, "bad"),
        (0, 0, "bad"),
    ],
)
def test_a_disk_is_judged_by_its_share_and_its_room(total: int, free: int, state: str) -> None:
    assert rules.disk("/data", total, free).state == state


@pytest.mark.parametrize(
    ("off_s", "synchronised", "state"),
    [
        (0.5, True, "ok"),
        (-0.5, None, "ok"),
        (0.1, False, "warn"),
        (-0.6, True, "warn"),
        (2.0, True, "warn"),
        (2.1, True, "bad"),
        (-3600.0, None, "bad"),
    ],
)
def test_a_clock_is_judged_by_how_far_it_is_off(off_s: float, synchronised: bool | None, state: str) -> None:
    assert rules.clock(off_s, synchronised=synchronised).state == state


@pytest.mark.parametrize(
    ("hours", "state"), [(0, "ok"), (26, "ok"), (27, "warn"), (8 * 24, "warn"), (8 * 24 + 1, "bad")]
)
def test_a_backup_is_judged_by_its_age(hours: int, state: str) -> None:
    assert rules.backup(NOW - timedelta(hours=hours), NOW, configured=True).state == state


def test_no_backup_is_trouble_where_one_is_expected_and_a_warning_where_none_is() -> None:
    assert rules.backup(None, NOW, configured=True).state == "bad"
    assert rules.backup(None, NOW, configured=False).state == "warn"


@pytest.mark.parametrize(("current", "state"), [("0400", "ok"), ("0390", "bad"), (None, "bad")])
def test_a_schema_that_is_not_the_newest_asks_for_a_migration(current: str | None, state: str) -> None:
    found = rules.schema(current, "0400")
    assert found.state == state
    assert ("zhishou migrate" in found.zh) == (state == "bad")


@pytest.mark.parametrize(("version", "state"), [("18.4", "ok"), ("15.0", "ok"), ("14.11 (Debian)", "bad")])
def test_a_server_older_than_fifteen_is_trouble(version: str, state: str) -> None:
    assert rules.server(version).state == state


@pytest.mark.parametrize(("oldest_s", "state"), [(60, "ok"), (61, "warn"), (600, "warn"), (601, "bad")])
def test_messages_that_wait_are_judged_by_the_oldest(oldest_s: float, state: str) -> None:
    assert rules.waiting("sms", 3, oldest_s).state == state


@pytest.mark.parametrize(("days", "state"), [(30, "ok"), (29, "warn"), (0, "bad"), (-1, "bad")])
def test_a_certificate_is_judged_by_the_days_it_has_left(days: int, state: str) -> None:
    assert rules.certificate("broker.pem", NOW + timedelta(days=days), NOW).state == state


@pytest.mark.parametrize(("mode", "state"), [(0o100600, "ok"), (0o100640, "bad"), (0o100604, "bad")])
def test_secrets_that_others_can_read_are_trouble(mode: int, state: str) -> None:
    assert rules.readable_by_others(".env", mode).state == state


def test_a_part_that_is_not_well_is_named_with_what_it_says() -> None:
    found = rules.parts({"hub": {"ok": True}, "escalator": {"ok": False, "failed": 7}, "wall": {}})
    assert [one.state for one in found] == ["bad"]
    assert "escalator" in found[0].zh and "failed=7" in found[0].en
    assert [one.state for one in rules.parts({"hub": {"ok": True}})] == ["ok"]


def test_a_setting_written_wrongly_is_named_with_the_one_that_was_meant() -> None:
    known = ["ZHISHOU_PORT", "ZHISHOU_MQTT_URL"]
    wrong, stray = rules.settings(["ZHISHOU_PORT", "ZHISHOU_MQTTURL", "ZHISHOU_Q"], known)
    assert "ZHISHOU_MQTT_URL?" in wrong.zh and "do you mean ZHISHOU_MQTT_URL" in wrong.en
    assert "remove it" in stray.en
    assert [one.state for one in rules.settings(["ZHISHOU_PORT"], known)] == ["ok"]


@given(st.integers(0, 1 << 50), st.floats(0, 1))
def test_less_room_is_never_judged_better(total: int, share: float) -> None:
    order = ["ok", "warn", "bad"]
    free = int(total * share)
    more, less = rules.disk("x", total, free), rules.disk("x", total, free // 2)
    assert order.index(less.state) >= order.index(more.state)


@pytest.mark.parametrize(("without", "state"), [(0, "ok"), (1, "warn"), (4, "warn")])
def test_who_manages_accounts_by_a_password_alone_is_counted(without: int, state: str) -> None:
    found = rules.keepers(without)
    assert found.state == state
    assert (str(without) in found.zh and "ZHISHOU_SECOND_FACTOR_ROLES" in found.en) == (state == "warn")


@pytest.mark.parametrize(("role", "state"), [(None, "ok"), ("postgres", "warn")])
def test_a_role_that_could_alter_the_journal_is_named(role: str | None, state: str) -> None:
    found = rules.journal_role(role)
    assert found.state == state
    assert role is None or (role in found.zh and "zhishou database-role" in found.en)


@pytest.mark.parametrize(("sealed", "state"), [(True, "ok"), (False, "warn")])
def test_without_a_sealed_sheet_there_is_no_way_in_when_nobody_can(*, sealed: bool, state: str) -> None:
    found = rules.emergency(sealed=sealed)
    assert found.state == state
    assert sealed or "zhishou break-glass seal" in found.zh


def test_positions_that_belong_to_no_day_are_told_and_so_is_a_day_that_is_missing() -> None:
    assert rules.history(3, 0).state == "ok"
    assert rules.history(0, 0).state == "warn"
    told = rules.history(3, 7)
    assert told.state == "warn" and told.zh.startswith("7 条") and told.en.startswith("7 positions")


def test_archives_of_positions_that_are_gone_are_named() -> None:
    assert rules.archives([], "/archive").state == "ok"
    told = rules.archives([f"track-2026-01-0{n}.csv.gz" for n in range(1, 6)], None)
    assert told.state == "warn" and told.zh.startswith("5 个") and "ZHISHOU_POSITIONS_ARCHIVE" in told.en
    assert "2026-01-03" in told.en and "2026-01-04" not in told.en


@pytest.mark.parametrize(("found", "state"), [("sm3", "ok"), ("", "ok"), ("sha256", "warn")])
def test_a_node_that_was_told_another_chain_than_the_journal_has_is_told_of(found: str, state: str) -> None:
    assert rules.journal_hash("sm3", found).state == state


@pytest.mark.parametrize(("days", "state"), [(-1, "ok"), (0, "ok"), (365, "ok"), (366, "warn")])
def test_a_password_is_judged_by_its_age(days: int, state: str) -> None:
    listed = f"edge-linxi\t{NOW - timedelta(days=days):%Y-%m-%d}\n\n"
    (found,) = rules.gateways(listed, NOW, 365)
    assert found.state == state and "edge-linxi" in found.zh
    with pytest.raises(ValueError):  # noqa: PT011
        rules.gateways("edge-linxi\tyesterday", NOW, 365)
