"""The SIM of a simulated phone: places for messages, and how they are listed (TS 27.005 §4)."""

from __future__ import annotations

from collections.abc import Iterator

from app.devices.adapters.sms_pdu_write import cmgs_length

SLOTS = 50


class SimCard:
    """Fifty places, each empty or with a PDU in hex digits. What is on it survives a restart."""

    def __init__(self) -> None:
        self.slots: dict[int, str] = {}

    @property
    def used(self) -> str:
        """How many places are taken, of how many."""
        return f"{len(self.slots)},{SLOTS}"

    def keep(self, pdu: bytes) -> int | None:
        """Put a message at the first free place; None when there is none."""
        place = next((at for at in range(1, SLOTS + 1) if at not in self.slots), None)
        if place is not None:
            self.slots[place] = pdu.hex().upper()
        return place

    def read(self, place: int) -> tuple[str, str] | None:
        """Return the two lines of +CMGR; None for an empty place."""
        pdu = self.slots.get(place)
        return (f"+CMGR: 1,,{cmgs_length(bytes.fromhex(pdu))}", pdu) if pdu else None

    def listed(self) -> Iterator[str]:
        """Say the lines of +CMGL."""
        for place, pdu in sorted(self.slots.items()):
            yield f"+CMGL: {place},1,,{cmgs_length(bytes.fromhex(pdu))}"
            yield pdu
