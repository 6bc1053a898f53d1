"""A certificate authority of tests: keys and certificates of 143 bytes, made anew for a name."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.codecs.ebm import sm
from app.codecs.ebm.certificate import Trust, trusted
from app.codecs.ebm.signature import SoftwareSigner


def private_of(name: str) -> bytes:
    """Return the key of a name, the same each time."""
    return (int.from_bytes(hashlib.sha256(name.encode()).digest(), "big") >> 1 | 1).to_bytes(32, "big")


@cache  # SM2 in pure Python takes its time
def certificate(name: str, serial: str, issuer: str, issuer_serial: str, until: tuple[int, int]) -> bytes:
    """Return a certificate for a name, signed by another; the same again for the same."""
    public = sm.public_key(private_of(name))
    signed = b"\0" + bytes.fromhex(issuer_serial) + bytes.fromhex(serial) + bytes(until) + public
    return signed + sm.sign(private_of(issuer), signed)


@dataclass(frozen=True)
class Authority:
    """An authority and those it signed for."""

    name: str = "authority"
    serial: str = "0000000000a1"

    @property
    def certificate(self) -> bytes:
        """Its own certificate."""
        return certificate(self.name, self.serial, self.name, self.serial, (99, 12))

    def of(self, name: str, serial: str, until: tuple[int, int] = (99, 12)) -> bytes:
        """Return a certificate it signs for a name."""
        return certificate(name, serial, self.name, self.serial, until)

    def trust(self, *certificates: bytes) -> Trust:
        """Return trust in itself and in these."""
        return trusted([self.certificate], certificates)


def signer(name: str, serial: str, *, append_time: bool = True) -> SoftwareSigner:
    """Return who signs under a name."""
    return SoftwareSigner(private_of(name), serial, append_time)


def key_file(folder: Path, **keys: bytes) -> Path:
    """Write a file of keys: for each name its certificate; the private key is that of the name."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "broadcast.keys"
    lines = [f"{name} = {private_of(name).hex()} {told.hex()}" for name, told in keys.items()]
    file.write_text("\n".join(["# keys of tests", *lines, ""]))
    return file
