"""Fetch what a polled source has: an index (Atom, RSS) or one message; and what lies in a watched folder."""

from __future__ import annotations

import asyncio
import os
import socket
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.codecs.findings import Refused
from app.codecs.markup.reader import parse
from app.outward.call import Answered, Asked, Garbled, call
from app.response.warning.rules.address import Target, entry_of, fetchable, may_be_called
from app.response.warning.rules.inlet import MOST_BYTES, entries, is_message

WAIT_S = 20.0
MOST_FILES = 50
TAKEN, LARGE = "taken", "too-large"
_ACCEPT = "application/cap+xml, application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.1"


class Unreachable(Exception):
    """A source could not be read; `zh` and `en` say why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh = zh
        self.en = en


@dataclass(slots=True)
class Fetched:
    """What was found: messages, the new mark of the index, the entries seen, those that failed."""

    messages: list[bytes] = field(default_factory=list)
    etag: str = ""
    seen: list[str] = field(default_factory=list)
    trouble: tuple[str, str] = ("", "")


async def fetch(url: str, etag: str, seen: Sequence[str]) -> Fetched:
    """Fetch an address; of an index the entries not seen before, at most fifty, from the same host only.

    Raises Unreachable.
    """
    target = fetchable(url)
    if target is None:
        raise Unreachable("地址不可用", "the address cannot be called")
    answer = await _get(target, {"If-None-Match": etag} if etag else {})
    if answer.status == 304:
        return Fetched(etag=etag, seen=list(seen))
    if answer.status != 200:
        raise Unreachable(f"对方回答 HTTP {answer.status}", f"HTTP {answer.status}")
    found = Fetched(etag=_etag(answer), seen=list(seen))
    try:
        root = parse(answer.body)
    except Refused:
        found.messages.append(answer.body)  # kept with what is wrong with it, like any other
        return found
    if is_message(root):
        found.messages.append(answer.body)
        return found
    for link in entries(root):
        if link not in found.seen:
            await _entry(target, link, found)
    return found


async def _entry(index: Target, link: str, found: Fetched) -> None:
    target = entry_of(index, link)
    if target is None:
        found.seen.append(link)
        found.trouble = (
            f"索引中的地址不在同一主机,未取:{link[:100]}",
            f"an entry lies on another host and was not fetched: {link[:100]}",
        )
        return
    try:
        answer = await _get(target, {})
    except Unreachable as error:
        found.trouble, found.etag = (error.zh, error.en), ""  # asked again next time
        return
    if answer.status != 200:
        found.trouble, found.etag = (f"条目回答 HTTP {answer.status}", f"an entry: HTTP {answer.status}"), ""
        return
    found.seen.append(link)
    found.messages.append(answer.body)


def _etag(answer: Answered) -> str:
    told = answer.headers.get("etag", "")
    return told if len(told) <= 200 and told.isascii() and told.isprintable() else ""


async def _get(target: Target, headers: dict[str, str]) -> Answered:
    address = target.address
    try:
        async with asyncio.timeout(WAIT_S):
            await _check_host(address.host, address.port)
            asked = Asked("GET", target.path, headers={"Accept": _ACCEPT, **headers})
            return await call(address, asked, MOST_BYTES + 16_384)
    except TimeoutError:
        raise Unreachable("对方没有按时回答", "no answer in time") from None
    except Garbled:
        raise Unreachable("回答过大或不是 HTTP", "the answer is too large, or no HTTP") from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise Unreachable(f"连接失败:{why}", f"cannot connect: {why}") from None


async def _check_host(host: str, port: int) -> None:
    """Refuse a name that leads to a link-local machine."""
    loop = asyncio.get_running_loop()
    for _, _, _, _, where in await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        if not may_be_called(str(where[0])):
            raise Unreachable("该域名指向不允许的地址", "the name leads to an address that may not be called")


def folder_of(data: Path, key: str) -> Path:
    """Return the folder that is watched for a source: inside our own data, by its key."""
    return data / "warnings" / key


def lying(folder: Path) -> list[tuple[Path, bytes]]:
    """Return the files that lie in a watched folder with their bytes, the oldest names first.

    Plain files named *.xml only, no links; what is too large is put aside. A file still being written is
    not whole XML: it is refused with its finding, so writers write elsewhere and move.
    """
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for path in sorted(folder.iterdir())[: MOST_FILES * 4]:
        if path.suffix.lower() != ".xml" or path.name.startswith("."):
            continue
        data = _plain(path)
        if data is None:
            continue
        if len(data) > MOST_BYTES:
            put_aside(path, LARGE)
            continue
        found.append((path, data))
    return found[:MOST_FILES]


def _plain(path: Path) -> bytes | None:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return None
        return file.read(MOST_BYTES + 1)


def put_aside(path: Path, where: str) -> None:
    """Move a file that was read out of the way; one of the same name before it is replaced."""
    aside = path.parent / where
    aside.mkdir(exist_ok=True)
    path.replace(aside / path.name)
