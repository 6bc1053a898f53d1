"""What a peer speaks: the standard of 2018 or a draft from before it, and how much is overlooked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Dialect(StrEnum):
    """Which text a peer follows."""

    GDJ_2018 = "gdj-2018"
    DRAFT_2016 = "draft-2016"


@dataclass(frozen=True, slots=True)
class Profile:
    """How one peer's packets are read.

    `extensions` overlooks unknown elements and a missing EBMVersion, as makers send them; a fault of the
    order or of a value stays one. `signature` False takes packets without a signature. `append_time` says
    whether the four bytes of time are signed with the file (the standard does not spell it out). With
    `rows_apart` a row of a list that does not fit is set aside instead of the whole list.
    """

    dialect: Dialect = Dialect.GDJ_2018
    signature: bool = True
    extensions: bool = False
    append_time: bool = True
    rows_apart: bool = False

    @property
    def resource_digits(self) -> int:
        """Digits of an EBRID."""
        return 23 if self.dialect is Dialect.GDJ_2018 else 18

    @property
    def data_digits(self) -> int:
        """Digits of an EBDID: type, EBRID, sequence."""
        return 2 + self.resource_digits + 16


GDJ_2018 = Profile()
DRAFT_2016 = Profile(Dialect.DRAFT_2016, extensions=True)


def detected(ebd_id: str) -> Profile:
    """Guess a dialect by the length of an EBDID, for a message whose peer is not known."""
    return DRAFT_2016 if len(ebd_id.strip()) == DRAFT_2016.data_digits else GDJ_2018
