"""What a JT/T 808 terminal does, without a network (protocols/beidou.md §5.5): bytes in, bytes out."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from app.demo.movement import Motion
from app.devices.adapter import Reading
from app.devices.adapters.jt808 import Jt808Codec, encode
from app.devices.adapters.jt808 import Terminal as Address
from app.simulators.parameters import Parameters

ANSWER = 0x0302
OK, FAILED, BAD, UNSUPPORTED, CONFIRMED = range(5)
"""Results of 0x0001 and 0x8001; 4 is the platform's "alarm confirmed"."""

FACTORY: Mapping[str, int] = MappingProxyType(
    {
        "heartbeat_s": 60,
        "sleep_report_s": 300,
        "sos_report_s": 5,
        "report_s": 10,
        "report_distance_m": 0,
        "max_speed_kmh": 100,
    }
)
"""The parameters a terminal leaves the maker with, by name."""

_SOS = 1 << 0
_ACC_ON, _FIXED, _BEIDOU = 1 << 0, 1 << 1, 1 << 19
_SIGNAL, _SATELLITES = 0x30, 0x31


@dataclass(frozen=True, slots=True)
class TypePlate:
    """What a terminal is and which vehicle it sits in: the content of its registration.

    `phone` is the number in decimal; `province` and `city` are the first 2 and the last 4 digits of the
    region code (GB/T 2260); `layout_2019` picks the standard it speaks.
    """

    phone: str
    plate: str
    layout_2019: bool = False
    province: int = 99
    city: int = 181
    maker: str = "ZSSIM"
    model: str = "ZS-808"

    @property
    def address(self) -> Address:
        """How the terminal writes its own number in a header."""
        return Address.v2019(self.phone) if self.layout_2019 else Address.v2013(self.phone)


