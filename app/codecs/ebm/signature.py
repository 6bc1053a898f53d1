"""Signature files EBDS (GD/J 081): read, written, proved.

SignatureValue = Base64(T 4 ‖ CertSN 6 ‖ r 32 ‖ s 32); signed is the file as it lies in the TAR ‖ T. T is
UTC seconds in the text of 2018, a counter of the device in older ones.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.codecs.ebm import sm
from app.codecs.ebm.certificate import Trust
from app.codecs.findings import Checked, Finding, Refused, advice, bounded, faults, schema, security, shown
from app.codecs.markup.model import Part, group, may, one, validate
from app.codecs.markup.reader import Limits, Node, parse
from app.codecs.markup.values import like
from app.codecs.markup.writer import branch, document, leaf

LENGTH = 74
_SMALL = Limits(size=64 * 1024, nodes=100)
_HEX_SERIAL = like(r"\s*[0-9A-Fa-f]{12,16}\s*", "12 位十六进制证书编号", "a serial of 12 hex digits")


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature of one file: `related` is its EBDID (or InfoID), `serial` the certificate's, in hex.

    `time` is T as it stands, `proof` r ‖ s.
    """

    related: str
    serial: str
    time: int
    proof: bytes


class Signer(Protocol):
    """Whoever holds the key: the cipher machine of the house, software in tests."""

    def sign(self, data: bytes, time: int) -> Signature:
        """Sign a file with a time in UTC seconds; `related` is left to the caller."""
        ...


@dataclass(frozen=True, slots=True)
class SoftwareSigner:
    """Signs with a key in memory. For tests and trials: in earnest the key never leaves its machine."""

    private: bytes
    serial: str
    append_time: bool = True

    def sign(self, data: bytes, time: int) -> Signature:
        """Sign a file with a time in UTC seconds; `related` is left to the caller."""
        proof = sm.sign(self.private, _signed(data, time, append_time=self.append_time))
        return Signature("", self.serial, time, proof)


def read(data: bytes) -> Checked[Signature]:
    """Read one EBDS file, of 2018 or older. Never raises for what the bytes hold."""
    try:
        root = parse(data, _SMALL)
    except Refused as refused:
        return Checked(None, (refused.finding,))
    return of_tree(root)


def of_tree(root: Node) -> Checked[Signature]:
    """Read a signature that has been parsed already."""
    if root.name != "Signature":
        return Checked(None, (_not_signature(root),))
    model = _model(root)
    found = list(validate(root, model, root.namespace))
    value = _value(root.said("SignatureValue"))
    if value is None:
        found.append(_bad_value(root))
    if faults(found) or value is None:
        return Checked(None, bounded(found))
    serial = value[4:10].hex()
    found.extend(_remarks(root, serial))
    related = root.children[1].children[0].text.strip()
    return Checked(Signature(related, serial, int.from_bytes(value[:4], "big"), value[10:]), bounded(found))


def write(signature: Signature) -> bytes:
    """Write an EBDS file as the standard of 2018 has it."""
    value = signature.time.to_bytes(4, "big") + bytes.fromhex(signature.serial) + signature.proof
    root = branch(
        "Signature",
        leaf("Version", "1"),
        branch("RelatedEBD", leaf("EBDID", signature.related)),
        leaf("CertSN", signature.serial),
        leaf("SignatureAlgorithm", "SM2-SM3"),
        leaf("SignatureValue", base64.b64encode(value).decode("ascii")),
    )
    return document(root)


def proves(
    signature: Signature, data: bytes, trust: Trust, when: datetime, *, append_time: bool = True
) -> Finding | None:
    """Return why a signature does not prove a file of that time, None when it does."""
    certificate = trust.find(signature.serial)
    if certificate is None:
        return security(
            "SIGNATURE_UNKNOWN_CERTIFICATE",
            f"证书 {signature.serial} 不在信任列表中",
            f"the certificate {signature.serial} is not trusted here",
        )
    if not certificate.is_valid(when):
        return security(
            "SIGNATURE_EXPIRED_CERTIFICATE",
            f"证书 {signature.serial} 已于 {certificate.year}-{certificate.month:02} 到期",
            f"the certificate {signature.serial} was valid to {certificate.year}-{certificate.month:02}",
        )
    signed = _signed(data, signature.time, append_time=append_time)
    if not sm.verify(certificate.public, signed, signature.proof):
        return security(
            "SIGNATURE_WRONG",
            "签名与内容或证书不符",
            "the signature does not fit the content and the certificate",
        )
    return None


def _signed(data: bytes, time: int, *, append_time: bool) -> bytes:
    return data + time.to_bytes(4, "big") if append_time else data


def _model(root: Node) -> Part:
    """Return the model of annex A (a packet) or C (an information body), or the form before 2018."""
    information = root.child("RelatedEBInfo") is not None
    of = group("RelatedEBInfo", one("EBInfoID")) if information else group("RelatedEBD", one("EBDID"))
    if root.child("SignatureCert") is None:
        tail = (one("CertSN", _HEX_SERIAL), one("SignatureAlgorithm"), one("SignatureValue"))
        return group("Signature", one("Version"), of, *tail)
    return group(
        "Signature",
        one("Version"),
        of,
        group("SignatureCert", may("CertType"), may("IssuerID"), one("CertSN", _HEX_SERIAL)),
        may("SignatureTime"),
        may("DigestAlgorithm"),
        one("SignatureAlgorithm"),
        one("SignatureValue"),
    )


def _value(text: str) -> bytes | None:
    try:
        value = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    return value if len(value) == LENGTH else None


def _remarks(root: Node, serial: str) -> Iterator[Finding]:
    old = root.child("SignatureCert")
    if old is not None:
        yield advice(
            "SIGNATURE_PRE2018", "签名文件是 2018 年以前的格式", "this is the form of before 2018", root.line
        )
    told = (old or root).said("CertSN").lower()
    if told != serial:
        yield advice(
            "SIGNATURE_SERIAL",
            f"CertSN {shown(told)} 与签名值中的 {serial} 不同,以签名值为准",
            f"CertSN {shown(told)} is not the {serial} in the value, which counts",
            root.line,
        )
    algorithm = root.said("SignatureAlgorithm")
    if old is None and algorithm != "SM2-SM3":
        yield advice(
            "SIGNATURE_ALGORITHM",
            f"SignatureAlgorithm {shown(algorithm)} 应为 SM2-SM3",
            f"SignatureAlgorithm is {shown(algorithm)}, it should be SM2-SM3",
            root.line,
        )


def _not_signature(root: Node) -> Finding:
    return schema(
        "NOT_SIGNATURE",
        f"根元素是 {shown(root.name)},不是 <Signature>",
        f"the root element is {shown(root.name)}, not <Signature>",
        root.line,
    )


def _bad_value(root: Node) -> Finding:
    return schema(
        "SIGNATURE_VALUE",
        f"SignatureValue 应为 {LENGTH} 字节的 Base64",
        f"SignatureValue must be Base64 of {LENGTH} bytes",
        root.line,
    )
