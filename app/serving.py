"""Run one node: its database, preflight, uvicorn."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import uvicorn
from sqlalchemy.exc import SQLAlchemyError

from app import logs, migrations
from app.broadcast.wire.terms import load_wire
from app.clock import SystemClock
from app.config import Settings
from app.deadman import parse_signal
from app.devices.drones.settings import check_stream, load_drone_limits, parse_udp, stream_for
from app.devices.hytera.links import parse_links as radio_links
from app.devices.links.serial import parse_links
from app.devices.mqtt.broker import parse_broker
from app.devices.start import SERIAL_FAMILIES
from app.devices.talk_groups import parse_talk_groups
from app.devices.testing.rules import night_of
from app.dispatch.meeting.room.start import livekit
from app.dispatch.order.templates import load_templates
from app.dispatch.recommendation.roads.start import road_service
from app.dispatch.video.media.start import media_server
from app.duty.spot_check.settings import SHIPPED, load_scoring
from app.duty.standby.settings import load_rulebook
from app.journal.anchor.seal import load_seal
from app.leaving import OrderlyServer
from app.main import create_app, front_of, leave
from app.node_database import as_service
from app.org.oidc.settings import load_oidc
from app.org.second_factor.due import roles_of
from app.patient_http import PatientHttp
from app.preflight import CannotStart, raise_file_limit, require_free_port
from app.reporting.exchange.settings import load_exchange
from app.tracing import collector_of
from app.tracking.history.rules import Terms


def serve(settings: Settings) -> None:
    """Serve until told to stop. Raises CannotStart."""
    require_free_port(settings.host, settings.port, "PORT", "HTTP")
    require_free_port(settings.jt808_host, settings.jt808_port, "ZHISHOU_JT808_PORT", "JT/T 808")
    _check_links(settings)
    _check_broker(settings)
    _check_hours(settings)
    _check_readable(settings)
    logs.configure(as_json=settings.log_json)
    with suppress(KeyboardInterrupt), _terminable(), as_service(settings) as found:
        _check(found)
        raise_file_limit()
        app = create_app(found)
        config = uvicorn.Config(
            front_of(app),
            host=found.host,
            port=found.port,
            loop="uvloop",
            http=PatientHttp,
            ws="app.realtime.protocol:DirectProtocol",
            ws_per_message_deflate=False,
            ws_max_size=65_536,
            backlog=4096,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=5,
        )
        server = OrderlyServer(config, lambda: leave(app, found.leave_s), found.leave_s)
        server.run()
        if not server.started:
            raise CannotStart(
                "服务启动失败,原因见上面的日志。\nThe service did not start: see the log above."
            )


def _check_links(settings: Settings) -> None:
    """Refuse a setting of lines or radios that names no machine we can drive."""
    try:
        radio_links(settings.hytera_links)
    except ValueError as error:
        raise CannotStart(f"ZHISHOU_HYTERA_LINKS: {error}") from error
    try:
        parse_talk_groups(settings.talk_groups)
    except ValueError as error:
        raise CannotStart(f"ZHISHOU_TALK_GROUPS: {error}") from error
    try:
        links = parse_links(settings.serial_links)
    except ValueError as error:
        raise CannotStart(f"ZHISHOU_SERIAL_LINKS: {error}") from error
    for link in links:
        if link.family not in SERIAL_FAMILIES:
            known = ", ".join(SERIAL_FAMILIES)
            raise CannotStart(
                f"ZHISHOU_SERIAL_LINKS:不支持的设备类型 {link.family},可用:{known}\n"
                f"ZHISHOU_SERIAL_LINKS: unknown family {link.family!r}, use one of {known}."
            )


def _check_broker(settings: Settings) -> None:
    """Refuse an MQTT setting that names no broker, or certificates that are none."""
    if not settings.mqtt_url:
        return
    try:
        broker = parse_broker(
            settings.mqtt_url, ca=settings.mqtt_ca, cert=settings.mqtt_cert, key=settings.mqtt_key
        )
        if broker.tls:
            broker.context()
    except (OSError, ValueError) as error:
        raise CannotStart(f"ZHISHOU_MQTT_URL / _CA / _CERT / _KEY: {error}") from error


def _check_readable(settings: Settings) -> None:
    """Refuse what cannot be meant: an address, a key, a file of rules; each by the names of its settings."""
    read: dict[str, Callable[[], object]] = {
        "ZHISHOU_ROUTER_URL": lambda: road_service(settings, SystemClock()),
        "ZHISHOU_MEDIA_*": lambda: media_server(settings, SystemClock()),
        "ZHISHOU_LIVEKIT_*": lambda: livekit(settings, SystemClock()),
        "ZHISHOU_SECOND_FACTOR_ROLES": lambda: roles_of(settings.second_factor_roles),
        "ZHISHOU_READINESS_RULES / ZHISHOU_KEY_PERIODS": lambda: load_rulebook(
            settings.readiness_rules, settings.key_periods, settings.zone
        ),
        "ZHISHOU_SPOT_CHECK_SCORING": lambda: load_scoring(settings.spot_check_scoring or SHIPPED),
        "ZHISHOU_ORDER_TEMPLATES": lambda: load_templates(settings.order_templates),
        "ZHISHOU_OIDC_*": lambda: load_oidc(settings),
        "ZHISHOU_EXCHANGE_* / ZHISHOU_MAIL_*": lambda: load_exchange(settings),
        "ZHISHOU_BROADCAST_KEYS_FILE": lambda: load_wire(settings),
        "ZHISHOU_ANCHOR_KEY_FILE / ZHISHOU_ANCHOR_SIGNATURE": lambda: load_seal(
            settings.anchor_key_file, settings.anchor_signature
        ),
        "ZHISHOU_SIGN_OF_LIFE_URL": lambda: parse_signal(settings.sign_of_life_url),
        "ZHISHOU_TRACES_URL": lambda: collector_of(settings.traces_url),
        "ZHISHOU_DRONE_RULES": lambda: load_drone_limits(settings.drone_rules),
        "ZHISHOU_MAVLINK_UDP": lambda: parse_udp(settings.mavlink_udp),
        "ZHISHOU_DRONE_STREAM_URL": lambda: (
            settings.drone_stream_url and check_stream(stream_for(settings.drone_stream_url, "SN"))
        ),
        "ZHISHOU_DJI_MQTT_URL": lambda: settings.dji_mqtt_url and parse_broker(settings.dji_mqtt_url),
        "ZHISHOU_POSITIONS_KEEP_DAYS": lambda: Terms(settings.positions_keep_days),
    }
    for names, meant in read.items():
        try:
            meant()
        except (OSError, ValueError) as error:
            raise CannotStart(f"{names}: {error}") from error


def _check_hours(settings: Settings) -> None:
    """Refuse hours of the night that cannot be read."""
    try:
        night_of(settings.test_hours, settings.zone)
    except ValueError as error:
        raise CannotStart(
            f"ZHISHOU_TEST_HOURS 应形如 01:00-05:00,现为 {settings.test_hours}\n"
            f"ZHISHOU_TEST_HOURS must look like 01:00-05:00, not {settings.test_hours!r}."
        ) from error


@contextmanager
def _terminable() -> Iterator[None]:
    """Let a termination unwind like Ctrl-C does: uvicorn raises the signal again when it has stopped."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _check(settings: Settings) -> None:
    try:
        asyncio.run(migrations.require_current(settings.database_url))
    except (migrations.SchemaBehind, migrations.SchemaAhead) as other:
        raise CannotStart(str(other)) from other
    except (OSError, ValueError, SQLAlchemyError) as error:  # the last: it is starting up, or shutting down
        said = str(error) or type(error).__name__
        raise CannotStart(
            f"无法连接数据库:{said},请检查 DATABASE_URL。\n"
            f"The database cannot be reached: {said}. Check DATABASE_URL."
        ) from error
