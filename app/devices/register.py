"""Who is this number? A short memory over the device register, and the credentials of terminals."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.clock import Clock
from app.db import Database
from app.devices.inbox import passing
from app.devices.metrics import UNLISTED
from app.org import store as org
from app.org.store import DeviceFact

REMEMBER = timedelta(seconds=10)
MAX_REMEMBERED = 20_000
BEIDOU_FAMILIES = ("rdss21", "rdss40", "rsmc")  # one card number is one device, whatever it speaks


def families_of(family: str) -> tuple[str, ...]:
    """Return the families among which a number of this family is unique."""
    return BEIDOU_FAMILIES if family in BEIDOU_FAMILIES else (family,)


@dataclass(frozen=True, slots=True)
class Registration:
    """The answer to a terminal that registers: a fresh code, or the standard's reason why not.

    `result` as in 0x8100: 0 ok, 3 terminal already registered (with another identity), 4 no such terminal.
    """

    result: int
    auth_code: str = ""


class Register:
    """The device register as the links see it."""

    def __init__(self, database: Database, clock: Clock, stream: str) -> None:
        self._database = database
        self._clock = clock
        self._stream = stream
        self._known: OrderedDict[tuple[str, str], tuple[datetime, DeviceFact | None]] = OrderedDict()

    async def find(self, family: str, number: str) -> DeviceFact | None:
        """Return the device with this number, remembered for ten seconds.

        While the database is away what was known still holds: cut lines would not bring it back.
        """
        now = self._clock.now()
        key = (families_of(family)[0], number)
        held = self._known.get(key)
        if held is not None and now - held[0] < REMEMBER:
            return held[1]
        try:
            async with self._database.transaction() as tx:
                found = await org.device_by_number(tx, families_of(family), number)
        except Exception as error:
            if held is None or not passing(error):
                raise
            found = held[1]
        self._remember(key, found)
        return found

    async def look_up(self, family: str, numbers: Iterable[str]) -> None:
        """Read many devices at once, so that `find` knows them; nothing is read that is remembered."""
        now = self._clock.now()
        name = families_of(family)[0]
        held = ((number, self._known.get((name, number))) for number in set(numbers))
        missing = [number for number, one in held if one is None or now - one[0] >= REMEMBER]
        if len(missing) < 2:
            return
        async with self._database.transaction() as tx:
            found = await org.devices_by_number(tx, families_of(family), missing)
        known = {device.number: device for device in found}
        for number in missing:
            self._remember((name, number), known.get(number))

    async def renew(self, family: str, numbers: Sequence[str]) -> list[str]:
        """Learn anew who these terminals are, in one question; return those that may no longer speak.

        Those are the ones that were switched off, taken out, or lost their code (unpinned).
        """
        async with self._database.transaction() as tx:
            found = await org.proven_devices(tx, family, numbers)
        known = {device.number: device for device in found}
        for number in numbers:
            if number in known:
                self._remember((families_of(family)[0], number), known[number])
            else:
                self._known.pop((families_of(family)[0], number), None)
        return [number for number in numbers if number not in known]

    def _remember(self, key: tuple[str, str], found: DeviceFact | None) -> None:
        self._known[key] = (self._clock.now(), found)
        self._known.move_to_end(key)
        while len(self._known) > MAX_REMEMBERED:
            self._known.popitem(last=False)

    async def person_with(self, phone: str) -> str:
        """Return the name of the person with this telephone number, "" where nobody knows."""
        async with self._database.transaction() as tx:
            return await org.person_by_phone(tx, self._stream, phone) or ""

    async def quarantine(self, family: str, number: str, frame: bytes) -> None:
        """Note a number that stands in no register."""
        async with self._database.transaction() as tx:
            if not await org.note_unknown(tx, family, number, frame, self._clock.now()):
                UNLISTED.labels(family).inc()

    async def admit(self, family: str, number: str, frame: bytes, label: str) -> DeviceFact | None:
        """Take an unknown number whose network vouches for it into the register as "unregistered".

        Its call must still be heard. None for a device that was switched off by hand: it stays on the
        quarantine list.
        """
        await self.quarantine(family, number, frame)
        async with self._database.transaction() as tx:
            await org.admit_device(tx, self._stream, family, number, label)
        self._known.pop((families_of(family)[0], number), None)
        return await self.find(family, number)

    async def enrol(self, family: str, number: str, terminal_id: str) -> Registration:
        """Register a terminal: its id is pinned at the first time, a new code is issued every time.

        One that names no id (blank, encrypted or cut into packages) is refused: pinned, it would lock
        the real one out.
        """
        if not terminal_id.strip(" \0"):
            return Registration(4)
        code = secrets.token_hex(8)
        async with self._database.transaction() as tx:
            device = await org.device_by_number(tx, (family,), number)
            if device is None:
                return Registration(4)
            row = await org.lock_device(tx, device.id)
            if row.terminal_id and row.terminal_id != terminal_id:
                return Registration(3)
            row.terminal_id = terminal_id
            row.auth_code_hash = hashed(code)
            row.credential_at = self._clock.now()
        return Registration(0, code)

    async def unpin(self, family: str, number: str) -> bool:
        """Forget which terminal a number belongs to, and its code: the next to register is pinned.

        False if no active device has the number.
        """
        async with self._database.transaction() as tx:
            device = await org.device_by_number(tx, (family,), number)
            if device is None:
                return False
            row = await org.lock_device(tx, device.id)
            row.terminal_id = row.auth_code_hash = row.credential_at = None
        return True

    async def proves_itself(self, family: str, number: str, code: str) -> DeviceFact | None:
        """Return the device if the code is the one issued to it, else None."""
        async with self._database.transaction() as tx:
            device, kept = await org.credential(tx, family, number)
        if device is None or kept is None or not hmac.compare_digest(kept, hashed(code)):
            return None
        self._remember((families_of(family)[0], number), device)
        return device


def hashed(code: str) -> str:
    """Return a terminal's code as it is kept: whoever reads the register cannot speak for the terminal."""
    return hashlib.sha256(code.encode()).hexdigest()
