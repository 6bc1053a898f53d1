"""`zhishou break-glass seal`: the sealed emergency login, made at the machine and kept on paper."""

from __future__ import annotations

import asyncio

import typer

from app.clock import SystemClock
from app.config import Settings

break_glass = typer.Typer(
    help="应急账号:密封在纸上,无人能登录时使用 / the sealed emergency login.", no_args_is_help=True
)


@break_glass.callback()
def _group() -> None:
    """应急账号 / the sealed emergency login."""


@break_glass.command("seal")
def seal() -> None:
    """密封新的应急码,旧的作废;请打印后装入信封 / print a new code: `zhishou break-glass seal | lp`."""
    from app.db import Database
    from app.duty.break_glass.actions import seal as sealed
    from app.duty.break_glass.rules import sheet
    from app.node_database import with_database

    async def run(found: Settings) -> str:
        database = Database(found.database_url, pool_size=1)
        now = SystemClock().now()
        try:
            async with database.transaction() as tx:
                code = await sealed(tx, found.stream, now)
        finally:
            await database.close()
        return sheet(found.county_short, code, now, found.break_glass_hours, found.zone)

    with with_database(Settings()) as settings:
        told = asyncio.run(run(settings))
    typer.echo(told)
    typer.echo(
        "请打印、装入信封、骑缝签字,锁入保险柜;屏幕和打印队列中不要留存 / print it, seal it, lock it away; "
        "leave no copy on a screen or in a queue",
        err=True,
    )
