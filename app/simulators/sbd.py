"""An Iridium SBD modem (9602) on a cable, with the gateway that it talks to."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from typing import Self

from app.simulators.at_line import AtPhone

IMEI = "300000000000017"
_WRITE = re.compile(r"\+SBDWB=([0-9]{1,4})\Z")
_KEPT = 10_000


class SbdModem(AtPhone):
    """A modem and its gateway. Use it as `with SbdModem() as modem:` in a loop.

    `sent` is what the gateway took, `send_down` what it has for the modem. To stage trouble: `bars`,
    `status` (the MO status of the next sessions: 32 no service, 36 try later), `bad_checksums` (how many
    frames come damaged), `rings` (False loses ring alerts), `mute`, `raw`.
    """

    def __init__(self, *, imei: str = IMEI, on_sent: Callable[[bytes], None] | None = None) -> None:
        super().__init__()
        self.imei = imei
        self.bars = 4
        self.status = 0
        self.bad_checksums = 0
        self.rings = True
        self.sessions: list[str] = []
        self.sent: deque[bytes] = deque(maxlen=_KEPT)
        self._on_sent = on_sent
        self._mo = b""
        self._mt = b""
        self._queue: deque[bytes] = deque()
        self._ringing = False
        self._momsn = 0
        self._mtmsn = 0

    def __enter__(self) -> Self:
        """Switch on."""
        self.plug_in()
        return self

    def __exit__(self, *_: object) -> None:
        """Switch off."""
        self.pull_out()

    def send_down(self, content: bytes) -> None:
        """Queue a message at the gateway; the modem is rung for it."""
        self._queue.append(content)
        if self.rings:
            self._ringing = True
            self.say("SBDRING")

    def obey(self, command: str) -> None:
        """Answer one command."""
        if match := _WRITE.match(command):
            self._prepare(int(match[1]))
        elif command in ("+SBDIX", "+SBDIXA"):
            self._session(command)
        elif command == "+SBDRB":
            self._read()
        elif command in ("+SBDD0", "+SBDD1", "+SBDD2"):
            self._mo = b"" if command != "+SBDD1" else self._mo
            self._mt = b"" if command != "+SBDD0" else self._mt
            self.say("0", "OK")
        elif command == "+SBDSX":
            flags = f"{int(bool(self._mo))}, {self._momsn}, {int(bool(self._mt))}, {self._mtmsn}"
            self.say(f"+SBDSX: {flags}, {int(self._ringing)}, {len(self._queue)}", "OK")
        else:
            self._plain(command)

    def _plain(self, command: str) -> None:
        if command in ("E0", "E1"):
            self.echo = command == "E1"
        answers = {
            "+CSQF": (f"+CSQF:{self.bars}",),
            "+CSQ": (f"+CSQ:{self.bars}",),
            "+CGSN": (self.imei,),
            "+CGMR": ("Call Processor Version: TA19002",),
            "+CGMM": ("IRIDIUM 9600 Family SBD Transceiver",),
        }
        known = command in ("", "E0", "E1", "&K0", "+SBDMTA=1", "+SBDMTA=0")
        if command in answers or known:
            self.say(*answers.get(command, ()), "OK")
        else:
            self.say("ERROR")

    def _prepare(self, count: int) -> None:
        if not 1 <= count <= 340:
            self.say("3", "OK")
            return
        self.say("READY")
        self.take(count + 2, self._written)

    def _written(self, body: bytes) -> None:
        total = 0
        for octet in body[:-2]:
            total = (total + octet) % 65536
        good = body[-2] * 256 + body[-1] == total
        if good:
            self._mo = body[:-2]
        self.say("0" if good else "2", "OK")

    def _session(self, command: str) -> None:
        self.sessions.append(command)
        self._momsn += 1
        if self.status > 4 or self.bars == 0:
            self.say(f"+SBDIX: {self.status or 32}, {self._momsn}, 2, 0, 0, 0", "OK")
            return
        if self._mo:
            self.sent.append(self._mo)
            if self._on_sent:
                self._on_sent(self._mo)
        self._ringing = False
        came = 0
        if self._queue:
            self._mt = self._queue.popleft()
            self._mtmsn += 1
            came = 1
        came_down = f"{came}, {self._mtmsn}, {len(self._mt)}, {len(self._queue)}"
        self.say(f"+SBDIX: {self.status}, {self._momsn}, {came_down}", "OK")

    def _read(self) -> None:
        total = sum(self._mt) % 65536
        if self.bad_checksums:
            self.bad_checksums -= 1
            total ^= 1
        size = len(self._mt)
        self.raw(bytes((size >> 8, size & 255)) + self._mt + bytes((total >> 8, total & 255)))
        self.say("OK")
