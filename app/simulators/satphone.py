"""A satellite phone (天通一号) as the service meets it on a cable: a pty, or TCP behind a serial server."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Self

from app.clock import SystemClock
from app.devices.adapters.sms_pdu_message import BadPdu, Concat, Message, read_pdu
from app.devices.adapters.sms_pdu_parts import Assembler
from app.devices.adapters.sms_pdu_write import cmgs_length, deliver, split, status_report
from app.simulators import satphone_words as words
from app.simulators.at_line import AtPhone
from app.simulators.sim_card import SimCard

NUMBER = "+8617400000001"
NO_NETWORK = 331
_KEPT = 10_000
_WALL = SystemClock()


@dataclass(frozen=True, slots=True)
class SentText:
    """A text that left for a number; a long one is whole."""

    number: str
    text: str
    at: datetime


@dataclass(slots=True)
class Talk:
    """The call that is on. `stage` as +CLCC numbers it: 0 active, 2 dialling, 3 alerting, 4 incoming."""

    number: str
    incoming: bool
    stage: int


class SatellitePhone(AtPhone):
    """A phone with a SIM of 50 places. Use it as `with SatellitePhone() as phone:` in a loop.

    To stage trouble: `registered`, `rssi` (99 is no signal), `receipts` (False loses the reports),
    `receipt_delay_s`, `receipt_status`, `answers_after_s` (whom we call does so; None never),
    `refusal` (a +CMS ERROR), `wrong_place` (announces another place than it used),
    `restarts_when_sending`, `mute` (no answers at all), `unknown` (commands it does not know), `raw`.
    """

    def __init__(
        self,
        *,
        number: str = NUMBER,
        now: Callable[[], datetime] = _WALL.now,
        on_sent: Callable[[SentText], None] | None = None,
    ) -> None:
        super().__init__()
        self.number = number
        self.registered = True
        self.sim = True
        self.rssi = 25
        self.receipts = True
        self.receipt_status = 0
        self.receipt_delay_s = 0.0
        self.answers_after_s: float | None = None
        self.refusal = 0
        self.wrong_place = False
        self.restarts_when_sending = False
        self.card = SimCard()
        self.sent: deque[SentText] = deque(maxlen=_KEPT)
        self.talk: Talk | None = None
        self._now = now
        self._on_sent = on_sent
        self._parts: Assembler[None] = Assembler()
        self._references = itertools.count(1)
        self._notify = (0, 0)
        self._ring: asyncio.TimerHandle | None = None
        self._plans: list[asyncio.TimerHandle] = []

    def __enter__(self) -> Self:
        """Switch on."""
        self.plug_in()
        return self

    def __exit__(self, *_: object) -> None:
        """Switch off."""
        self.close()

    def close(self) -> None:
        """Stop ringing and disconnect."""
        self._stop_ringing()
        for plan in self._plans:
            plan.cancel()
        self.pull_out()

    # What happens to the phone

    def receive(self, number: str, text: str, *, without: int = 0) -> None:
        """Receive a text from a number; `without` loses one of its parts on the way."""
        contents = split(text)
        ref = next(self._references) & 0xFF
        for seq, content in enumerate(contents, 1):
            if seq != without:
                concat = Concat(ref, len(contents), seq, 8) if len(contents) > 1 else None
                self.receive_pdu(deliver(number, content, self._now(), concat=concat))

    def receive_pdu(self, pdu: bytes) -> None:
        """Receive one message: handed over at once, or kept on the SIM and announced (AT+CNMI)."""
        if self._notify[0] == 2:
            self.say(f"+CMT: ,{cmgs_length(pdu)}", pdu.hex().upper())
            return
        place = self.card.keep(pdu)
        if place is None:
            return  # the SIM is full: the network keeps it
        if self._notify[0] == 1:
            self.say(f'+CMTI: "SM",{place + 7 if self.wrong_place else place}')

    def call_from(self, number: str, *, every_s: float = 4.0) -> None:
        """Ring until somebody answers or `hang_up` is called; "" withholds the number."""
        self.talk = Talk(number, incoming=True, stage=4)
        self._keep_ringing(every_s)

    def far_side_answers(self) -> None:
        """Let whom we called take the call."""
        if self.talk is not None:
            self.talk.stage = 0
            self.say("^CONN: 1,0", self._dsci(0))

    def hang_up(self, cause: int = 16) -> None:
        """Let the far side end the call (17 busy, 19 no answer, 3 dropped)."""
        self._stop_ringing()
        if self.talk is not None:
            last = self._dsci(6)
            self.talk = None
            self.say(f"^CEND: 1,0,101,{cause},0", last)

    def restart(self) -> None:
        """Switch off and on again: everything set is forgotten, the SIM is not."""
        self.forget()
        self._stop_ringing()
        self.talk = None
        self._notify = (0, 0)
        self.say(f"^SIMST: {int(self.sim)}")

    # What the host asks for

    def obey(self, command: str) -> None:
        """Answer one command."""
        if words.SEND.match(command):
            self.prompt(self._send)
        elif match := words.DIAL.match(command):
            self._dial(match[1])
        elif match := words.PLACE.match(command):
            self._place(command[:5], int(match[1]))
        elif match := words.NOTIFY.match(command):
            self._notify = (int(match[1]), int(match[2] or 0))
            self.say("OK")
        elif command.startswith('+CPMS="'):
            used = self.card.used
            self.say(f"+CPMS: {used},{used},{used}", "OK")
        elif command == "+CPIN?" and not self.sim:
            self.say("+CME ERROR: 10")
        else:
            self._plain(command)

    def _plain(self, command: str) -> None:
        if command in ("E0", "E1"):
            self.echo = command == "E1"
        elif command == "A":
            self._answer()
            return
        elif command in ("+CHUP", "H"):
            self.say("OK")
            self.hang_up()
            return
        known = self._answers().get(command)
        if known is None and (command.endswith("=?") or not command.startswith(words.SETTINGS)):
            self.say("ERROR")
        else:
            self.say(*(known or ()), "OK")

    def _answers(self) -> dict[str, tuple[str, ...]]:
        call = self.talk
        return {
            **words.PLATE,
            "+CNUM": (f'+CNUM: "","{self.number}",145',),
            "+CSQ": (f"+CSQ: {self.rssi},{99 if self.rssi == 99 else 0}",),
            "+CREG?": (f"+CREG: 1,{int(self.registered)}",),
            "+CPMS?": (f'+CPMS: "SM",{self.card.used},"SM",{self.card.used}',),
            "+CMGL=4": tuple(self.card.listed()),
            "+CLCC": (
                (f'+CLCC: 1,{int(call.incoming)},{call.stage},0,0,"{call.number}",129',) if call else ()
            ),
        }

    def _place(self, verb: str, place: int) -> None:
        if verb == "+CMGD":
            self.card.slots.pop(place, None)
            self.say("OK")
        elif lines := self.card.read(place):
            self.say(*lines, "OK")
        else:
            self.say("+CMS ERROR: 321")

    def _send(self, body: bytes) -> None:
        if self.restarts_when_sending:
            self.restarts_when_sending = False
            self.restart()
            return
        refusal = self.refusal or (0 if self.registered else NO_NETWORK)
        try:
            message = read_pdu(bytes.fromhex(body.decode("ascii")))
        except (BadPdu, ValueError):
            refusal = 304
        if refusal:
            self.say(f"+CMS ERROR: {refusal}")
            return
        reference = next(self._references) & 0xFF
        self.say(f"+CMGS: {reference}", "OK")
        self._left(message)
        if not (message.wants_report and self.receipts):
            return
        if self.receipt_delay_s:
            self._later(self.receipt_delay_s, partial(self.report, reference, message.number))
        else:
            self.report(reference, message.number)

    def report(self, reference: int, number: str) -> None:
        """Hand over the report on a text; by hand for one that comes late."""
        now = self._now()
        pdu = status_report(reference, number, now, now, self.receipt_status)
        if self._notify[1] == 1:
            self.say(f"+CDS: {cmgs_length(pdu)}", pdu.hex().upper())

    def _left(self, message: Message) -> None:
        text = message.content.text if message.content else ""
        if message.concat is not None:
            group = self._parts.take(message, None, self._now())
            if group is None:
                return
            text = group.text()
        sent = SentText(message.number, text, self._now())
        self.sent.append(sent)
        if self._on_sent:
            self._on_sent(sent)

    def _dial(self, number: str) -> None:
        if not self.registered:
            self.say("NO CARRIER")
            return
        self.talk = Talk(number, incoming=False, stage=3)
        self.say("OK", "^ORIG: 1,0", self._dsci(2), "^CONF: 1,0", self._dsci(3))
        if self.answers_after_s is not None:
            self._later(self.answers_after_s, self.far_side_answers)

    def _answer(self) -> None:
        if self.talk is None or not self.talk.incoming:
            self.say("NO CARRIER")
            return
        self._stop_ringing()
        self.talk.stage = 0
        self.say("OK", "^CONN: 1,0", self._dsci(0))

    def _dsci(self, stat: int) -> str:
        talk = self.talk or Talk("", incoming=False, stage=0)
        return f'^DSCI: 1,{int(talk.incoming)},{stat},0,0,"{talk.number}",129'

    def _keep_ringing(self, every_s: float) -> None:
        if self.talk is None:
            return
        self.say("RING")
        if self.talk.number:
            self.say(f'+CLIP: "{self.talk.number}",145,,,,0')
        self._ring = asyncio.get_running_loop().call_later(every_s, self._keep_ringing, every_s)

    def _later(self, after_s: float, happens: Callable[[], None]) -> None:
        self._plans.append(asyncio.get_running_loop().call_later(after_s, happens))

    def _stop_ringing(self) -> None:
        if self._ring is not None:
            self._ring.cancel()
            self._ring = None
