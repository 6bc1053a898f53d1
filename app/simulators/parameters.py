"""The parameters that a simulated JT/T 808 terminal remembers (0x8103, 0x8104; §8.8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.devices.jt808.parameters import NAMES, named, read, written

OK, BAD, UNSUPPORTED = 0, 2, 3
"""Results of 0x0001."""


class Parameters:
    """What a terminal was told of its parameters; those it does not know it does not take."""

    def __init__(self, values: Mapping[str, int]) -> None:
        """Begin with the values of the maker, by name as in `NAMES`."""
        self._values = written(values)

    @property
    def named(self) -> dict[str, int]:
        """The values by name, in the unit that the name says."""
        return named(self._values)

    def all(self) -> dict[int, bytes]:
        """Return every parameter by id, as it goes into 0x0104."""
        return dict(self._values)

    def set(self, body: Mapping[str, Any]) -> int:
        """Take a decoded 0x8103 and return the result: all of it is taken or nothing."""
        told = read(body["parameters"])
        if not told or bytes.fromhex(body["body_hex"])[0] != len(body["parameters"]):
            return BAD
        if not told.keys() <= set(NAMES.values()):
            return UNSUPPORTED
        if any(len(value) != 4 for value in told.values()):  # all we know are DWORDs
            return BAD
        self._values.update(told)
        return OK
