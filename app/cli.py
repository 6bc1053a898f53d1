"""`zhishou …`: serve, demo, gateway, migrate, verify-journal, decode, check-message, simulate, scenario …"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from app.cli_backup import backup
from app.cli_break_glass import break_glass
from app.cli_chain import chain
from app.cli_device import device
from app.cli_export import export
from app.cli_journal import journal
from app.cli_scenario import scenario
from app.cli_simulate import simulate
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
cli.add_typer(device, name="device")
cli.add_typer(simulate, name="simulate")
cli.add_typer(break_glass, name="break-glass")
cli.add_typer(scenario, name="scenario")
cli.add_typer(backup)
cli.add_typer(chain)
cli.add_typer(journal)
cli.add_typer(export)


@contextmanager
def all_kept() -> Iterator[None]:
    """Let the collector of garbage rest while the program is imported: nothing of it is ever thrown away.

    Nor does it search it afterwards, which would cost the start that follows three quarters of a second.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


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
    with all_kept():
        from app.serving import serve as run

    run(Settings())


@cli.command()
def demo(
    *,
    story: Annotated[bool, typer.Option(help="simulated calls for help from time to time")] = True,
) -> None:
    """演示城市“樟川市” / run the fictional city with simulated devices."""
    with all_kept():
        from app.stage.play import run

    run(Settings(), story=story)


@cli.command()
def migrate() -> None:
    """升级数据库结构 / bring the database to the present schema."""
    from app import migrations
    from app.node_database import migrate as run

    try:
        ahead = run(Settings())
    except migrations.SchemaAhead as newer:
        raise CannotStart(str(newer)) from newer
    typer.echo(
        "数据库结构比本程序新,仍可使用,未作改动 / the schema is newer than this program and still serves it"
        if ahead
        else "数据库结构已是最新 / the database schema is up to date"
    )


@cli.command("database-role")
def database_role(
    name: Annotated[str, typer.Argument(help="the role that the service logs in as")] = "zhishou_service",
) -> None:
    """数据库服务角色:只能追加日志,不能改删(密码从标准输入读取)/ make the role that cannot alter the journal.

    Run it once as the owner (ZHISHOU_OWNER_DATABASE_URL, else DATABASE_URL), after `zhishou migrate`.
    """
    from app.node_database import make_role, with_database

    settings = Settings()
    owner = settings.owner_database_url or settings.database_url
    if not owner:
        password = None  # embedded: nobody but this machine gets there
    else:
        asked = (
            typer.prompt("密码 / password", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline()
        )
        password = asked.rstrip("\n") or None
    with with_database(settings.model_copy(update={"database_url": owner})) as found:
        make_role(found.database_url, name, password)
    typer.echo(
        f"角色 {name} 已就绪:DATABASE_URL 用它,ZHISHOU_OWNER_DATABASE_URL 留给 zhishou migrate / "
        f"role {name} is ready: use it in DATABASE_URL, keep the owner's in ZHISHOU_OWNER_DATABASE_URL"
    )


@cli.command()
def doctor(
    *, as_json: Annotated[bool, typer.Option("--json", help="one JSON object a finding")] = False
) -> None:
    """体检:哪里有毛病、怎么办 / say what is wrong here and what to do; exit status 1 if anything is."""
    from app.clock import SystemClock
    from app.doctor.examine import examine
    from app.node_database import as_service

    with as_service(Settings()) as settings:
        findings = asyncio.run(examine(settings, SystemClock()))
    for one in findings:
        if as_json:
            typer.echo(json.dumps(asdict(one), ensure_ascii=False))
        else:
            mark, colour = {"ok": ("✓", None), "warn": ("△", "yellow"), "bad": ("✗", "red")}[one.state]
            typer.secho(f"{mark} {one.zh}\n  {one.en}", fg=colour)
    if any(one.state == "bad" for one in findings):
        raise typer.Exit(1)


@cli.command()
def decode(
    family: Annotated[
        str,
        typer.Argument(
            help="jt808 | rdss40 | rdss21 | rsmc | nmea | hdap | hstrp | hrnp | sms-pdu | sbd | mqtt-gateway"
            " | gdj089 (试验 / experimental)"
        ),
    ],
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


@cli.command("check-message")
def check_message(
    kind: Annotated[str, typer.Argument(help="cap | 12379 | ebm")],
    files: Annotated[list[Path], typer.Argument(help="CAP, 12379: XML; ebm: EBD or EBDS XML, or the TAR")],
    trust: Annotated[
        Path | None,
        typer.Option(
            help="folder of certificates (*.ca, *.cert) for TARs; the trial certificates without it"
        ),
    ] = None,
) -> None:
    """核查预警和应急广播消息 / check messages of warnings and broadcast: one JSON object a file."""
    from app.codecs.check import check_files
    from app.codecs.ebm.certificate import BadCertificate
    from app.codecs.ebm.trust import trust_of

    try:
        results = check_files(kind, files, trust_of(trust))
    except KeyError:
        raise CannotStart(
            f"不认识的消息类型 {kind},可用:cap、12379、ebm\n"
            f"Unknown kind of message {kind!r}: use cap, 12379 or ebm."
        ) from None
    except (BadCertificate, OSError) as error:
        raise CannotStart(f"证书无法使用:{error}\nThe certificates cannot be used: {error}") from error
    for result in results:
        sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")
        sys.stdout.flush()


@cli.command()
def gateway() -> None:
    """边缘网关:把本地设备(北斗、部标终端、370 兆、卫星电话)接到中心的 MQTT / run an edge gateway."""
    from app.clock import SystemClock
    from app.gateway.station import run

    try:
        asyncio.run(run(Settings(), SystemClock()))
    except ValueError as error:
        raise CannotStart(str(error)) from error


@user.command("add")
def user_add(
    username: str,
    role: Annotated[str, typer.Option(help="centre_leader, shift_lead, duty_officer, …")],
    scope: Annotated[str, typer.Option(help="region code prefix: 6, 9 or 12 digits")],
    name: Annotated[str, typer.Option(help="姓名 / the person's name")],
    team: Annotated[list[int] | None, typer.Option(help="team ids the person answers for")] = None,
) -> None:
    """添加账号(密码从标准输入读取)/ add an account; the password is read from the terminal."""
    from app.node_database import add_user, with_database

    password = (
        typer.prompt("密码 / password", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline()
    )
    with with_database(Settings()) as settings:
        asyncio.run(add_user(settings, username, password.rstrip("\n"), name, role, scope, team or []))
    typer.echo(f"已添加 / added: {username}")


if __name__ == "__main__":
    main()
