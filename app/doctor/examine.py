"""Look at the machine, the database and the running service, and return what was found of each."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import asyncpg
import httpx

from app import migrations
from app.backup.chain.place import lives
from app.backup.rules import made_at
from app.clock import Clock
from app.config import Settings
from app.doctor import chains, rules, store
from app.doctor.archiving import judged
from app.doctor.rules import Finding
from app.tracking.history.rules import ahead, day_of

_SECRETS = ("exchange_keys_file", "broadcast_keys_file", "mqtt_key", "anchor_key_file")
_CERTIFICATES = ("mqtt_cert", "mqtt_ca", "exchange_ca")
_PROGRAM_WITHIN_S = 5


async def examine(settings: Settings, clock: Clock) -> list[Finding]:
    """Return every finding, the database's first. Nothing is changed."""
    return [
        *await _database(settings, clock),
        *await _service(settings),
        *_disks(settings),
        *_backups(settings, clock),
        *_files(settings, clock),
        *rules.settings(_given(), _known()),
    ]


async def _database(settings: Settings, clock: Clock) -> list[Finding]:
    try:
        found = await store.facts(settings.database_url, settings.stream)
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        return [
            Finding(
                "database",
                "bad",
                f"无法连接数据库:{error},请检查 DATABASE_URL 和数据库服务",
                f"the database cannot be reached: {error}; check DATABASE_URL and the server",
            )
        ]
    off_s = (clock.now() - found.now).total_seconds()
    return [
        rules.server(found.version),
        rules.schema(found.migration, migrations.newest(), ahead=_ahead(found)),
        rules.clock(off_s, synchronised=_synchronised()),
        rules.keepers(found.keepers_without_factor),
        *(
            [
                rules.journal_role(found.altering_role),
                rules.emergency(sealed=found.emergency_sealed),
                rules.journal_hash(settings.journal_hash, found.chained_by),
            ]
            if found.migration
            else []
        ),
        *(rules.waiting(one.channel, one.count, one.oldest_s) for one in found.waiting),
        *_history(found, settings),
        *judged(found.archiving, wanted=settings.wal_archived),
        *(chains.kept(found.slot.behind, lost=found.slot.lost) if found.slot else ()),
    ]


def _history(found: store.Facts, settings: Settings) -> Iterator[Finding]:
    told, folder = found.history, settings.positions_archive
    if told is None:
        return
    yield rules.history(ahead(day_of(found.now), told.parts), told.outside)
    if told.files:
        missing = [name for name, size in told.files if folder is None or not _is_whole(folder / name, size)]
        yield rules.archives(missing, None if folder is None else str(folder))


def _is_whole(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size


def _ahead(found: store.Facts) -> bool:
    try:
        return migrations.serves(found.migration, found.schema_word) == "ahead"
    except migrations.SchemaAhead:
        return False


async def _service(settings: Settings) -> list[Finding]:
    address = f"http://{settings.host}:{settings.port}/api/health"
    try:
        async with httpx.AsyncClient(timeout=_PROGRAM_WITHIN_S, trust_env=False) as client:
            health = (await client.get(address)).json()
            return rules.parts(health["parts"])
    except httpx.ConnectError:
        return [
            Finding(
                "service",
                "warn",
                f"服务没有在 {settings.host}:{settings.port} 运行",
                f"no service runs at {settings.host}:{settings.port}",
            )
        ]
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return [
            Finding(
                "service",
                "bad",
                f"{settings.host}:{settings.port} 上有程序,但不像本系统那样应答,请查看是谁占用了端口",
                f"{settings.host}:{settings.port} is held by something else: see what listens there",
            )
        ]


def _disks(settings: Settings) -> Iterator[Finding]:
    seen: set[int] = set()
    folders = (settings.data, settings.backup_folder, settings.paper_folder, settings.positions_archive)
    for folder in filter(None, folders):
        there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
        device = there.stat().st_dev
        if device not in seen:
            seen.add(device)
            usage = shutil.disk_usage(there)
            yield rules.disk(str(folder), usage.total, usage.free)


def _backups(settings: Settings, clock: Clock) -> list[Finding]:
    folder = settings.backup_folder
    names = [path.name for path in folder.iterdir()] if folder and folder.is_dir() else []
    instants = [at for name in names if (at := made_at(name, settings.stream)) is not None]
    whole = rules.backup(max(instants, default=None), clock.now(), configured=folder is not None)
    return [whole, *_chains(settings, clock)]


def _chains(settings: Settings, clock: Clock) -> list[Finding]:
    folder = settings.backup_folder
    found = lives(folder, settings.stream) if folder else {}
    sealed = [
        path.stat().st_mtime for life in found for path in (folder or Path()).glob(f"{life}/wal/0*.age")
    ]
    log_at = datetime.fromtimestamp(max(sealed), UTC) if sealed else None
    return chains.judged(found, log_at, clock.now())


def _files(settings: Settings, clock: Clock) -> Iterator[Finding]:
    secrets = [getattr(settings, name) for name in _SECRETS]
    for path in (*filter(None, secrets), Path(".env")):
        if path.is_file():
            yield rules.readable_by_others(str(path), path.stat().st_mode)
    yield from _ages(settings, clock)
    for path in filter(None, (getattr(settings, name) for name in _CERTIFICATES)):
        if (ends := _ends(path)) is not None:
            yield rules.certificate(str(path), ends, clock.now())


def _ages(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Judge how long keys and the gateways' passwords are in use: a file's last change, a line's day."""
    most, now = settings.credentials_max_days, clock.now()
    if not most:
        return
    for path in filter(None, (getattr(settings, name) for name in _SECRETS)):
        if path.is_file():
            yield rules.age(str(path), datetime.fromtimestamp(path.stat().st_mtime, UTC), now, most)
    listed = settings.gateway_credentials
    if listed is not None:
        try:
            yield from rules.gateways(listed.read_text(encoding="utf-8"), now, most)
        except (OSError, ValueError) as error:
            yield Finding(
                "credentials",
                "warn",
                f"ZHISHOU_GATEWAY_CREDENTIALS 读不了:{error}",
                f"ZHISHOU_GATEWAY_CREDENTIALS cannot be read: {error}",
            )


def _ends(certificate: Path) -> datetime | None:
    """Return until when a PEM certificate holds; None where openssl is not there to read it."""
    said = _said("openssl", "x509", "-enddate", "-noout", "-in", str(certificate))
    try:
        return parsedate_to_datetime(_as_mail_date(said)).replace(tzinfo=UTC)
    except (ValueError, IndexError):
        return None


def _as_mail_date(said: str) -> str:
    month, day, hour, year = said.removeprefix("notAfter=").split()[:4]
    return f"{day} {month} {year} {hour} +0000"


def _synchronised() -> bool | None:
    """Whether the system says that its clock is kept right; None where it does not say."""
    return {"yes": True, "no": False}.get(_said("timedatectl", "show", "-P", "NTPSynchronized").strip())


def _said(*command: str) -> str:
    try:
        return subprocess.run(  # noqa: S603  fixed programs
            command, capture_output=True, text=True, timeout=_PROGRAM_WITHIN_S, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ""


def _given() -> list[str]:
    written = Path(".env").read_text(encoding="utf-8").splitlines() if Path(".env").is_file() else []
    names = [*os.environ, *(line.partition("=")[0].removeprefix("export ").strip() for line in written)]
    return [name.upper() for name in names if name.upper().startswith("ZHISHOU_")]


def _known() -> list[str]:
    return [f"ZHISHOU_{name.upper()}" for name in Settings.model_fields if name != "database_url"]
