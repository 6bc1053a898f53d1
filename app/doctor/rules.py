"""Judge what was found on the machine: well, soon trouble, or trouble, each with what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, TypeVar

from app.devices.credentials import rules as credentials

State = Literal["ok", "warn", "bad"]
_Amount = TypeVar("_Amount", float, timedelta)
GIB = 1 << 30

DISK_WARN_SHARE, DISK_BAD_SHARE = 0.15, 0.05
DISK_BAD_FREE = 2 * GIB
CLOCK_WARN_S, CLOCK_BAD_S = 0.5, 2.0  # a report's clock is read in minutes, the ladder's in seconds
BACKUP_WARN, BACKUP_BAD = timedelta(hours=26), timedelta(days=8)
CERTIFICATE_WARN = timedelta(days=30)
WAITING_WARN_S, WAITING_BAD_S = 60.0, 600.0
OLDEST_SERVER = 15
_PREFIX = "ZHISHOU_"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. Sentences in both languages; `ok` needs no advice."""

    check: str
    state: State
    zh: str
    en: str


def disk(name: str, total: int, free: int) -> Finding:
    """Judge the room left for a folder, in bytes."""
    share = free / total if total else 0.0
    bad = share < DISK_BAD_SHARE or free < DISK_BAD_FREE
    state: State = "bad" if bad else "warn" if share < DISK_WARN_SHARE else "ok"
    zh, en = (
        f"{name} 所在磁盘剩余 {free / GIB:.1f} GiB({share:.0%})",
        f"{name}: {free / GIB:.1f} GiB free ({share:.0%})",
    )
    return _advised(
        Finding("disk", state, zh, en),
        ",磁盘写满后系统会停止接收,请清理或扩容",
        "; a full disk stops the service: make room or add space",
    )


def schema(current: str | None, newest: str, *, ahead: bool = False) -> Finding:
    """Judge at which migration the database stands; `ahead`: newer than we are, and we may serve it."""
    if current == newest:
        return Finding("schema", "ok", f"数据库结构 {current}", f"database schema {current}")
    if ahead:
        return Finding(
            "schema",
            "warn",
            f"数据库结构 {current} 比本程序({newest})新,仍可使用;升级完成后不应再见到本条",
            f"the schema {current} is newer than this program ({newest}), and served: finish the upgrade",
        )
    return Finding(
        "schema",
        "bad",
        f"数据库结构 {current or '为空'},程序需要 {newest},请运行 zhishou migrate",
        f"the database is at {current or 'no schema'}, the program needs {newest}: run `zhishou migrate`",
    )


def server(version: str) -> Finding:
    """Judge the version of PostgreSQL."""
    major = int(version.split(".", maxsplit=1)[0])
    if major >= OLDEST_SERVER:
        return Finding("postgresql", "ok", f"PostgreSQL {version}", f"PostgreSQL {version}")
    return Finding(
        "postgresql",
        "bad",
        f"PostgreSQL {version} 过旧,需要 {OLDEST_SERVER} 及以上",
        f"PostgreSQL {version} is too old: {OLDEST_SERVER} or newer is needed",
    )


def clock(off_s: float, *, synchronised: bool | None) -> Finding:
    """Judge how far this machine's clock is from the database's, and whether anything keeps it right."""
    said_zh, said_en = f"与数据库时钟相差 {abs(off_s):.1f} 秒", f"{abs(off_s):.1f} s off the database's clock"
    state = _graded(abs(off_s), CLOCK_WARN_S, CLOCK_BAD_S)
    if state == "ok" and synchronised is False:
        return Finding(
            "clock",
            "warn",
            f"{said_zh},但本机没有校时服务在运行,请启用 chrony 或 systemd-timesyncd",
            f"{said_en}, but nothing keeps it right: enable chrony or systemd-timesyncd",
        )
    found = Finding("clock", state, said_zh, said_en)
    return _advised(found, ",请校时(NTP/北斗授时)", ": set the clocks by NTP or Beidou")


def waiting(channel: str, count: int, oldest_s: float) -> Finding:
    """Judge messages that wait to leave by one channel."""
    state = _graded(oldest_s, WAITING_WARN_S, WAITING_BAD_S)
    zh = f"待发 {channel} 消息 {count} 条,最早的等了 {oldest_s:.0f} 秒"
    en = f"{count} messages wait for {channel}, the oldest for {oldest_s:.0f} s"
    found = Finding("outbox", state, zh, en)
    return _advised(found, ",请检查这条线路的设备和连接", ": look at that line's device and link")


