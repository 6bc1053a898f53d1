"""Who is this, at the edge: every number is one, until the centre judges; terminals must stand in a file.

A terminal comes through the public network, so whoever finds the port could speak. The file of the allowed
ones (setting `gateway_terminals`) says who may; the code that a terminal proves itself with is issued here.
"""

from __future__ import annotations

import hmac
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path

import structlog

from app.devices.metrics import UNLISTED
from app.devices.register import Registration, hashed
from app.gateway.core import is_number
from app.gateway.store import Store
from app.org.store import DeviceFact

log = structlog.get_logger()
MOST_NOTED = 1000


class Everybody:
    """Whoever has a number is heard, and the centre judges what is believed of it."""

    def __init__(self) -> None:
        self._noted: OrderedDict[str, None] = OrderedDict()

    async def find(self, family: str, number: str) -> DeviceFact | None:
        """Return whoever has this number; None for what is no number."""
        return named(family, number) if is_number(number) else None

    async def admit(self, family: str, number: str, frame: bytes, label: str) -> DeviceFact | None:
        """Return whoever has this number; None for what is no number."""
        return named(family, number) if is_number(number) else None

    async def person_with(self, phone: str) -> str:
        """Return "": who somebody is, the centre knows."""
        return ""

    async def quarantine(self, family: str, number: str, frame: bytes) -> None:
        """Note in the log, once, a number that may not speak."""
        if number not in self._noted:
            log.warning("gateway_not_allowed", family=family, number=number[:32])
        self._noted[number] = None
        while len(self._noted) > MOST_NOTED:
            self._noted.popitem(last=False)
            UNLISTED.labels(family).inc()

    async def enrol(self, family: str, number: str, terminal_id: str) -> Registration:
        """Refuse: what speaks here has no code."""
        return Registration(4)

    async def proves_itself(self, family: str, number: str, code: str) -> DeviceFact | None:
        """Return nobody: what speaks here has no code."""
        return None


class AllowedTerminals(Everybody):
    """The terminals of the file; each is pinned to its id, and gets a new code whenever it registers.

    Raises ValueError for a file that is none. A file that changes is read again; one that became unreadable
    changes nothing.
    """

    def __init__(self, file: Path, store: Store) -> None:
        super().__init__()
        self._file = file
        self._store = store
        self._changed_at = 0.0
        self._allowed: Mapping[str, str] = {}
        self._read()

    def reread(self) -> bool:
        """Look whether the file has changed; True when it was read again."""
        try:
            if self._file.stat().st_mtime == self._changed_at:
                return False
            self._read()
        except (OSError, ValueError) as error:
            log.error("gateway_terminals_unreadable", file=str(self._file), error=str(error))
            return False
        return True

    async def find(self, family: str, number: str) -> DeviceFact | None:
        """Return the terminal with this number, if the file still allows it."""
        pinned, _ = self._store.terminal(number)
        if number not in self._allowed or (self._allowed[number] or pinned) != pinned:
            return None
        return named(family, number, pinned)

    async def enrol(self, family: str, number: str, terminal_id: str) -> Registration:
        """Issue a code to a terminal of the file: 3 when the number is another's, 4 when nobody's."""
        if number not in self._allowed or not terminal_id.strip(" \0"):
            return Registration(4)
        pinned, _ = self._store.terminal(number)
        if terminal_id != (self._allowed[number] or pinned or terminal_id):
            return Registration(3)
        code = secrets.token_hex(8)
        self._store.pin(number, terminal_id, hashed(code))
        return Registration(0, code)

    async def proves_itself(self, family: str, number: str, code: str) -> DeviceFact | None:
        """Return the terminal if the code is the one issued to it, else None."""
        _, kept = self._store.terminal(number)
        if not kept or not hmac.compare_digest(kept, hashed(code)):
            return None
        return await self.find(family, number)

    def _read(self) -> None:
        try:
            self._changed_at = self._file.stat().st_mtime
            lines = self._file.read_text("utf-8").splitlines()
        except OSError as error:
            raise ValueError(
                f"无法读取终端名单 {self._file} / cannot read the file of terminals {self._file}: {error}"
            ) from error
        self._allowed = dict(
            _allowed(line, at, self._file) for at, line in enumerate(lines, 1) if _words(line)
        )


def named(family: str, number: str, terminal_id: str | None = None) -> DeviceFact:
    """Return a device of which only the number is known here."""
    return DeviceFact(
        int(number), "", family, number, number, "", None, None, None, None, terminal_id=terminal_id
    )


def _words(line: str) -> list[str]:
    return line.partition("#")[0].split()


def _allowed(line: str, at: int, file: Path) -> tuple[str, str]:
    number, *more = _words(line)
    if not (number.isascii() and number.isdigit() and len(number) <= 20) or len(more) > 1:
        raise ValueError(
            f"终端名单 {file} 第 {at} 行应为“号码 [终端 ID]” / "
            f"line {at} of {file} should be: number [terminal id]"
        )
    return number.lstrip("0"), more[0] if more else ""
