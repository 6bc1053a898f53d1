"""A packet ready to be posted: written, signed, packed (GD/J 082 §7, 083 §5.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from app.broadcast.wire.keys import Keys
from app.broadcast.wire.manners import Manners
from app.broadcast.wire.rules.trouble import Trouble
from app.codecs.ebm import identifiers, signature
from app.codecs.ebm.archive import pack
from app.codecs.ebm.fields import Fields
from app.codecs.ebm.packet import Packet, write
from app.codecs.ebm.receive import ResultCode
from app.codecs.findings import CannotWrite

BEATS = "ConnectionCheck"


@dataclass(frozen=True, slots=True)
class Parcel:
    """The TAR of one packet and the number it goes under."""

    ebd_id: str
    kind: str
    data: bytes

    @property
    def name(self) -> str:
        """What the file is called in a POST and an answer."""
        return f"EBDT_{self.ebd_id}.tar"


@dataclass(frozen=True, slots=True)
class Said:
    """What a packet says: its kind, payload, the packet it answers, the files beside it."""

    kind: str
    payload: Fields
    related: str = ""
    files: Mapping[str, bytes] | None = None


def data_id(manners: Manners, sequence: int) -> str:
    """Return an EBDID of ours for a peer: 41 digits, 36 in the drafts, both 10 ‖ EBRID ‖ sixteen digits."""
    return identifiers.data_id(manners.our_code, sequence)


def parcel(
    manners: Manners, keys: Keys, said: Said, sequence: int, now: datetime, our_url: str = ""
) -> Parcel:
    """Write, sign and pack a packet. Raises Trouble `cannot_write` or `no_key`.

    A heart-beat, and the receipt of one, is sent unsigned (083 table 1); everything else is signed when a key
    is named for the peer. A peer whose signatures are demanded is never spoken to unsigned.
    """
    beats = said.kind == BEATS
    ebd_id = identifiers.heartbeat_id(manners.our_code) if beats else data_id(manners, sequence)
    packet = Packet(
        ebd_id, said.kind, manners.our_code, now, said.payload, manners.code, our_url, said.related
    )
    name = f"EBDB_{ebd_id}.xml"
    try:
        business = write(packet, replace(manners.profile, rows_apart=False))
    except CannotWrite as error:
        raise Trouble("cannot_write", str(error)) from error
    files = {name: business}
    if not (beats or _of_beat(said)):
        proof = _signature(manners, keys, business, now)
        if proof is not None:
            files[f"EBDS_{name}"] = signature.write(replace(proof, related=ebd_id))
    files.update(said.files or {})
    return Parcel(ebd_id, said.kind, pack(files, mtime=int(now.timestamp())))


def receipt(
    manners: Manners, keys: Keys, related: str, result: ResultCode, words: str, sequence: int, now: datetime
) -> Parcel:
    """Return the EBDResponse to a packet. Raises Trouble."""
    said = Said("EBDResponse", {"ResultCode": str(int(result)), "ResultDesc": words[:200]}, related)
    return parcel(manners, keys, said, sequence, now)


def _of_beat(said: Said) -> bool:
    return said.kind == "EBDResponse" and said.related.startswith("01")


def _signature(manners: Manners, keys: Keys, data: bytes, now: datetime) -> signature.Signature | None:
    if not manners.key_id:
        if manners.profile.signature:
            raise Trouble("no_key", "-")
        return None
    signer = keys.signer(manners.key_id, append_time=manners.profile.append_time)
    if signer is None:
        raise Trouble("no_key", manners.key_id)
    return signer.sign(data, int(now.timestamp()))