def keepers(without: int) -> Finding:
    """Judge how many who may change accounts log in by a password alone."""
    if without == 0:
        return Finding(
            "second_factor",
            "ok",
            "管理账号的人员都有二次验证",
            "everybody who manages accounts has a second factor",
        )
    return Finding(
        "second_factor",
        "warn",
        f"{without} 个可管理账号的账号没有二次验证,请设置,或用 ZHISHOU_SECOND_FACTOR_ROLES 规定必须设置",
        f"{without} accounts that manage accounts have no second factor: set it up, or require it by "
        "ZHISHOU_SECOND_FACTOR_ROLES",
    )


def journal_role(altering: str | None) -> Finding:
    """Judge whether the role by which the service uses its database could change the journal."""
    if altering is None:
        return Finding(
            "database_role",
            "ok",
            "服务的数据库角色只能追加日志,不能改删",
            "the service's database role can append to the journal and not alter it",
        )
    return Finding(
        "database_role",
        "warn",
        f"服务以角色 {altering} 使用数据库,它能改动日志;请用 zhishou database-role 建立服务角色",
        f"the service uses the database as {altering}, which could alter the journal: make a role for it by "
        "`zhishou database-role`",
    )


def journal_hash(wanted: str, found: str) -> Finding:
    """Judge whether the journal is chained by what this node was told."""
    if found in ("", wanted):
        return Finding("journal_hash", "ok", f"日志哈希链:{wanted}", f"the journal is chained by {wanted}")
    return Finding(
        "journal_hash",
        "warn",
        f"日志哈希链为 {found},而本机 ZHISHOU_JOURNAL_HASH={wanted};各节点应设为相同,重启后生效",
        f"the journal is chained by {found} and ZHISHOU_JOURNAL_HASH is {wanted} here: set the same on every "
        "node; it takes effect at a restart",
    )


def emergency(*, sealed: bool) -> Finding:
    """Judge whether there is a way in when nobody can log in."""
    if sealed:
        return Finding("emergency", "ok", "应急账号已密封", "the emergency login lies sealed")
    return Finding(
        "emergency",
        "warn",
        "没有密封的应急账号;请运行 zhishou break-glass seal 并打印",
        "no emergency login lies sealed for a night when nobody can log in: run `zhishou break-glass seal`",
    )


def history(ahead: int, outside: int) -> Finding:
    """Judge the history of positions: days made ahead, and rows whose time belongs to no day."""
    if outside:
        return Finding(
            "history",
            "warn",
            f"{outside} 条轨迹不属于任何一天的表,都保存在 track_other 中;服务运行后几分钟内会归入各日,"
            "仍然留下的请核对时钟(本机的时钟曾经不对)",
            f"{outside} positions belong to no day's table; they are kept in track_other. The running "
            "service sorts them within minutes; for those that remain the clock was wrong: check it",
        )
    if ahead:
        return Finding("history", "ok", f"轨迹已备好今后 {ahead} 天的表", f"{ahead} days ahead have a table")
    return Finding(
        "history",
        "warn",
        "明天的轨迹表还没有建立(数据不会丢失,先入 track_other),请启动服务;已在运行的,请看其日志",
        "tomorrow has no table of positions yet (none is lost: track_other takes them): start the service, "
        "or look at its log if it runs",
    )


def archives(missing: Sequence[str], folder: str | None) -> Finding:
    """Judge whether the archives of positions that were written are where they belong, whole in size."""
    if not missing:
        return Finding("archives", "ok", "轨迹归档文件都在", "every archive of positions is there")
    named = ", ".join(missing[:3])
    where = folder or "ZHISHOU_POSITIONS_ARCHIVE"
    return Finding(
        "archives",
        "warn",
        f"{len(missing)} 个轨迹归档文件不在 {where} 或大小不符:{named},请从另存处取回",
        f"{len(missing)} archives of positions are not in {where} or not whole: {named}; bring them back",
    )


