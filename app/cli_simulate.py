"""`zhishou simulate …`: devices that behave like real ones, to try the service with."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from app.config import Settings
from app.preflight import CannotStart

simulate = typer.Typer(help="模拟设备 / simulated devices.", no_args_is_help=True)


def _until_ended(program: Coroutine[object, object, None]) -> None:
    """Run until Ctrl-C or SIGTERM: either way lines are hung up and symbolic links removed."""

    async def play() -> None:
        life = asyncio.current_task()
        assert life is not None
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, life.cancel)
        await program

    with suppress(asyncio.CancelledError):
        asyncio.run(play())


@simulate.command("terminal")
def simulate_terminal(
    phone: Annotated[str, typer.Argument(help="number in the register, e.g. 19900010006")],
    *,
    host: str = "127.0.0.1",
    port: int = 8808,
    lon: float = 115.54981,
    lat: float = 27.94648,
    period_s: float = 10.0,
    sos_after_s: Annotated[float | None, typer.Option(help="press SOS once, so many seconds later")] = None,
    layout_2019: bool = False,
) -> None:
    """一台部标车载终端 / one JT/T 808 terminal that stands still."""
    from app.simulators.command import simulate_terminal as run

    _until_ended(
        run(
            host,
            port,
            phone,
            lon=lon,
            lat=lat,
            period_s=period_s,
            sos_after_s=sos_after_s,
            layout_2019=layout_2019,
        )
    )


@simulate.command("fleet")
def simulate_fleet(*, host: str = "127.0.0.1", port: int = 8808, period_s: float = 10.0) -> None:
    """演示城市的全部车载终端 / all vehicle terminals of the demo city."""
    from app.simulators.command import simulate_fleet as run

    _until_ended(run(host, port, period_s=period_s))


@simulate.command("beidou")
def simulate_beidou(
    link: Annotated[Path, typer.Argument(help="symbolic link to make: the service opens it as serial line")],
    *,
    frequency_s: int = 60,
    sos_after_s: float | None = None,
    rdss40: bool = False,
) -> None:
    """一台北斗指挥机(伪终端)/ one Beidou command machine on a pty."""
    from app.simulators.command import simulate_beidou as run

    _until_ended(run(link, frequency_s=frequency_s, sos_after_s=sos_after_s, rdss40=rdss40))


_PLACE = Annotated[str, typer.Argument(help="symbolic link to make, or socket://127.0.0.1:4001")]


@simulate.command("satphone")
def simulate_satphone(
    place: _PLACE,
    *,
    text: str = "SOS 东山村道路中断,被困12人,118.2312,28.5321",
    text_after_s: Annotated[float | None, typer.Option(help="a text comes in, so many seconds later")] = None,
    call_after_s: Annotated[float | None, typer.Option(help="a call comes in, so many seconds later")] = None,
    restart_after_s: float | None = None,
    noise_after_s: float | None = None,
    rssi: Annotated[int, typer.Option(help="0 to 31; 99 is no signal and no network")] = 25,
    lose_receipts: bool = False,
    delay_receipts_s: float = 0.0,
    wrong_place: Annotated[bool, typer.Option(help="announce texts at a wrong place of the SIM")] = False,
) -> None:
    """一部天通卫星电话(伪终端或 TCP)/ one Tiantong satellite phone on a pty or by TCP."""
    from app.simulators.satellite import PhoneScript
    from app.simulators.satellite import simulate_satphone as run

    script = PhoneScript(
        text=text,
        text_after_s=text_after_s,
        call_after_s=call_after_s,
        restart_after_s=restart_after_s,
        noise_after_s=noise_after_s,
        rssi=rssi,
        lose_receipts=lose_receipts,
        delay_receipts_s=delay_receipts_s,
        wrong_place=wrong_place,
    )
    _until_ended(run(place, script))


@simulate.command("sbd")
def simulate_sbd(
    place: _PLACE,
    *,
    bars: Annotated[int, typer.Option(help="0 to 5")] = 4,
    status: Annotated[int, typer.Option(help="MO status of its sessions, e.g. 32 no service")] = 0,
    text_after_s: float | None = None,
) -> None:
    """一台铱星 SBD 终端(伪终端或 TCP)/ one Iridium SBD modem on a pty or by TCP."""
    from app.simulators.satellite import simulate_sbd as run

    _until_ended(run(place, bars=bars, status=status, text_after_s=text_after_s))


@simulate.command("hytera")
def simulate_hytera(
    *,
    centre: Annotated[str, typer.Option(help="address where the service listens")] = "127.0.0.1",
    radios: int = 6,
    period_s: float = 30.0,
    sos_after_s: Annotated[float | None, typer.Option(help="press SOS once, so many seconds later")] = None,
) -> None:
    """一台海能达中继台和几部电台(UDP)/ one Hytera repeater with some radios on UDP."""
    from app.simulators.command import simulate_hytera as run

    _until_ended(run(centre, radios=radios, period_s=period_s, sos_after_s=sos_after_s))


@simulate.command("gateway")
def simulate_gateway(
    name: Annotated[str, typer.Argument(help="gateway in the register")] = "pdt-zc-01",
    *,
    url: Annotated[str, typer.Option(help="the broker; ZHISHOU_MQTT_URL without it")] = "",
    radios: int = 6,
    period_s: float = 30.0,
    sos_after_s: Annotated[float | None, typer.Option(help="press SOS once, so many seconds later")] = None,
    replay_after_s: Annotated[float | None, typer.Option(help="send everything once more")] = None,
    delay_s: Annotated[float, typer.Option(help="answers come so late")] = 0.0,
    lose_answers: Annotated[bool, typer.Option("--lose-answers", help="answers are lost")] = False,
    result: Annotated[str, typer.Option(help="txack: ok, failed, timeout, rejected …")] = "ok",
) -> None:
    """一个 MQTT 网关和走动的电台 / one MQTT gateway with walking radios."""
    from app.devices.mqtt.broker import parse_broker
    from app.simulators.command import simulate_gateway as run
    from app.simulators.gateway import Trouble

    try:
        broker = parse_broker(url or Settings().mqtt_url)
    except ValueError as error:
        raise CannotStart(str(error)) from error
    trouble = Trouble(delay_s, lose_answers, result)
    _until_ended(
        run(
            broker,
            name,
            radios=radios,
            period_s=period_s,
            sos_after_s=sos_after_s,
            replay_after_s=replay_after_s,
            trouble=trouble,
        )
    )


@simulate.command("broadcast-platform")
def simulate_broadcast_platform(
    *,
    port: Annotated[int, typer.Option(help="where the platform listens, on the loopback")] = 8089,
    centre: Annotated[str, typer.Option(help="where it posts to; the service's door without it")] = "",
    code: Annotated[str, typer.Option(help="its EBRID, 23 digits")] = "",
    centre_code: Annotated[str, typer.Option(help="ours, as the register has it")] = "",
    terminals: Annotated[int, typer.Option(min=1, max=10_000)] = 60,
    regions: Annotated[str, typer.Option(help="villages of its terminals: 990181100201,990181100202")] = "",
    failing: Annotated[int, typer.Option(help="so many terminals play nothing")] = 0,
    start_s: Annotated[float, typer.Option(help="so long after its arrival a message plays")] = 3.0,
    plays_s: Annotated[float, typer.Option(help="… and so long it plays")] = 20.0,
    silent_after_s: Annotated[float | None, typer.Option(help="it answers no more, so much later")] = None,
    lies: Annotated[bool, typer.Option("--lies", help="success, whatever the terminals did")] = False,
    hostile: Annotated[bool, typer.Option("--hostile", help="posts what should not be posted")] = False,
    keys: Annotated[Path | None, typer.Option(help="its key, a line as in docs/broadcast-wire.md")] = None,
    register: Annotated[
        Path | None, typer.Option(help="its terminals: EBRID,name,lon,lat,StateCode,plays|mute a line")
    ] = None,
) -> None:
    """一个县级应急广播平台(GD/J 2018)/ one county broadcast platform with its loudspeakers."""
    from app.simulators.broadcast_command import PlatformScript
    from app.simulators.broadcast_command import simulate_broadcast_platform as run

    settings = Settings()
    script = PlatformScript(
        port=port,
        centre=centre or f"http://{settings.host}:{settings.port}/EB/ebdsvc.html",
        code=code or f"4{settings.stream}0000000314010101",
        centre_code=centre_code or f"4{settings.stream}0000000001010101",
        terminals=terminals,
        regions=tuple(one for one in regions.split(",") if one) or (f"{settings.stream}000000",),
        failing=failing,
        start_s=start_s,
        plays_s=plays_s,
        silent_after_s=silent_after_s,
        lies=lies,
        hostile=hostile,
        register=register,
    )
    try:
        _until_ended(run(script, keys))
    except ValueError as error:
        raise CannotStart(str(error)) from error


@simulate.command("desks")
def simulate_desks(
    *,
    lost_after_s: Annotated[
        float, typer.Option(help="the last desk's line goes dead, so many seconds later")
    ] = 60.0,
) -> None:
    """几个乡镇的值班终端 / open consoles of some townships of the demo city."""
    from app.demo.accounts import TOWNSHIP_DESKS
    from app.simulators.desks import run_desks
    from app.stage.seed import DEMO_PASSWORD

    settings = Settings()
    address = f"http://{settings.host}:{settings.port}"
    _until_ended(run_desks(address, tuple(TOWNSHIP_DESKS), DEMO_PASSWORD, lost_after_s))


@simulate.command("warnings")
def simulate_warnings(
    *,
    key: Annotated[str, typer.Option(help="key of the source; the demo's without it")] = "",
    secret: Annotated[str, typer.Option(help="secret of the source")] = "",
    pause_s: Annotated[float, typer.Option(help="so many seconds between alert, update and cancel")] = 20.0,
    exercise: Annotated[bool, typer.Option("--exercise", help="as a drill")] = False,
) -> None:
    """12379 推送:两个乡镇暴雨红色,降为黄色,解除 / a red rainstorm, its update, its cancel."""
    from app.simulators.warnings import DEMO_KEY, DEMO_SECRET, push_chain

    settings = Settings()
    address = f"http://{settings.host}:{settings.port}"
    status = "Exercise" if exercise else "Actual"
    _until_ended(push_chain(address, key or DEMO_KEY, secret or DEMO_SECRET, pause_s, status))


@simulate.command("demo")
def simulate_demo(
    *,
    story: Annotated[bool, typer.Option(help="calls for help from time to time")] = True,
) -> None:
    """演示城市的全部模拟设备 / all simulated devices of the demo city."""
    from app.simulators.command import simulate_demo as run
    from app.simulators.command import simulate_hytera as run_repeater
    from app.simulators.satellite import simulate_satellites

    settings = Settings()

    async def play() -> None:
        async with asyncio.TaskGroup() as group:
            ground = run(settings.jt808_host, settings.jt808_port, settings.data / "beidou", story=story)
            group.create_task(ground)
            group.create_task(simulate_satellites(settings.data, story=story))
            if settings.hytera_links:
                group.create_task(run_repeater())

    _until_ended(play())


@simulate.command("drones")
def simulate_drones() -> None:
    """演示城市的无人机 / the drones of the demo: over MAVLink, and in a DJI dock at the broker."""
    from app.simulators.drones import simulate_drones as run

    settings = Settings()
    places = json.loads((settings.data / "drones.json").read_text("utf-8"))
    _until_ended(run(places, settings.mavlink_udp, settings.dji_mqtt_url))
