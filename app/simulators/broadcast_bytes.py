"""What a simulated broadcast platform writes: packets, states of messages; and the terminals it has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count

from app.codecs.ebm import identifiers, signature
from app.codecs.ebm.archive import pack
from app.codecs.ebm.fields import Fields
from app.codecs.ebm.message import Message
from app.codecs.ebm.packet import Packet, time_text, write
from app.codecs.ebm.profile import Profile
from app.codecs.ebm.signature import Signer

SUCCESS, FAILED, PLAYING, WAITING, CANCELLED = 3, 4, 2, 1, 5
WORDS = {WAITING: "等待播发", PLAYING: "播发中", SUCCESS: "播发成功", FAILED: "播发失败", CANCELLED: "已取消"}


@dataclass(slots=True)
class Speaker:
    """One loudspeaker terminal; `state` is its StateCode: 1 running, 2 off, 3 fault."""

    code: str
    name: str = ""
    lon: float = 115.5
    lat: float = 28.0
    state: int = 1

    @property
    def region(self) -> str:
        """The region of 12 digits in its number."""
        return self.code[1:13]


@dataclass(slots=True)
class Broadcast:
    """A message on the platform: where it stands, which terminals are to play it, and how it came."""

    message: Message
    speakers: list[Speaker]
    state: int = WAITING
    started: datetime | None = None


class Writer:
    """Writes, signs and packs what a platform says to its centre."""

    def __init__(
        self,
        code: str,
        centre_code: str,
        signer: Signer | None,
        profile: Profile,
        now: Callable[[], datetime],
    ) -> None:
        self._code, self._centre, self._signer = code, centre_code, signer
        self._profile, self._now, self._numbers = profile, now, count(1)

    def pack(self, kind: str, payload: Fields, related: str = "", *, signed: bool = True) -> bytes:
        """Return the TAR of a packet under a new number; a heart-beat has one number for ever."""
        beats = kind == "ConnectionCheck"
        running = int(self._now().timestamp()) * 10_000 + next(self._numbers)
        number = identifiers.heartbeat_id(self._code) if beats else identifiers.data_id(self._code, running)
        told = Packet(number, kind, self._code, self._now(), payload, self._centre, "", related)
        return self.packed(told, signed=signed)

    def packed(self, packet: Packet, *, signed: bool = True) -> bytes:
        """Write, sign and pack a packet as it is."""
        data = write(packet, self._profile)
        name = f"EBDB_{packet.ebd_id}.xml"
        files = {name: data}
        if signed and self._signer is not None and packet.kind != "ConnectionCheck":
            proof = self._signer.sign(data, int(self._now().timestamp()))
            files[f"EBDS_{name}"] = signature.write(replace(proof, related=packet.ebd_id))
        return pack(files)


def state_of(one: Broadcast, works: Callable[[Speaker], bool], now: datetime) -> Fields:
    """Return the EBMStateResponse of a message with a row for each of its terminals."""
    over = one.state in (SUCCESS, FAILED, CANCELLED)
    part = one.state == FAILED and any(works(speaker) for speaker in one.speakers)
    rows = []
    for speaker in one.speakers:
        state = _of_speaker(one, works(speaker))
        rows.append(
            {
                "RptTime": time_text(now),
                "BrdSysInfo": f"({speaker.code},1,应急广播)",
                "StartTime": time_text(one.started or now),
                "EndTime": time_text(now) if over else "",
                "FileURL": "",
                "BrdStateCode": str(state),
                "BrdStateDesc": "功放无输出" if state == FAILED else WORDS[state],
            }
        )
    return {
        "RptTime": time_text(now),
        "EBM": {"EBMID": one.message.ebm_id},
        "BrdStateCode": str(one.state),
        "BrdStateDesc": "部分终端播发失败" if part else WORDS[one.state],
        "ResBrdInfo": {"ResBrdItem": ({"EBRBS": tuple(rows)},)} if rows else {},
    }


def result(code: int, words: str) -> Fields:
    """Return the payload of a receipt or notification."""
    return {"ResultCode": str(int(code)), "ResultDesc": words}


def _of_speaker(one: Broadcast, works: bool) -> int:  # noqa: FBT001
    if one.state in (WAITING, CANCELLED):
        return one.state
    if not works:
        return FAILED
    return SUCCESS if one.state == FAILED else one.state
