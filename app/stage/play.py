"""`zhishou demo`: one process tree on loopback — database, city, devices, service — until Ctrl-C."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection

import typer

from app import database_role, migrations
from app.api.house import House
from app.clock import SystemClock
from app.config import Settings
from app.db import Database
from app.demo.talkgroups import talkgroups
from app.dispatch.settings import load_dispatch_rules
from app.duty.standby.settings import load_rulebook
from app.node_database import make_role, with_database
from app.preflight import CannotStart, require_folder, require_free_port
from app.reporting.follow import follow_incidents
from app.reporting.settings import load_reporting
from app.stage.attendance import be_present
from app.stage.broadcast import PLATFORM_CODE, broadcast
from app.stage.broker import broker, free_port
from app.stage.calendar import settle_days
from app.stage.callouts import call_out
from app.stage.documents import fill_archive
from app.stage.drills import drill
from app.stage.drones import FILE as DRONES
from app.stage.drones import fly
from app.stage.exchange import share_reports
from app.stage.lifecycle import live_on
from app.stage.loudspeakers import PORT as PLATFORM_PORT
from app.stage.loudspeakers import Loudspeakers, connect
from app.stage.media import pictures
from app.stage.notices import tell_story
from app.stage.orders import give_orders
from app.stage.outside import call_others
from app.stage.plan_files import file_texts
from app.stage.plans import respond
from app.stage.reactions import past_orders
from app.stage.readiness import muster
from app.stage.seed import DEMO_PASSWORD, seed, write_map
from app.stage.shelters import move_out
from app.stage.status_calls import ask_around
from app.stage.supplies import preposition
from app.stage.warnings import warn
from app.supplies.settings import load_policy

HEALTHY_WITHIN_S = 90  # a county PC with a cold disk; usually three seconds
STOP_WITHIN_S = 10
MAVLINK_PORT = 14550

ACCOUNTS = (
    ("chenjie", "值班员 陈洁", "duty officer (intake)", "/"),
    ("wangjun", "值班员 王军", "duty officer (dispatch)", "/"),
    ("shift", "值班长 刘海", "shift lead", "/"),
    ("leader", "带班领导 周敏", "leader in charge", "/"),
    ("linxi", "临溪镇值班员", "township officer", "/"),
    ("responder1", "临溪镇综合应急救援队", "responder, field page", "/m/"),
    ("auditor", "审计员", "auditor", "/"),
)


def run(settings: Settings, *, story: bool) -> None:
    """Run the demo until it is interrupted. Raises CannotStart."""
    require_free_port(settings.host, settings.port, "PORT", "HTTP")
    require_free_port(settings.jt808_host, settings.jt808_port, "ZHISHOU_JT808_PORT", "JT/T 808")
    require_folder(settings.data)
    with ExitStack() as stack:
        stack.enter_context(_interruptible())
        _say("启动数据库", "starting PostgreSQL")
        found = stack.enter_context(with_database(settings))
        _say("检查数据库结构", "checking the schema")
        migrations.upgrade(found.database_url)
        _say("准备樟川市", "preparing the fictional city")
        platform_port = free_port(PLATFORM_PORT)
        speakers = asyncio.run(_prepare(found, platform_port))
        url = stack.enter_context(broker(found.data))
        environment = _environment(found, url, speakers)
        environment |= stack.enter_context(pictures(found.data))
        service = environment | {"DATABASE_URL": _service_url(settings, found)}
        _say("启动模拟设备与服务", "starting simulated devices and the service")
        children = [
            stack.enter_context(
                _child(["simulate", "demo", "--story" if story else "--no-story"], environment)
            ),
            stack.enter_context(_child(["serve"], service)),
            stack.enter_context(_child(_platform(platform_port, speakers), environment, "platform")),
        ]
        if url:
            children.append(stack.enter_context(_child(["simulate", "gateway"], environment, "gateway")))
        _wait_until_healthy(found, children[1])
        if (found.data / DRONES).exists():
            children.append(stack.enter_context(_child(["simulate", "drones"], environment, "drones")))
        if story:
            children.append(stack.enter_context(_child(["simulate", "desks"], environment, "desks")))
        _greet(found, url)
        _watch(children)


def _service_url(settings: Settings, found: Settings) -> str:
    """Return how the service of the demo uses its database: like a county's, by a role of its own."""
    if settings.database_url:
        return found.database_url
    make_role(found.database_url, database_role.NAME)
    return database_role.as_role(found.database_url, database_role.NAME)


