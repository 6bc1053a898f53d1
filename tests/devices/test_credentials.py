"""Renewed passwords of gateways: read from the list, told once, in the register; an older date never."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.clock import SystemClock
from app.devices.adapters.jt808 import Terminal
from app.devices.credentials.rules import Renewal, news, read
from app.devices.credentials.watcher import CredentialWatcher
from tests.backup.test_backup_and_restore import zhishou
from tests.devices.platform import Platform
from tests.devices.terminal import on_duty
from tests.world import COUNTY, STREAM, TRUCK, World

NOW = datetime(2026, 11, 29, 4, tzinfo=UTC)


def test_a_list_tells_who_gave_which_gateway_its_password_and_when() -> None:
    told = read("edge-a\t2026-11-28T09:30:00Z\tops@centre\n\nedge-b\t2026-11-27\n")
    assert told == [
        Renewal("edge-a", datetime(2026, 11, 28, 9, 30, tzinfo=UTC), "ops@centre"),
        Renewal("edge-b", datetime(2026, 11, 27, tzinfo=UTC)),  # as prepare.sh wrote it once
    ]
    assert read("edge-a\t2026-11-28T09:30:00+08:00\n")[0].at == datetime(2026, 11, 28, 1, 30, tzinfo=UTC)


def test_a_line_that_is_still_being_written_is_left_for_later() -> None:
    assert read("edge-a\t2026-11-28\nedge-b\t2026-11-2") == [
        Renewal("edge-a", datetime(2026, 11, 28, tzinfo=UTC))
    ]
    assert read("edge-a\t2026") == read("") == []


@pytest.mark.parametrize("line", ["edge-a\tyesterday\n", "edge-a\n", "edge-a\t2026-13-01\tops\n"])
def test_a_time_that_is_none_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"isoformat|month"):
        read(line)


def test_only_what_is_newer_is_news_and_nothing_of_the_future_or_of_a_stranger() -> None:
    written = [Renewal("edge", NOW - timedelta(days=days)) for days in (2, 1, 0)]
    assert news(written, {"edge": NOW - timedelta(days=1)}, NOW) == written[2:]
    assert news(written, {"edge": None}, NOW) == written
    assert news(written, {"other": None}, NOW) == []
    late = [Renewal("edge", NOW + timedelta(minutes=minutes)) for minutes in (5, 6)]
    assert news(late, {"edge": None}, NOW) == late[:1]  # clocks differ by a little


async def gateway(world: World, number: str = "edge-a", at: datetime | None = None) -> None:
    await world.run(
        "INSERT INTO device (stream, family, kind, number, label, region_code, active, facts, credential_at)"
        " VALUES (:stream, 'gateway', 'gateway', :number, '临溪网关', :region, true, '{}', :at)",
        stream=STREAM,
        number=number,
        region=COUNTY,
        at=at,
    )


@pytest.mark.database
async def test_a_renewal_is_told_once_by_however_many_nodes_with_who_and_since_when(
    world: World, tmp_path: Path
) -> None:
    await gateway(world)
    listed, now = tmp_path / "gateway_credentials", world.clock.now()
    first, second = now - timedelta(days=400), now - timedelta(minutes=2)
    nodes = [CredentialWatcher(world.database, world.clock, STREAM, listed) for _ in range(3)]

    async def look() -> int:
        return sum(await asyncio.gather(*(node.look() for node in nodes)))

    listed.write_text(f"edge-a\t{first:%Y-%m-%dT%H:%M:%SZ}\told\nnobody-knows-me\t{first:%Y-%m-%d}\tx\n")
    assert [await look(), await look()] == [1, 0]
    listed.write_text(f"edge-a\t{second:%Y-%m-%dT%H:%M:%SZ}\tops@centre\n")
    assert [await look(), await look()] == [1, 0]
    listed.write_text(f"edge-a\t{first:%Y-%m-%dT%H:%M:%SZ}\told\n")  # a node with an old copy
    assert await look() == 0

    before, after = await world.events()
    assert {before["type"], after["type"]} == {"device.credential_renewed"}
    assert (before["before"], before["seen"], before["actor"]) == (None, "list", None)
    assert datetime.fromisoformat(after["before"]) == first.replace(microsecond=0)
    assert datetime.fromisoformat(after["device"]["credential_at"]) == second.replace(microsecond=0)
    assert (after["device"]["number"], after["device"]["credential_by"]) == ("edge-a", "ops@centre")


@pytest.mark.database
async def test_a_list_that_is_none_is_a_failed_look_and_changes_nothing(world: World, tmp_path: Path) -> None:
    await gateway(world)
    watcher = CredentialWatcher(world.database, world.clock, STREAM, tmp_path / "none")
    with pytest.raises(FileNotFoundError):
        await watcher.look()
    (tmp_path / "none").write_text("edge-a\tgestern\n")
    with pytest.raises(ValueError, match="gestern"):
        await watcher.look()
    assert await world.events() == []


@pytest.mark.database
async def test_a_terminal_has_its_code_since_it_registered_and_none_when_it_is_unpinned(
    platform: Platform,
) -> None:
    world = platform.world
    since = "SELECT credential_at FROM device WHERE number = :number"
    async with on_duty(platform.port, Terminal.v2013(TRUCK)):
        pass
    assert await world.rows(since, number=TRUCK) == [{"credential_at": world.clock.now()}]
    assert await platform.register.unpin("jt808", TRUCK)
    assert await world.rows(since, number=TRUCK) == [{"credential_at": None}]
    assert await world.types() == []  # each registration brings another code: no matter for the journal


@pytest.mark.database
async def test_the_command_writes_down_what_no_list_tells(world: World, tmp_path: Path) -> None:
    await gateway(world)

    async def renewed(*words: str) -> tuple[int, str]:
        said = await zhishou(
            "device", "renewed", *words, url=world.database.url, data=tmp_path, ZHISHOU_STREAM=STREAM
        )
        return said.returncode, said.stdout + said.stderr

    status, said = await renewed("edge-a", "--by", "周强", "--at", "2026-01-02T03:04")
    assert (status, "已记入日志 / written into the journal" in said) == (0, True), said
    (event,) = await world.events()
    assert (event["seen"], event["device"]["credential_by"]) == ("command", "周强")
    at = datetime.fromisoformat(event["device"]["credential_at"])
    assert at == datetime(2026, 1, 1, 19, 4, tzinfo=UTC)  # the county's time
    status, said = await renewed("edge-a", "--at", "2025-01-02")
    assert (status, "未作改动" in said) == (0, True), said
    status, said = await renewed("edge-a")
    assert status == 0, said
    assert abs(SystemClock().now() - await _since(world)) < timedelta(minutes=1)
    for words, part in (
        (("edge-z",), "edge-z"),
        (("edge-a", "--at", "morgen"), "应形如"),
        (("edge-a", "--at", "2199-01-01"), "在将来"),
    ):
        status, said = await renewed(*words)
        assert (status, part in said, "Traceback" in said) == (1, True, False), said
    assert len(await world.events()) == 2
    assert "password" not in json.dumps(await world.events()).lower()


async def _since(world: World) -> datetime:
    (row,) = await world.rows("SELECT credential_at AS at FROM device WHERE number = 'edge-a'")
    at = row["at"]
    assert isinstance(at, datetime)
    return at
