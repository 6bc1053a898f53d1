"""What passes between the wire and the business: plain shapes, codes as in GD/J 082 and 083."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

Outcome = Literal["sent", "receipted", "refused", "failed"]


@dataclass(frozen=True, slots=True)
class TerminalEntry:
    """A terminal as a platform's register has it. `region_code` "" is taken from the resource code."""

    resource_code: str
    name: str = ""
    lon: float | None = None
    lat: float | None = None
    region_code: str = ""
    kind: str = "loudspeaker"
    peer_id: int | None = None
    return_capable: bool | None = None
    real: bool = True


@dataclass(frozen=True, slots=True)
class TerminalState:
    """StateCode of a terminal: 1 running, 2 stopped, 3 fault, 4 recovered, 5 broadcasting; 0 unknown."""

    resource_code: str
    code: int
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TerminalResult:
    """What a terminal made of a message. `code` is a BrdStateCode 0-5; times and plays where told."""

    resource_code: str
    code: int
    words: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    plays: int = 0
    source: str = "platform"


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class PayloadVoice(_Facts):
    """A voice file: fetch its bytes with `voice(tx, file_id)`. `form` is mp3, wav or ogg, by first bytes."""

    file_id: int
    name: str
    form: str
    sha256: str
    size: int
    seconds: float | None = None


class PayloadContent(_Facts):
    """One language. `areas` are region codes of 12 digits, every village by its own."""

    language: str
    title: str
    text: str
    areas: tuple[str, ...]


class Payload(_Facts):
    """The facts an EBM is made of. Times carry their zone; the EBM wants Beijing's.

    `related_ebmid` is what a cancel (`msg_type` 2) or an update names. An EBM knows no number of repeats:
    `repeats` and `interval_s` are for EBI, for speech that is made of the text, and for simulators.
    `drill`: the peer is marked for drills, and `msg_type` is 3, 4 or 5 (or 2, the stop of one).
    """

    ebmid: str
    related_ebmid: str = ""
    msg_type: Literal[1, 2, 3, 4, 5]
    drill: bool
    sender_name: str
    sender_code: str
    sent_at: AwareDatetime
    event_type: str
    severity: Literal[0, 1, 2, 3, 4]
    start_at: AwareDatetime
    end_at: AwareDatetime
    repeats: int
    interval_s: int
    contents: tuple[PayloadContent, ...]
    voice: PayloadVoice | None = None
