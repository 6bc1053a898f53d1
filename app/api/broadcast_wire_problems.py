"""The status of every refusal of broadcast platforms, and its faults in words."""

from __future__ import annotations

from collections.abc import Mapping

from app.broadcast.speech import SpeechRefused
from app.broadcast.wire.refusals import (
    BadWireCertificate,
    NoWireCertificate,
    TrialWireCertificate,
    WirePeerTwice,
)
from app.refusals import Refusal

BROADCAST_WIRE_STATUS: Mapping[type[Refusal], int] = {
    BadWireCertificate: 422,
    NoWireCertificate: 422,
    SpeechRefused: 409,
    TrialWireCertificate: 422,
    WirePeerTwice: 409,
}
BROADCAST_WIRE_FAULTS: Mapping[str, tuple[str, str]] = {
    "wire_url": (
        "地址应形如 http://10.1.2.3:8080/EB/ebdsvc.html,不带账号、参数,也不能是链路本地地址",
        "the address must look like http://10.1.2.3:8080/EB/ebdsvc.html, without login, not link-local",
    ),
    "wire_allowed": (
        "应为地址或网段,如 10.1.2.3 或 10.1.2.0/24,不能放开整个网络",
        "give an address or a network such as 10.1.2.3 or 10.1.2.0/24, not the whole world",
    ),
    "wire_legacy": (
        "按 2016 年草案对接的平台须填写双方 18 位编码",
        "a platform of the drafts of 2016 needs both numbers of 18 digits",
    ),
    "wire_key": (
        "要求对方签名时,请填写本方签名密钥的名称(密钥本身放在密钥文件里)",
        "where signatures are demanded, name the key we sign with; the key itself is in the file",
    ),
}
