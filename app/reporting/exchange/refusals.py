"""What is refused between houses."""

from __future__ import annotations

from app.refusals import Refusal


class UnknownPeer(Refusal):
    """No peer has this key, or its secret is not on this machine."""

    code = "unknown_peer"

    def __init__(self) -> None:
        super().__init__(
            "没有使用该密钥编号的对接单位,或本机没有其密钥;请与接收单位核对",
            "no peer has this key, or its secret is missing here: ask the receiving centre",
        )


class IncompleteSignature(Refusal):
    """A header of the signature is missing or is no token."""

    code = "incomplete_signature"

    def __init__(self) -> None:
        super().__init__(
            "缺少签名所需的请求头:X-Zhishou-Key、-Timestamp、-Nonce、-Signature 与 Idempotency-Key",
            "a header is missing: X-Zhishou-Key, -Timestamp, -Nonce, -Signature and Idempotency-Key",
        )


class ReplayedMessage(Refusal):
    """The nonce was used before."""

    code = "replayed_message"

    def __init__(self) -> None:
        super().__init__(
            "该随机数已使用过,疑为重放;重发时请换新的随机数并重新签名",
            "this nonce was used before: take a new one and sign again when you send it again",
        )


class WrongScope(Refusal):
    """A peer reports of a place that is not its own."""

    code = "wrong_scope"

    def __init__(self, region: str) -> None:
        super().__init__(
            f"对接单位无权报送 {region} 的事件,请核对登记的区划范围",
            f"the peer may not report of {region}: check the scope it is registered with",
        )


class WrongMessageId(Refusal):
    """The Idempotency-Key is not the id of the message."""

    code = "wrong_message_id"

    def __init__(self) -> None:
        super().__init__(
            "Idempotency-Key 须与报文编号一致", "the Idempotency-Key must be the id of the message"
        )


class OwnMessage(Refusal):
    """What this house sent came back as if it were another's."""

    code = "own_message"

    def __init__(self) -> None:
        super().__init__("这是本单位自己发出的报文", "this message was sent by this house itself")


class AlteredContent(Refusal):
    """A paper or a file of a package is not what its SHA-256 says."""

    code = "altered_content"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} 的内容与其 SHA-256 不符,可能已损坏或被改动,请重新导出或重发",
            f"{name} is not what its SHA-256 says, it is damaged or altered: export or send it again",
        )


class OtherContentUnderId(Refusal):
    """The id is known with another content."""

    code = "other_content_under_id"

    def __init__(self) -> None:
        super().__init__(
            "同一报文编号已收到不同内容,未予覆盖;请以新编号重发",
            "another content came under this id before and stays: send it under a new one",
        )


class NoSuchSentReport(Refusal):
    """An acknowledgement of a report that was not sent to this peer."""

    code = "no_such_sent_report"

    def __init__(self) -> None:
        super().__init__("没有向该单位发出过这份报告", "no such report was sent to this peer")


class NoPackage(Refusal):
    """A file that is no package of a report."""

    code = "no_package"

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"不是值守的报告包:{zh}", f"not a package of a report: {en}")


class PeerTwice(Refusal):
    """The unit or the key is registered already."""

    code = "peer_twice"

    def __init__(self) -> None:
        super().__init__(
            "该单位或该密钥编号已登记,请修改原有登记", "the unit or the key is registered already: amend it"
        )


class AlreadyAcknowledged(Refusal):
    """Somebody has acknowledged it."""

    code = "already_acknowledged"

    def __init__(self, who: str) -> None:
        super().__init__(f"已由{who}收悉", f"{who} has acknowledged it already")


class NotWaiting(Refusal):
    """Nothing of it waits to be delivered."""

    code = "not_waiting"

    def __init__(self) -> None:
        super().__init__("该件不在待送达之列,无须重试", "it does not wait to be delivered: nothing to retry")


class UnsignedReport(Refusal):
    """A report that nobody signed does not leave the house."""

    code = "unsigned_report"

    def __init__(self) -> None:
        super().__init__("报告签发后才能导出", "a report can be exported once it is signed")
