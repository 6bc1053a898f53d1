"""`zhishou device unpin | renewed`: what is done to the passwords and codes of devices at the machine."""

from __future__ import annotations

import asyncio
import getpass
import os
from datetime import datetime
from typing import Annotated

import typer

from app.clock import SystemClock
from app.config import Settings
from app.preflight import CannotStart
from app.refusals import Refusal

device = typer.Typer(help="设备 / devices.", no_args_is_help=True)


@device.command("unpin")
def unpin(
    family: Annotated[str, typer.Argument(help="jt808")],
    number: Annotated[str, typer.Argument(help="number in the register, e.g. 19900010006")],
) -> None:
    """更换终端:解除号码与旧终端的绑定 / let another terminal register under a number."""
    from app.node_database import unpin_device, with_database

    with with_database(Settings()) as settings:
        asyncio.run(unpin_device(settings, family, number))
    typer.echo(f"已解除绑定 / unpinned: {family} {number}")


@device.command("renewed")
def renewed(
    gateway: Annotated[str, typer.Argument(help="its number in the register = its name at the broker")],
    *,
    by: Annotated[str, typer.Option(help="更换人 / who renewed it; else who is logged in here")] = "",
    at: Annotated[
        str, typer.Option(help="何时,如 2026-11-28T09:30 / since when, in the county's time; else now")
    ] = "",
) -> None:
    """记录网关口令已更换 / write down that a gateway got another password, where no list tells it.

    What `prepare.sh --gateway | --renew` writes into its list is noted by itself.
    """
    from app.node_database import with_database

    with with_database(Settings()) as settings:
        fresh = asyncio.run(_note(settings, gateway, by or _who_is_here(), at))
    typer.echo(
        f"已记入日志 / written into the journal: {gateway}"
        if fresh
        else f"{gateway} 已有同样或更新的记录,未作改动 / the same or a later date is known already: {gateway}"
    )


async def _note(settings: Settings, gateway: str, by: str, at: str) -> bool:
    from app.db import Database
    from app.devices.credentials.actions import note
    from app.devices.credentials.rules import MOST_WRITTEN, Renewal, is_news

    now = SystemClock().now()
    since = _instant(at, settings) if at else now
    told = Renewal(gateway, since, by[:MOST_WRITTEN])
    if not is_news(told, None, now):
        raise CannotStart(f"时间 {at} 在将来,请核对。\n{at} is in the future: check it.")
    database = Database(settings.database_url, pool_size=1)
    try:
        async with database.transaction() as tx:
            return await note(tx, settings.stream, told, now, "command")
    except Refusal as refusal:
        raise CannotStart(
            f"{refusal.zh};请先在“设备”页登记。\n{refusal.en}; enter it on the page of devices first."
        ) from refusal
    finally:
        await database.close()


def _instant(told: str, settings: Settings) -> datetime:
    try:
        at = datetime.fromisoformat(told)
    except ValueError as error:
        raise CannotStart(
            f"时间 {told} 有误,应形如 2026-11-28T09:30。\n{told!r} should look like 2026-11-28T09:30."
        ) from error
    return at if at.tzinfo else at.replace(tzinfo=settings.zone)


def _who_is_here() -> str:
    """Return who asked for it: who became root by sudo is told by his own name."""
    try:
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):  # a number without a name, in a container
        return f"uid {os.getuid()}"
