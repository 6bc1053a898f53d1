"""The status of every refusal between houses, and its faults in words."""

from __future__ import annotations

from collections.abc import Mapping

from app.refusals import Refusal
from app.reporting.exchange.refusals import (
    AlreadyAcknowledged,
    AlteredContent,
    IncompleteSignature,
    NoPackage,
    NoSuchSentReport,
    NotWaiting,
    OtherContentUnderId,
    OwnMessage,
    PeerTwice,
    ReplayedMessage,
    UnknownPeer,
    UnsignedReport,
    WrongMessageId,
    WrongScope,
)

EXCHANGE_STATUS: Mapping[type[Refusal], int] = {
    AlreadyAcknowledged: 409,
    AlteredContent: 422,
    IncompleteSignature: 401,
    NoPackage: 422,
    NoSuchSentReport: 404,
    NotWaiting: 409,
    OtherContentUnderId: 409,
    OwnMessage: 409,
    PeerTwice: 409,
    ReplayedMessage: 409,
    UnknownPeer: 401,
    UnsignedReport: 409,
    WrongMessageId: 422,
    WrongScope: 403,
}
EXCHANGE_FAULTS: Mapping[str, tuple[str, str]] = {
    "peer_url": (
        "地址应形如 https://10.1.2.3:8443,不带账号、参数,也不能是链路本地地址",
        "the address must look like https://10.1.2.3:8443, without login or parameters, not link-local",
    ),
    "peer_key": (
        "请填写密钥编号(密钥本身放在密钥文件里)",
        "give the name of the key; its secret is in the file",
    ),
    "peer_nothing": (
        "请填写对方地址(向其报送)或区划范围(接收其报送)",
        "give an address to send to, or a scope to receive of",
    ),
    "peer_email": ("请填写电子邮箱", "give the mail address"),
}
