"""A TAR from a peer → packet, files and the ResultCode of its receipt (GD/J 083 tables 33, 35)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from app.codecs.ebm import packet, signature, sm
from app.codecs.ebm.archive import ROOM, Room, unpack
from app.codecs.ebm.certificate import Trust
from app.codecs.ebm.fields import Fields, many, text
from app.codecs.ebm.packet import Packet
from app.codecs.ebm.profile import Profile
from app.codecs.ebm.rules import digest_of
from app.codecs.findings import Finding, Refused, advice, bounded, faults, rule, security, shown


class ResultCode(IntEnum):
    """What a receipt says of a packet; from 2 on it goes no further."""

    RECEIVED = 0
    PARSED = 1
    UNREADABLE = 2
    INCOMPLETE = 3
    UNSIGNED = 4
    OTHER = 5


@dataclass(frozen=True, slots=True)
class Received:
    """What came of one TAR: `files` are all its files by name, also when it was refused later on."""

    result: ResultCode
    packet: Packet | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def valid(self) -> bool:
        """True when the packet may be processed."""
        return self.result <= ResultCode.PARSED


_STREAM = "61"
_INCOMPLETE = frozenset(
    (
        *("ELEMENT_MISSING", "CONTENT_REQUIRED", "BASICINFO_REQUIRED", "CANCEL_WITHOUT_TARGET"),
        *("FILE_ABSENT", "FILE_SIZE", "FILE_DIGEST"),
    )
)
_BEATS = "ConnectionCheck"


def receive(data: bytes, trust: Trust, profile: Profile | None = None, room: Room = ROOM) -> Received:
    """Judge one TAR in the order archive, business data, signature, content. Never raises for its bytes.

    Without a profile the dialect is told by the EBDID and a signature is demanded.
    """
    try:
        files = unpack(data, room)
        name = _business(files)
    except Refused as refused:
        return Received(ResultCode.UNREADABLE, findings=(refused.finding,))
    checked = packet.read(files[name], profile)
    found = list(checked.findings)
    if checked.message is None:
        return Received(_result(found), None, files, bounded(found))
    found.extend(_named(name, checked.message))
    if not faults(found):
        found.extend(_signed(files, name, checked.message, trust, profile))
    if not faults(found) and checked.message.kind == "EBM":
        found.extend(_attached(files, checked.message.payload))
    return Received(_result(found), checked.message, files, bounded(found))


def _business(files: Mapping[str, bytes]) -> str:
    """Return the name of the one business file."""
    names = [name for name in files if name.startswith("EBDB_") and name.lower().endswith(".xml")]
    if len(names) != 1:
        zh, en = (
            f"应有且只有一个 EBDB_*.xml,现有 {len(names)} 个",
            f"{len(names)} EBDB_*.xml, there must be one",
        )
        raise Refused(rule("EBDB_COUNT", zh, en))
    return names[0]


def _result(found: Iterable[Finding]) -> ResultCode:
    """Return the code of the first fault that decides: unreadable before incomplete before the rest."""
    wrong = faults(found)
    codes = [_code(finding) for finding in wrong]
    return min(codes, default=ResultCode.PARSED)


def _code(finding: Finding) -> ResultCode:
    if finding.code.startswith("SIGNATURE_"):
        return ResultCode.UNSIGNED
    if finding.code in _INCOMPLETE:
        return ResultCode.INCOMPLETE
    unreadable = finding.layer.value in ("schema", "security") or finding.code in ("FILE_NAME", "EBDB_COUNT")
    return ResultCode.UNREADABLE if unreadable else ResultCode.OTHER


def _named(name: str, read: Packet) -> Iterator[Finding]:
    if name != f"EBDB_{read.ebd_id}.xml":
        zh, en = (
            f"文件名 {shown(name)} 与其中的 EBDID 不同",
            f"the name {shown(name)} is not that of the EBDID in it",
        )
        yield rule("FILE_NAME", zh, en)


def _signed(
    files: Mapping[str, bytes], name: str, read: Packet, trust: Trust, profile: Profile | None
) -> Iterator[Finding]:
    raw = files.get(f"EBDS_{name}")
    if raw is None:
        if _may_be_unsigned(read) or (profile is not None and not profile.signature):
            return
        yield security(
            "SIGNATURE_ABSENT", f"缺少签名文件 EBDS_{name}", f"the signature EBDS_{name} is missing"
        )
        return
    checked = signature.read(raw)
    if checked.message is None:
        why = checked.findings[0]
        yield security("SIGNATURE_UNREADABLE", f"签名文件:{why.zh}", f"the signature: {why.en}", why.line)
        return
    yield from checked.findings
    if checked.message.related != read.ebd_id:
        yield security(
            "SIGNATURE_OF_OTHER", "签名文件对应另一个 EBDID", "the signature belongs to another EBDID"
        )
        return
    appends = profile is None or profile.append_time
    wrong = signature.proves(checked.message, files[name], trust, read.time, append_time=appends)
    if wrong is not None:
        yield wrong
    elif trust.trial:
        yield advice(
            "SIGNATURE_TRIAL",
            "签名用的是测试证书,不能证明发送者",
            "a trial certificate signed this: it proves nothing about the sender",
        )


def _may_be_unsigned(read: Packet) -> bool:
    """Say whether it is a heart-beat or the receipt of one (GD/J 083 table 1)."""
    answers_beat = read.kind == "EBDResponse" and read.related.startswith("01")
    return read.kind == _BEATS or answers_beat


def _attached(files: Mapping[str, bytes], message: Fields) -> Iterator[Finding]:
    for content in many(message, "MsgContent"):
        for auxiliary in many(content, "Auxiliary"):
            if text(auxiliary, "AuxiliaryType") != _STREAM:
                yield from _file(files, auxiliary)


def _file(files: Mapping[str, bytes], auxiliary: Fields) -> Iterator[Finding]:
    name, size, written = (text(auxiliary, key) for key in ("AuxiliaryDesc", "Size", "Digest"))
    held = files.get(name)
    if held is None:
        yield rule(
            "FILE_ABSENT", f"压缩包中没有文件 {shown(name)}", f"the file {shown(name)} is not in the archive"
        )
        return
    if size and int(size) != len(held):
        yield rule(
            "FILE_SIZE",
            f"文件 {shown(name)} 有 {len(held)} 字节,不是 {size}",
            f"the file {shown(name)} has {len(held)} bytes, not {size}",
        )
    digest = digest_of(written) if written else None
    if digest is not None and len(digest) == len(sm.sm3(b"")) and sm.sm3(held) != digest:
        yield rule(
            "FILE_DIGEST", f"文件 {shown(name)} 的 SM3 摘要不符", f"the SM3 digest of {shown(name)} differs"
        )