def parts(health: Mapping[str, Mapping[str, object]]) -> list[Finding]:
    """Judge the parts of the running service by what they say of themselves."""
    ill = [name for name, told in health.items() if not told.get("ok", True)]
    if not ill:
        return [
            Finding(
                "service", "ok", f"服务正常,{len(health)} 个部件", f"the service is well, {len(health)} parts"
            )
        ]
    return [
        Finding(
            "service",
            "bad",
            f"服务部件 {name} 不正常:{_facts(health[name])},请看服务日志",
            f"part {name} of the service is not well: {_facts(health[name])}; see its log",
        )
        for name in ill
    ]


def backup(newest: datetime | None, now: datetime, *, configured: bool) -> Finding:
    """Judge the age of the newest archive."""
    if not configured or newest is None:
        return Finding(
            "backup",
            "bad" if configured else "warn",
            "还没有备份,请设置 ZHISHOU_BACKUP_FOLDER 并定时运行 zhishou backup",
            "there is no backup: set ZHISHOU_BACKUP_FOLDER and run `zhishou backup` by a timer",
        )
    hours = (now - newest) / timedelta(hours=1)
    state = _graded(now - newest, BACKUP_WARN, BACKUP_BAD)
    zh, en = f"最近一次备份在 {hours:.0f} 小时前", f"the newest backup is {hours:.0f} hours old"
    return _advised(Finding("backup", state, zh, en), ",请检查定时任务", ": look at its timer")


def certificate(name: str, ends: datetime, now: datetime) -> Finding:
    """Judge until when a certificate holds."""
    left = ends - now
    state: State = "bad" if left <= timedelta(0) else "warn" if left < CERTIFICATE_WARN else "ok"
    zh, en = f"证书 {name} 有效至 {ends:%Y-%m-%d}", f"certificate {name} holds until {ends:%Y-%m-%d}"
    return _advised(Finding("certificate", state, zh, en), ",请更换", ": renew it")


def readable_by_others(name: str, mode: int) -> Finding:
    """Judge who may read a file of secrets, by its mode."""
    if mode & 0o077 == 0:
        return Finding("secrets", "ok", f"{name} 只有本账号可读", f"only this account reads {name}")
    return Finding(
        "secrets",
        "bad",
        f"{name} 存有密钥,其他账号也能读,请运行 chmod 600 {name}",
        f"{name} holds secrets and others can read it: run `chmod 600 {name}`",
    )


def age(name: str, since: datetime, now: datetime, most: int) -> Finding:
    """Judge how many days a key or password is in use; `most` are allowed."""
    days = max(0, (now - since).days)
    zh, en = f"{name} 已使用 {days} 天", f"{name} is {days} days old"
    found = Finding("credentials", "ok" if days <= most else "warn", zh, en)
    return _advised(found, f",超过 {most} 天,请更换", f", more than {most}: renew it")


def gateways(listed: str, now: datetime, most: int) -> list[Finding]:
    """Judge the passwords of gateways by the list of them. Raises ValueError for a day that is none."""
    return [
        age(f"网关密码 / gateway password {one.gateway}", one.at, now, most)
        for one in credentials.read(listed + "\n")
    ]


def settings(given: Iterable[str], known: Sequence[str]) -> list[Finding]:
    """Name each setting that no program reads: most likely a slip of the pen."""
    found = []
    meant = [name.removeprefix(_PREFIX) for name in known]
    for name in sorted(set(given) - set(known)):
        # Without what all of them share, which would make any two look alike.
        near = [_PREFIX + one for one in difflib.get_close_matches(name[len(_PREFIX) :], meant, n=1)]
        zh = f"没有设置项 {name}" + (f",是不是 {near[0]}?" if near else ",请删除")
        en = f"no setting is named {name}" + (f": do you mean {near[0]}?" if near else ": remove it")
        found.append(Finding("settings", "warn", zh, en))
    return found or [Finding("settings", "ok", "设置项的名称都认识", "every setting has a known name")]


def _facts(told: Mapping[str, object]) -> str:
    return ", ".join(f"{name}={value}" for name, value in told.items() if name != "ok")


def _graded(value: _Amount, warn: _Amount, bad: _Amount) -> State:
    return "bad" if value > bad else "warn" if value > warn else "ok"


def _advised(found: Finding, zh: str, en: str) -> Finding:
    """Add what to do, unless all is well."""
    return found if found.state == "ok" else replace(found, zh=found.zh + zh, en=found.en + en)