async def _prepare(settings: Settings, platform_port: int) -> Loudspeakers:
    # A slow machine thinks for minutes amid a transaction, and nobody waits for it.
    database = Database(settings.database_url, pool_size=2, silent_s=0)
    try:
        fresh = await seed(database)
        if fresh:
            book = load_rulebook(settings.readiness_rules, settings.key_periods, settings.zone)
            now = SystemClock().now()
            await muster(database, book, now)
            await be_present(database, now)
            await settle_days(database, now, settings.zone)
            rules = load_dispatch_rules(settings.dispatch_rules, settings.zone)
            await past_orders(database, rules, settings.zone, now)
            # What is open tonight owes reports; what happened in the months before has made them.
            profiles = settings.reporting_profiles
            follow_incidents(database, load_reporting(settings.reporting_rules, profiles, settings.zone))
            await tell_story(database, now, settings.zone)
            await live_on(database, now, settings.zone)
            await ask_around(database, now, settings.zone)
            series = House(settings, database, SystemClock()).order_series
            await give_orders(database, series, now)
            await respond(database, series, now)
            await call_out(database, now, settings.zone)
            await drill(database, now, settings.zone)
            await call_others(database, now)
            await fly(database, settings.data, now, settings.zone)
            await share_reports(database, now, settings.zone)
            prefix = settings.transfer_number_prefix
            await preposition(database, load_policy(settings.supplies, prefix, settings.zone), now)
            await move_out(database, now)
            await broadcast(database, settings.zone, now)
            await warn(database, now)
            await fill_archive(House(settings, database, SystemClock()))
            await file_texts(House(settings, database, SystemClock()))
        speakers = await connect(database, settings.data.resolve(), platform_port, SystemClock().now())
    finally:
        await database.close()
    if fresh or not (settings.data / "map" / "base.geojson").exists():
        write_map(settings.data / "map")
    return speakers


def _platform(port: int, speakers: Loudspeakers) -> list[str]:
    """Return the command of the broadcast platform that stands on the other side."""
    return [
        *("simulate", "broadcast-platform", "--port", str(port), "--code", PLATFORM_CODE),
        *("--register", str(speakers.register)),
    ]


def _environment(settings: Settings, mqtt_url: str, speakers: Loudspeakers) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "ZHISHOU_DATA": str(settings.data),
        "ZHISHOU_PORT": str(settings.port),
        "ZHISHOU_JT808_PORT": str(settings.jt808_port),
        "ZHISHOU_DEMO": "1",
        "ZHISHOU_SERIAL_LINKS": ",".join(
            f"{family}={settings.data.resolve() / name}"
            for family, name in (("rdss21", "beidou"), ("satphone", "satphone"), ("sbd", "sbd"))
        ),
        "ZHISHOU_HYTERA_LINKS": "hstrp://127.0.0.1?listen=127.0.0.1",
        "ZHISHOU_TALK_GROUPS": ",".join(f"{group.number}={group.name_zh}" for group in talkgroups()),
        "ZHISHOU_MQTT_URL": mqtt_url,
        "ZHISHOU_DJI_MQTT_URL": mqtt_url,
        "ZHISHOU_MAVLINK_UDP": f"127.0.0.1:{free_port(MAVLINK_PORT)}",
        "ZHISHOU_BROADCAST_KEYS_FILE": str(speakers.keys),
    }


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let a termination end the demo like Ctrl-C does, so that nothing is left running."""

    def stop(*_: object) -> None:
        for number in numbers:  # once is enough: a second one must not cut the orderly end short
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    except KeyboardInterrupt:
        _say("正在停止", "stopping")
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _child(
    arguments: list[str], environment: dict[str, str], name: str = ""
) -> Iterator[subprocess.Popen[bytes]]:
    log_path = f"{environment['ZHISHOU_DATA']}/{name or arguments[0]}.log"
    with open(log_path, "ab") as log:
        # Its own session: Ctrl-C reaches the parent alone, which stops the children in order.
        child = subprocess.Popen(  # noqa: S603  our own program
            [sys.executable, "-m", "app.cli", *arguments],
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _wait_until_healthy(settings: Settings, service: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + HEALTHY_WITHIN_S
    while time.monotonic() < deadline:
        if service.poll() is not None:
            break
        if _healthy(settings):
            return
        time.sleep(0.1)
    raise CannotStart(
        f"服务没有启动成功,原因见 {settings.data}/serve.log\n"
        f"The service did not start: see {settings.data}/serve.log."
    )


def _healthy(settings: Settings) -> bool:
    connection = HTTPConnection(settings.host, settings.port, timeout=2)
    try:
        connection.request("GET", "/api/health")
        return bool(json.loads(connection.getresponse().read())["database"] == "ok")
    except (OSError, ValueError, KeyError):
        return False
    finally:
        connection.close()


def _watch(children: list[subprocess.Popen[bytes]]) -> None:
    while True:
        for child in children:
            if child.poll() is not None:
                raise CannotStart(
                    f"子进程意外退出(代码 {child.returncode}),请查看数据目录下的日志。\n"
                    f"A process ended unexpectedly (code {child.returncode}): "
                    "see the logs in the data folder."
                )
        time.sleep(0.5)


def _say(zh: str, en: str) -> None:
    typer.echo(f"· {zh} / {en} …")


def _greet(settings: Settings, mqtt_url: str) -> None:
    address = f"http://{settings.host}:{settings.port}"
    typer.echo(f"\n值守已启动 / Zhishou is running: {address}")
    typer.echo(f"  JT/T 808: {settings.jt808_host}:{settings.jt808_port}   API: {address}/docs")
    if mqtt_url:
        typer.echo(f"  MQTT: {mqtt_url}")
    typer.echo(f"  演示账号(密码均为 {DEMO_PASSWORD})/ demo accounts, password {DEMO_PASSWORD}:")
    for username, zh, en, page in ACCOUNTS:
        typer.echo(f"    {username:<11} {address}{page:<4} {zh} / {en}")
    typer.echo("  Ctrl-C 停止 / stops everything.\n")
