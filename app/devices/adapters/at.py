"""An AT command line without I/O: one command in flight, unasked words anywhere (3GPP TS 27.005, 27.007).

Feed bytes with `receive`, take what is to be written with `take_output`, let time pass with `tick`. Nothing
here raises on what a phone says, and nothing waits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.devices.adapter import Garbage
from app.devices.adapters.at_words import Answer, Command, Unasked
from app.devices.adapters.sbd import MT_MAX

MAX_HELD = 4096
MAX_LINES = 1000
ESCAPE, CTRL_Z = b"\x1b", b"\x1a"
PROMPT_S = 10.0

URCS = (
    *("RING", "+CRING", "+CLIP", "+CMTI", "+CMT", "+CDSI", "+CDS", "SBDRING", "+AREG", "RDY", "+SSENDSOS"),
    *("^SIMST", "^DSCI", "^ORIG", "^CONF", "^CONN", "^CEND", "^SYSSTART", "+CREG"),
)
"""What a phone says unasked; +CREG is also the answer to AT+CREG?, told apart by its fields."""

BOOTED = ("^SIMST", "^SYSSTART", "RDY")
"""A phone that says this has just started: whatever it was asked before, it has forgotten."""

_FINALS = ("OK", "ERROR", "+CME ERROR", "+CMS ERROR")
_CALL_FINALS = ("NO CARRIER", "BUSY", "NO ANSWER", "NO DIALTONE", "CONNECT")
_WITH_PDU = ("+CMT", "+CDS")
_ANSWERS_WITH_PDU = ("+CMGR", "+CMGL")
_CODE = re.compile(r"\+CM[ES] ERROR: *([0-9]{1,5})\Z")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+\Z")
_CREG_ANSWER = re.compile(r"\+CREG: *[0-9] *, *[0-9]")
_LINE_END = re.compile(rb"[\r\n]")
_PRINTABLE = re.compile(rb"[ -~]*\Z")


Event = Answer | Unasked | Garbage


@dataclass(slots=True)
class _Pending:
    command: Command
    deadline: datetime
    lines: list[str] = field(default_factory=list)
    prompting: bool = False
    frame: bytes = b""
    framing: bool = False


class Engine:
    """The state of one AT line."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._output = bytearray()
        self._pending: _Pending | None = None
        self._header = ""  # of +CMT or +CDS, whose PDU is the next line

    @property
    def busy(self) -> bool:
        """Whether a command is in flight."""
        return self._pending is not None

    def start(self, command: Command, now: datetime) -> None:
        """Send a command. Raises RuntimeError while another is in flight."""
        if self._pending is not None:
            raise RuntimeError(f"{self._pending.command.text} is in flight")
        prompting = bool(command.payload)
        limit_s = PROMPT_S if prompting else command.limit_s
        self._pending = _Pending(
            command, now + timedelta(seconds=limit_s), prompting=prompting, framing=command.binary
        )
        self._output += command.text.encode("ascii") + b"\r"

    def take_output(self) -> bytes:
        """Return what is to be written now."""
        data = bytes(self._output)
        self._output.clear()
        return data

    def receive(self, data: bytes, now: datetime) -> list[Event]:
        """Take the next bytes; return what they complete, in order."""
        self._held += data
        out: list[Event] = []
        while self._step(out, now):
            pass
        if len(self._held) > MAX_HELD:
            out.append(Garbage(bytes(self._held), "oversized"))
            self._held.clear()
        return out

    def tick(self, now: datetime) -> list[Event]:
        """Give up a command whose time is over; one that was never prompted for is cancelled with ESC."""
        pending = self._pending
        if pending is None or now < pending.deadline:
            return []
        if pending.prompting:
            self._output += ESCAPE
        return [self._end("TIMEOUT")]

    def quiet(self) -> list[Event]:
        """Give up half a line and a PDU that was announced: the line fell silent."""
        out: list[Event] = []
        if self._header:
            out.append(Garbage(self._header.encode("ascii"), "no pdu"))
            self._header = ""
        rest = bytes(self._held)
        self._held.clear()
        if rest.strip(b"\r\n >"):
            out.append(Garbage(rest, "incomplete"))
        return out

    def _step(self, out: list[Event], now: datetime) -> bool:
        """Take one thing from the front; False when more bytes are needed."""
        pending = self._pending
        at = next((at for at, octet in enumerate(self._held) if octet not in b"\r\n"), len(self._held))
        del self._held[:at]
        if not self._held:
            return False
        if pending and pending.framing and self._held[0] <= MT_MAX >> 8:
            return self._frame(pending)
        if pending and pending.prompting and pending.command.prompt == ">" and self._held[0] == ord(">"):
            del self._held[:1]
            self._prompted(pending, now)
            return True
        end = _LINE_END.search(self._held)
        if end is None:
            return False
        raw = bytes(self._held[: end.start()])
        del self._held[: end.end()]
        if raw.strip():
            self._line(raw, out, now)
        return True

    def _frame(self, pending: _Pending) -> bool:
        """Take an SBDRB frame by its own length: it may hold line ends."""
        size = int.from_bytes(self._held[:2], "big") + 4
        if len(self._held) < max(4, size):
            return False
        pending.frame = bytes(self._held[:size])
        pending.framing = False
        del self._held[:size]
        return True

    def _line(self, raw: bytes, out: list[Event], now: datetime) -> None:
        if not _PRINTABLE.match(raw):
            out.append(Garbage(raw, "noise"))
            return
        line = raw.decode("ascii").strip()
        if self._header:
            header, self._header = self._header, ""
            if _HEX.match(line):
                out.append(Unasked(header, line))
                return
            out.append(Garbage(header.encode("ascii"), "no pdu"))
        if self._pending is None or not self._belongs(self._pending, line, out, now):
            self._unasked(line, raw, out)

    def _belongs(self, pending: _Pending, line: str, out: list[Event], now: datetime) -> bool:
        """Let a line be a part of the answer that is awaited; False if it is not."""
        command = pending.command
        sent = command.payload.rstrip(CTRL_Z).decode("latin-1")
        if line == command.text or (sent and line.rstrip("\x1a") == sent):
            return True  # the echo
        if _is_final(line, call=command.is_call):
            out.append(self._end(line))
            return True
        if pending.prompting and line == command.prompt:
            self._prompted(pending, now)
            return True
        if not _is_answer(pending, line):
            return False
        if len(pending.lines) < MAX_LINES:
            pending.lines.append(line)
        return True

    def _unasked(self, line: str, raw: bytes, out: list[Event]) -> None:
        name = Unasked(line).name
        if name in _WITH_PDU:
            self._header = line
        elif name in URCS or name in _CALL_FINALS or (line[0] in "+^" and not _is_final(line, call=False)):
            out.append(Unasked(line))
            if name in BOOTED and self._pending is not None:
                out.append(self._end("REBOOT"))
        else:
            out.append(Garbage(raw, "late" if _is_final(line, call=False) else "noise"))

    def _prompted(self, pending: _Pending, now: datetime) -> None:
        self._output += pending.command.payload
        pending.prompting = False
        pending.deadline = now + timedelta(seconds=pending.command.limit_s)

    def _end(self, final: str) -> Answer:
        pending = self._pending
        assert pending is not None
        self._pending = None
        code = _CODE.match(final)
        kind = final.partition(":")[0] if code else final
        return Answer(
            pending.command, kind, tuple(pending.lines), int(code[1]) if code else None, pending.frame
        )


def _is_final(line: str, *, call: bool) -> bool:
    return line in _FINALS or line.startswith(_FINALS[2:]) or (call and line.startswith(_CALL_FINALS))


def _is_answer(pending: _Pending, line: str) -> bool:
    command = pending.command
    name = command.name
    if name == "+CREG":
        return _CREG_ANSWER.match(line) is not None
    if name and line.startswith(name) and line[len(name) : len(name) + 1] in (":", "=", " "):
        return True
    if name in _ANSWERS_WITH_PDU and pending.lines and pending.lines[-1].startswith(name):
        return _HEX.match(line) is not None
    return command.bare and line[0] not in "+^" and Unasked(line).name not in (*URCS, *_CALL_FINALS)
