"""The numbers of emergency broadcast (GD/J 080, 082, 083): whose, which, when, where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_GROUPS = (2, 2, 2, 3, 3)
_REGION = re.compile(r"[0-9]{12}")


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource number (EBRID): `level` 1 state, 2 province, 3 city, 4 county, 5 town, 6 village.

    `kind` is the resource type (0314 loudspeakers); `sub_kind` 01 platform, 02 adapter, 03 device,
    04 terminal.
    """

    level: int
    region: str
    kind: str
    sequence: str
    sub_kind: str
    sub_sequence: str


def resource_of(ebr_id: str) -> Resource | None:
    """Read an EBRID of 2018; None when it is none."""
    if not re.fullmatch(r"[1-6][0-9]{22}", ebr_id):
        return None
    return Resource(int(ebr_id[0]), ebr_id[1:13], ebr_id[13:17], ebr_id[17:19], ebr_id[19:21], ebr_id[21:23])


def ebm_date(ebm_id: str) -> date | None:
    """Return the day in an EBMID: the eight digits before the last four; None when there is no such day."""
    digits = ebm_id[-12:-4]
    try:
        return date.fromisoformat(f"{digits[:4]}-{digits[4:6]}-{digits[6:]}")
    except ValueError:
        return None


def must_be_processed(ebm_id: str) -> bool:
    """Say whether a message is mandatory: its sequence is not 0000 (GD/J 082 table 2)."""
    return not ebm_id.endswith("0000")


def covers(wide: str, narrow: str) -> bool:
    """Say whether a region of 12 digits contains another: trailing GROUPS of zeroes mean all below.

    Groups are 2, 2, 2, 3, 3 digits; a county such as 341510 ends in a zero that means itself.
    """
    if not (_REGION.fullmatch(wide) and _REGION.fullmatch(narrow)):
        return False
    at = 12
    for size in reversed(_GROUPS):
        if wide[at - size : at].strip("0"):
            break
        at -= size
    return narrow.startswith(wide[:at])


def data_id(source: str, sequence: int) -> str:
    """Return an EBDID: 10, the sender's EBRID, sixteen digits of its sequence."""
    return f"10{source}{sequence:016d}"


def heartbeat_id(source: str) -> str:
    """Return the one EBDID of all heart-beats of a sender."""
    return f"01{source}{0:016d}"


def message_id(minter: str, day: date, sequence: int) -> str:
    """Return an EBMID: the minting platform's EBRID, the day, four digits (0 is not mandatory)."""
    return f"{minter}{day:%Y%m%d}{sequence:04d}"
