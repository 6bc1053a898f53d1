"""`zhishou …`: serve, demo, migrate, decode, simulate, user add, device unpin."""

from __future__ import annotations

import asyncio
import json
import sys
import warnings
from pathlib import Path
from typing import Annotated

import typer

from app.config import Settings
from app.preflight import CannotStart

cli = typer.Typer(
    help="值守 Zhishou: duty and dispatch for an emergency command centre.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
user = typer.Typer(help="账号 / accounts.", no_args_is_help=True)
cli.add_typer(user, name="user")
device = typer.Typer(help="设备 / devices.", no_args_is_help=True)
cli.add_typer(device, name="device")
simulate = typer.Typer(help="模拟设备 / simulated devices.", no_args_is_help=True)
cli.add_typer(simulate, name="simulate")


def main() -> None:
    """Run the command line; what the user can mend is a sentence, never a traceback."""
    warnings.filterwarnings("ignore", category=Warning, module="platformdirs")
    try:
        cli()
    except CannotStart as reason:
        typer.secho(str(reason), fg="red", err=True)
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None


@cli.command()
def serve() -> None:
    """运行一个节点 / run one node against DATABASE_URL (the embedded PostgreSQL without one)."""
    from app.serving import serve as run

    run(Settings())


@cli.command()
def demo(
    *,
    story: Annotated[bool, typer.Option(help="simulated calls for help from time to time")] = True,
) -> None:
    """演示城市“樟川市” / run the fictional city with simulated devices."""
    from app.stage.play import run

    run(Settings(), story=story)


@cli.command()
def migrate() -> None:
    """升级数据库结构 / bring the database to the present schema."""
    from app import migrations
    from app.serving import with_database

    with with_database(Settings()) as settings:
        migrations.upgrade(settings.database_url)
    typer.echo("数据库结构已是最新 / the database schema is up to date")


@cli.command()
def decode(
    family: Annotated[str, typer.Argument(help="jt808 | rdss40 | rdss21 | rsmc | nmea | sms-pdu | sbd")],
    file: Annotated[Path | None, typer.Argument(help="one frame a line; standard input without it")] = None,
) -> None:
    """解码设备报文 / decode device frames, one a line, into one JSON object a line."""
    from app.devices.catalogue import adapters
    from app.devices.decode import decode_lines

    if family not in adapters():
        raise CannotStart(
            f"不认识的设备类型 {family},可用:{'、'.join(sorted(adapters()))}\n"
            f"Unknown family {family!r}: use one of {', '.join(sorted(adapters()))}."
        )
    if file is not None and not file.is_file():
        raise CannotStart(f"没有文件 {file}\nNo such file: {file}")
    lines = sys.stdin.buffer if file is None else file.open("rb")
    with lines:
        for result in decode_lines(family, lines):
            sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")
            sys.stdout.flush()


@user.command("add")
def user_add(
    username: str,
    role: Annotated[str, typer.Option(help="centre_leader, shift_lead, duty_officer, …")],
    scope: Annotated[str, typer.Option(help="region code prefix: 6, 9 or 12 digits")],
    name: Annotated[str, typer.Option(help="姓名 / the person's name")],
    team: Annotated[list[int] | None, typer.Option(help="team ids the person answers for")] = None,
) -> None:
    """添加账号(密码从标准输入读取)/ add an account; the password is read from the terminal."""
    from app.serving import add_user, with_database

    password = (
        typer.prompt("密码 / password", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline()
    )
    with with_database(Settings()) as settings:
        asyncio.run(add_user(settings, username, password.rstrip("\n"), name, role, scope, team or []))
    typer.echo(f"已添加 / added: {username}")


@device.command("unpin")
def device_unpin(
    family: Annotated[str, typer.Argument(help="jt808")],
    number: Annotated[str, typer.Argument(help="number in the register, e.g. 19900010006")],
) -> None:
    """更换终端:解除号码与旧终端的绑定 / let another terminal register under a number."""
    from app.serving import unpin_device, with_database

    with with_database(Settings()) as settings:
        asyncio.run(unpin_device(settings, family, number))
    typer.echo(f"已解除绑定 / unpinned: {family} {number}")


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

    asyncio.run(
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

    asyncio.run(run(host, port, period_s=period_s))


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

    asyncio.run(run(link, frequency_s=frequency_s, sos_after_s=sos_after_s, rdss40=rdss40))


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
    asyncio.run(run(place, script))


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

    asyncio.run(run(place, bars=bars, status=status, text_after_s=text_after_s))


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

    asyncio.run(run(centre, radios=radios, period_s=period_s, sos_after_s=sos_after_s))


@simulate.command("demo")
def simulate_demo(
    *,
    story: Annotated[bool, typer.Option(help="calls for help from time to time")] = True,
) -> None:
    """演示城市的全部模拟设备 / all simulated devices of the demo city."""
    from app.simulators.command import simulate_demo as run
    from app.simulators.satellite import simulate_satellites

    settings = Settings()

    async def play() -> None:
        async with asyncio.TaskGroup() as group:
            ground = run(settings.jt808_host, settings.jt808_port, settings.data / "beidou", story=story)
            group.create_task(ground)
            group.create_task(simulate_satellites(settings.data, story=story))

    asyncio.run(play())


if __name__ == "__main__":
    main()
