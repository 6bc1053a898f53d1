"""Certificates of GD/J 081: 143 bytes, signed by a CA; which ones a house trusts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.codecs.ebm import sm
from app.codecs.ebm.schema import BEIJING

LENGTH = 143
_SIGNED = 79


class BadCertificate(ValueError):
    """Bytes that are no certificate, or one that its issuer did not sign; says so in both languages."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate: `serial` and `issuer` are twelve hex digits, `public` is X ‖ Y.

    It is valid to the end of `month` of `year`.
    """

    serial: str
    issuer: str
    year: int
    month: int
    public: bytes
    raw: bytes

    def is_valid(self, when: datetime) -> bool:
        """Say whether it is valid then, by Beijing's calendar."""
        local = when.astimezone(BEIJING)
        return (local.year, local.month) <= (self.year, self.month)


def certificate_of(raw: bytes) -> Certificate:
    """Read version 1, issuer 6, serial 6, validity 2, X 32, Y 32, r 32, s 32.

    Validity is the year after 2000 and the month as numbers (081); Jiangsu's of 2017 has BCD, which shows in
    a month of 10h to 12h.

    Raises BadCertificate; the issuer's signature is for `trusted` to check.
    """
    if len(raw) != LENGTH:
        raise BadCertificate(f"证书应为 {LENGTH} 字节 / a certificate has {LENGTH} bytes, not {len(raw)}")
    public = raw[15:79]
    year, month = raw[13], raw[14]
    if 0x10 <= month <= 0x12:
        year, month = 10 * (year >> 4) + (year & 15), month - 6
    if not 1 <= month <= 12 or not sm.is_public_key(public):
        raise BadCertificate("证书的有效期或公钥不成立 / its validity or its public key is none")
    return Certificate(raw[7:13].hex(), raw[1:7].hex(), 2000 + year, month, public, raw)


@dataclass(frozen=True, slots=True)
class Trust:
    """The certificates that a house takes signatures from, by serial; `trial` marks them as worth nothing."""

    certificates: Mapping[str, Certificate] = field(default_factory=dict)
    trial: bool = False

    def find(self, serial: str) -> Certificate | None:
        """Return the certificate of a serial, None when it is not trusted."""
        return self.certificates.get(serial)


def trusted(anchors: Iterable[bytes], certificates: Iterable[bytes] = ()) -> Trust:
    """Trust the CAs named and the certificates that they signed.

    Raises BadCertificate for one whose issuer is not among the CAs or did not sign it.
    """
    issuers = [certificate_of(raw) for raw in anchors]
    found = {one.serial: one for one in issuers}
    for raw in certificates:
        one = certificate_of(raw)
        if not any(sm.verify(issuer.public, raw[:_SIGNED], raw[_SIGNED:]) for issuer in issuers):
            raise BadCertificate(
                f"证书 {one.serial} 不是受信任的 CA 签发的 / no trusted CA signed {one.serial}"
            )
        found[one.serial] = one
    return Trust(found)