class Firmware:
    """One terminal. The owner of the line calls `connected`, `hear`, `report` and `beat`, and sends what
    `data_to_send` returns after each of them.

    `parameters` override those of the maker, `on_set` is called when the platform has changed some.
    `online` says that the platform has accepted who we are on this connection, `refused` that it will not
    and the line may be cut. The authentication code outlives a connection, an unanswered SOS as well.
    """

    def __init__(
        self,
        plate: TypePlate,
        whereabouts: Callable[[], Motion],
        now: Callable[[], datetime],
        on_text: Callable[[str], None] | None = None,
        parameters: Mapping[str, int] = MappingProxyType({}),
        on_set: Callable[[], None] | None = None,
    ) -> None:
        self.plate = plate
        self.parameters = Parameters({**FACTORY, **parameters})
        self.auth_code: str | None = None
        self.online = False
        self.refused = False
        self.sos = False
        self._whereabouts = whereabouts
        self._now = now
        self._on_text = on_text
        self._on_set = on_set
        self._address = plate.address
        self._codec = Jt808Codec()
        self._out = bytearray()
        self._serial = 0
        self._sos_serials: set[int] = set()
        self._question = 0
        self._answers: list[bytes] = []
        self._registering = False

    def connected(self) -> None:
        """Begin a new connection: say who we are, by the code if we have one, else by registering."""
        self._codec = Jt808Codec()
        self._out.clear()
        self._sos_serials.clear()
        self.online = self.refused = self._registering = False
        if self.auth_code is None:
            self._register()
        else:
            self._authenticate(self.auth_code)

    def disconnected(self) -> None:
        """End the connection; what was not sent is dropped, an SOS or an answer waits for the next one."""
        self.online = False
        self._out.clear()

    def hear(self, data: bytes) -> None:
        """Take the next bytes from the platform; bad ones are left unanswered."""
        for reading in self._codec.feed(data):
            if isinstance(reading, Reading):
                self._obey(reading)

    def report(self) -> None:
        """Say where we are (0x0200), with the emergency bit while an SOS is not acknowledged."""
        serial = self._send(encode.LOCATION, self._location())
        if self.sos:
            self._sos_serials.add(serial)

    def beat(self) -> None:
        """Say that we are alive (0x0002)."""
        self._send(encode.HEARTBEAT, encode.NOTHING)

    def press_sos(self) -> None:
        """Set the emergency bit of the following reports until the platform acknowledges one (§5.4)."""
        self.sos = True

    def answer(self, text: str) -> None:
        """Answer the last text by a number (0x0302), now or when next online; ValueError unless 0 to 255."""
        number = int(text)
        if not 0 <= number <= 255:
            raise ValueError(f"{text} is no answer id")
        self._answers.append(struct.pack(">HB", self._question, number))
        self._send_answers()

    def data_to_send(self) -> bytes:
        """Return what is to be sent now, once."""
        data = bytes(self._out)
        self._out.clear()
        return data

    def _register(self) -> None:
        self._registering = True
        plate = self.plate
        body = encode.register(
            to=self._address,
            plate=plate.plate,
            maker=plate.maker,
            model=plate.model,
            terminal_id=plate.phone[-7:],
            province=plate.province,
            city=plate.city,
        )
        self._send(encode.REGISTER, body)

    def _authenticate(self, code: str) -> None:
        body = encode.authenticate(code, to=self._address, imei=self.plate.phone.zfill(15), software="1.0")
        self._send(encode.AUTHENTICATE, body)

    def _location(self) -> bytes:
        motion = self._whereabouts()
        return encode.location(
            motion.lon,
            motion.lat,
            self._now(),
            alarm=_SOS if self.sos else 0,
            status=_ACC_ON | _FIXED | _BEIDOU,
            speed_mps=motion.speed_mps,
            course_deg=motion.course_deg,
            items=((_SIGNAL, b"\x1c"), (_SATELLITES, b"\x0e")),
        )

    def _send(self, msg_id: int, body: bytes) -> int:
        serial = self._serial
        self._serial = (serial + encode.packages(body)) & 0xFFFF
        self._out += encode.encode(msg_id, body, to=self._address, serial=serial)
        return serial

    def _send_answers(self) -> None:
        if self.online:
            for body in self._answers:
                self._send(ANSWER, body)
            self._answers.clear()

    def _obey(self, reading: Reading) -> None:
        fields = reading.fields
        if fields["subpackage"] and "assembled" not in fields:
            return  # a message in parts is answered once, when it is whole
        body = fields.get("assembled", fields)["body"]
        # The platform knows such a message by the serial of its first part.
        serial = (fields["serial"] - max(fields.get("index", 1) - 1, 0)) & 0xFFFF
        order = _ORDERS.get(reading.kind)
        if order is not None:
            order(self, serial, body)
        else:
            self._acknowledge(serial, int(reading.kind, 16), UNSUPPORTED)

    def _acknowledge(self, serial: int, msg_id: int, result: int = OK) -> None:
        self._send(encode.TERMINAL_ACK, encode.terminal_ack(serial, msg_id, result))

    def _platform_ack(self, _: int, body: Mapping[str, Any]) -> None:
        result, about = body.get("result"), body.get("ack_id")
        if about == "0x0102":
            self._authenticated(accepted=result == OK)
        elif body.get("ack_serial") in self._sos_serials and result in (OK, CONFIRMED):
            self._clear_sos()

    def _authenticated(self, *, accepted: bool) -> None:
        self.online = accepted
        if accepted:
            self._send_answers()
            return
        self.auth_code = None
        if self._registering:
            self.refused = True  # even the fresh code: asking again at once would go round in circles
        else:
            self._register()

    def _registered(self, _: int, body: Mapping[str, Any]) -> None:
        if body.get("result") == OK:
            self.auth_code = str(body["auth_code"])
            self._authenticate(self.auth_code)
        else:
            self.refused = True

    def _text(self, serial: int, body: Mapping[str, Any]) -> None:
        if "text" not in body:
            self._acknowledge(serial, encode.TEXT, BAD)
            return
        self._question = serial
        self._acknowledge(serial, encode.TEXT)
        if self._on_text:
            self._on_text(body["text"])

    def _where(self, serial: int, _: Mapping[str, Any]) -> None:
        self._send(encode.LOCATION_ANSWER, encode.location_answer(serial, self._location()))

    def _set_parameters(self, serial: int, body: Mapping[str, Any]) -> None:
        result = self.parameters.set(body)
        self._acknowledge(serial, encode.SET_PARAMETERS, result)
        if result == OK and self._on_set:
            self._on_set()

    def _tell_parameters(self, serial: int, _: Mapping[str, Any]) -> None:
        self._send(encode.PARAMETERS_ANSWER, encode.parameters_answer(serial, self.parameters.all()))

    def _confirmed(self, serial: int, _: Mapping[str, Any]) -> None:
        """0x8203: somebody at the platform confirmed the alarm by hand."""
        self._clear_sos()
        self._acknowledge(serial, encode.CONFIRM_ALARM)

    def _clear_sos(self) -> None:
        self.sos = False
        self._sos_serials.clear()

    def _ignore(self, _: int, __: Mapping[str, Any]) -> None:
        """Leave unanswered: an answer, or a request for parts of messages that we never send in parts."""


_ORDERS: Mapping[str, Callable[[Firmware, int, Mapping[str, Any]], None]] = MappingProxyType(
    {
        "0x8001": Firmware._platform_ack,  # noqa: SLF001  the table of this class
        "0x8100": Firmware._registered,  # noqa: SLF001
        "0x8003": Firmware._ignore,  # noqa: SLF001
        "0x8004": Firmware._ignore,  # noqa: SLF001
        "0x8103": Firmware._set_parameters,  # noqa: SLF001
        "0x8104": Firmware._tell_parameters,  # noqa: SLF001
        "0x8201": Firmware._where,  # noqa: SLF001
        "0x8203": Firmware._confirmed,  # noqa: SLF001
        "0x8300": Firmware._text,  # noqa: SLF001
    }
)
