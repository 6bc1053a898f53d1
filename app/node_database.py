"""The database of a node, lent to a command; and the small jobs that need nothing else.

Apart from `app.serving`, whose imports take seconds: a command that reads a table need not wait for them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast, get_args

import asyncpg
from sqlalchemy.exc import IntegrityError

from app import database_role, migrations
from app.config import Settings
from app.db import Database
from app.preflight import CannotStart, require_folder
from app.refusals import Refusal


@contextmanager
def with_database(settings: Settings) -> Iterator[Settings]:
    """Lend the settings with a database: the owner's, or the embedded one in the data folder."""
    if settings.database_url:
        yield settings
        return
    require_folder(settings.data)
    from app.postgres import embedded

    with embedded(settings.data / "postgres") as url:
        yield settings.model_copy(update={"database_url": url})


@contextmanager
def as_service(settings: Settings) -> Iterator[Settings]:
    """Lend the settings with a database as the service uses it: by a role that cannot alter the journal."""
    with with_database(settings) as found:
        if settings.database_url:
            yield found
        else:
            url = database_role.embedded_service(found.database_url)
            yield found.model_copy(update={"database_url": url})


def migrate(settings: Settings) -> bool:
    """Bring the schema up as its owner, and give the service's role its rights. Raises CannotStart.

    True when the schema is newer than this program and serves it.
    """
    owner = settings.owner_database_url
    with with_database(settings.model_copy(update={"database_url": owner or settings.database_url})) as found:
        ahead = migrations.upgrade(found.database_url)
        role = database_role.role_of(settings.database_url) if owner else None
        if not settings.database_url or role is not None:
            make_role(found.database_url, role or database_role.NAME)
        return ahead


def make_role(owner_url: str, role: str, password: str | None = None) -> None:
    """Make the role that only serves. Raises CannotStart with what is wrong."""
    try:
        asyncio.run(database_role.make(owner_url, role, password))
    except database_role.RoleIsOwner as error:
        raise CannotStart(
            f"角色 {role} 拥有这些表或是超级用户,不能作为服务角色,请另用一个名称。\n"
            f"The role {role!r} owns the tables or is a superuser: name another one."
        ) from error
    except (OSError, ValueError, asyncpg.PostgresError) as error:
        raise CannotStart(
            f"无法设置数据库角色 {role}:{error}\nThe database role {role!r} could not be set up: {error}"
        ) from error


async def add_user(
    settings: Settings, username: str, password: str, name: str, role: str, scope: str, team_ids: list[int]
) -> None:
    """Store a new account. Raises CannotStart with what is wrong."""
    from app.org.accounts import new_account
    from app.org.rules.access import Role

    if role not in get_args(Role):
        raise CannotStart(
            f"没有角色 {role},可用:{'、'.join(get_args(Role))}\n"
            f"No such role {role!r}: use one of {', '.join(get_args(Role))}."
        )
    database = Database(settings.database_url, pool_size=1)
    try:
        account = new_account(username, password, name, cast("Role", role), settings.stream, scope, team_ids)
        async with database.transaction() as tx:
            tx.add(account)
    except Refusal as refusal:
        raise CannotStart(f"{refusal.zh}\n{refusal.en}") from refusal
    except IntegrityError:  # its text would print the hash
        raise CannotStart(f"账号 {username} 已存在。\nThe account {username!r} exists already.") from None
    finally:
        await database.close()


async def unpin_device(settings: Settings, family: str, number: str) -> None:
    """Let the next terminal that registers under this number be its own. Raises CannotStart."""
    from app.clock import SystemClock
    from app.devices.register import Register

    database = Database(settings.database_url, pool_size=1)
    try:
        if not await Register(database, SystemClock(), settings.stream).unpin(family, number):
            raise CannotStart(
                f"没有启用的设备 {family} {number},请核对终端号。\n"
                f"No active device {family} {number}: check the number."
            )
    finally:
        await database.close()
