"""What GD/J 082 and 083 ask beyond the order of elements: pure judgements of one packet."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.codecs.ebm.fields import Fields, many, text
from app.codecs.ebm.identifiers import ebm_date, must_be_processed
from app.codecs.ebm.profile import Dialect, Profile
from app.codecs.ebm.schema import time_of
from app.codecs.findings import Finding, advice, rule, security, shown

_EVENT = re.compile(r"[0-9A-Z]{5}")
_LANGUAGE = re.compile(r"[a-z]{3}")
_FILE = re.compile(r"[^/\\:*?\"<>|\x00-\x1f]{1,200}")
_DEVICES = re.compile(r"\([0-9]{18,23},[123abc],[^(),]+\)(,\([0-9]{18,23},[123abc],[^(),]+\))*")
_STREAM = "61"
_ANSWERS = frozenset(("EBDResponse", "EBDNotify"))
_DIGEST_BYTES = {Dialect.GDJ_2018: (32,), Dialect.DRAFT_2016: (20, 32)}


@dataclass(frozen=True, slots=True)
class Said:
    """What of a packet the rules look at; `held` is the name of the payload that is there."""

    ebd_id: str
    kind: str
    source: str
    related: str
    held: str
    payload: Fields


def judge(said: Said, profile: Profile) -> Iterator[Finding]:
    """Name the rules that a packet breaks."""
    yield from _envelope(said)
    if said.held == "EBM":
        yield from _message(said.payload, said.source, profile)
    elif said.held == "EBMStateResponse":
        yield from _sites(said.payload)
    elif said.held == "EBMBrdLog":
        for item in many(said.payload, "EBMBrdItem"):
            yield from _sites(item)


def digest_of(written: str) -> bytes | None:
    """Read a digest in hex or Base64, the standard names neither; None when it is none."""
    if re.fullmatch(r"[0-9A-Fa-f]+", written) and len(written) in (40, 64):
        return bytes.fromhex(written)
    try:
        found = base64.b64decode(written, validate=True)
    except (binascii.Error, ValueError):
        return None
    return found if len(found) in (20, 32) else None


def _envelope(said: Said) -> Iterator[Finding]:
    if said.kind != said.held:
        yield rule(
            "TYPE_PAYLOAD_MISMATCH",
            f"EBDType 是 {said.kind},内容却是 {said.held}",
            f"EBDType is {said.kind}, but the content is {said.held}",
        )
    if said.ebd_id[2 : 2 + len(said.source)] != said.source:
        yield rule(
            "EBDID_SRC_MISMATCH",
            "EBDID 中的资源编码与 SRC 不同",
            f"the number in EBDID is not that of SRC, {said.source}",
        )
    beats = said.kind == "ConnectionCheck"
    if said.ebd_id[:2] != ("01" if beats else "10"):
        yield rule(
            "EBDID_TYPE_CODE",
            f"EBDID 应以 {'01' if beats else '10'} 开头",
            f"the EBDID of {said.kind} starts with {'01' if beats else '10'}",
        )
    if beats and said.ebd_id[-16:].strip("0"):
        yield rule("HEARTBEAT_SEQ", "心跳的流水号应全为 0", "the sequence of a heart-beat is all zeroes")
    if said.kind in _ANSWERS and not said.related:
        yield advice(
            "RELATED_EBD_MISSING",
            "回执没有 RelatedEBD,无法对应请求",
            "without RelatedEBD a receipt belongs to no request",
        )


def _message(message: Fields, source: str, profile: Profile) -> Iterator[Finding]:
    ebm_id = text(message, "EBMID")
    yield from _identity(ebm_id, source, text(message, "EBMVersion"))
    basics = message.get("MsgBasicInfo")
    cancels = text(message, "MsgBasicInfo", "MsgType") == "2"
    if basics is None and must_be_processed(ebm_id):
        yield rule(
            "BASICINFO_REQUIRED", "强制消息缺少 MsgBasicInfo", "a mandatory message needs MsgBasicInfo"
        )
    contents = list(many(message, "MsgContent"))
    if not contents and must_be_processed(ebm_id):
        yield _without_content(cancels=cancels)
    if cancels and not text(message, "RelatedInfo", "EBMID"):
        yield rule(
            "CANCEL_WITHOUT_TARGET",
            "取消播发须在 RelatedInfo/EBMID 中指明被取消的消息",
            "a cancel names the message in RelatedInfo/EBMID",
        )
    if isinstance(basics, Mapping):
        yield from _basics(basics)
    for content in contents:
        yield from _content(content, profile)
    for dispatch in many(message, "Dispatch"):
        for device in many(dispatch, "EBRBS"):
            yield from _devices(text(device, "BrdSysInfo"))


def _identity(ebm_id: str, source: str, version: str) -> Iterator[Finding]:
    if ebm_date(ebm_id) is None:
        day = ebm_id[-12:-4]
        yield rule("EBMID_DATE", f"EBMID 中的日期 {day} 不存在", f"the day {day} in EBMID does not exist")
    if not ebm_id.startswith(source):
        yield advice(
            "EBMID_ORIGIN",
            "消息由另一平台生成,本包是转发",
            f"the message was minted by {ebm_id[: len(source)]}, this packet relays it",
        )
    if version != "1":
        yield advice(
            "VERSION_FORM",
            f"EBMVersion {shown(version)} 应为 1",
            f"EBMVersion is {shown(version)}, it should be 1",
        )


def _without_content(*, cancels: bool) -> Finding:
    if cancels:
        return advice(
            "CANCEL_WITHOUT_CONTENT",
            "取消播发没有 MsgContent,照样取消",
            "this cancel has no MsgContent: it cancels all the same",
        )
    return rule("CONTENT_REQUIRED", "强制消息缺少 MsgContent", "a mandatory message needs MsgContent")


def _basics(basics: Fields) -> Iterator[Finding]:
    event = text(basics, "EventType")
    if not _EVENT.fullmatch(event):
        yield advice(
            "EVENT_CODE_SHAPE",
            f"EventType {shown(event)} 应为五位编码,如 11B03",
            f"EventType {shown(event)} should be a code of five, such as 11B03",
        )
    start, end = _when(basics, "StartTime"), _when(basics, "EndTime")
    if start is not None and end is not None and end <= start:
        yield rule("END_BEFORE_START", "EndTime 不晚于 StartTime", "EndTime is not after StartTime")


def _content(content: Fields, profile: Profile) -> Iterator[Finding]:
    language = text(content, "LanguageCode")
    if not _LANGUAGE.fullmatch(language):
        yield rule(
            "LANGUAGE_CODE",
            f"LanguageCode {shown(language)} 应为三个小写字母,如 zho",
            f"LanguageCode {shown(language)} must be three small letters, such as zho",
        )
    for auxiliary in many(content, "Auxiliary"):
        yield from _auxiliary(auxiliary, profile)


def _auxiliary(auxiliary: Fields, profile: Profile) -> Iterator[Finding]:
    name, written = text(auxiliary, "AuxiliaryDesc"), text(auxiliary, "Digest")
    streams = text(auxiliary, "AuxiliaryType") == _STREAM
    if not streams and (not _FILE.fullmatch(name) or name.strip(".") == ""):
        yield security(
            "AUX_NAME",
            f"AuxiliaryDesc {shown(name)} 应是文件名,不含路径",
            f"AuxiliaryDesc {shown(name)} must be a file name without a path",
        )
    digest = digest_of(written) if written else b""
    if written and (digest is None or len(digest) not in _DIGEST_BYTES[profile.dialect]):
        yield rule(
            "AUX_DIGEST",
            f"Digest {shown(written)} 应为 SM3 摘要(十六进制或 Base64)",
            f"Digest {shown(written)} must be an SM3 digest, in hex or Base64",
        )


def _sites(payload: Fields) -> Iterator[Finding]:
    info = payload.get("ResBrdInfo")
    for item in many(info, "ResBrdItem") if isinstance(info, Mapping) else ():
        for device in many(item, "EBRBS"):
            yield from _devices(text(device, "BrdSysInfo"))
            start, end = _when(device, "StartTime"), _when(device, "EndTime")
            if start is not None and end is not None and end < start:
                yield rule("END_BEFORE_START", "EndTime 早于 StartTime", "EndTime is before StartTime")


def _devices(written: str) -> Iterator[Finding]:
    if written and not _DEVICES.fullmatch("".join(written.split())):
        yield rule(
            "BRDSYSINFO",
            f"BrdSysInfo {shown(written)} 应写作 (资源编码,1|2|3,值),…",
            f"BrdSysInfo {shown(written)} must be (EBRID,1|2|3,value),…",
        )


def _when(fields: Fields, name: str) -> datetime | None:
    return time_of(text(fields, name))
