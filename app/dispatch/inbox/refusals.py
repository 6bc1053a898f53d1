"""Why a notice is not taken, or not judged again."""

from __future__ import annotations

from app.refusals import Refusal


class UnknownPartner(Refusal):
    """No partner of this key, or its access was revoked."""

    code = "unknown_partner"

    def __init__(self) -> None:
        super().__init__(
            "没有这个联动单位,或其接入已停用,请联系指挥中心",
            "no such partner, or its access was revoked: ask the centre",
        )


class BadSignature(Refusal):
    """The signature does not fit the body."""

    code = "bad_signature"

    def __init__(self) -> None:
        super().__init__(
            "签名不符:应为 X-Zhishou-Signature: sha256=HMAC-SHA256(密钥, 时间戳 + “.” + 原文)",
            "wrong signature: X-Zhishou-Signature is sha256=HMAC-SHA256(secret, timestamp + '.' + body)",
        )


class StaleNotice(Refusal):
    """The time stamp lies too far from now: an old request sent again, or a wrong clock."""

    code = "stale_notice"

    def __init__(self) -> None:
        super().__init__(
            "X-Zhishou-Timestamp 与本系统相差超过5分钟,请校准时钟后重新签名再发",
            "X-Zhishou-Timestamp differs from our clock by more than 5 minutes: set the clock, sign again",
        )


class SameIdOtherContent(Refusal):
    """A partner sent another matter under an id it used already."""

    code = "same_id_other_content"

    def __init__(self) -> None:
        super().__init__(
            "同一编号已收到过不同内容;新情况请用新编号",
            "this id came with other content before: use a new one for news",
        )


class NoticeTooLarge(Refusal):
    """A notice has at most 64 KiB."""

    code = "notice_too_large"

    def __init__(self) -> None:
        super().__init__("来报内容超过64 KB,请精简;照片等另行传送", "a notice has 64 KiB at most")


class NoticeJudged(Refusal):
    """Somebody judged the notice before."""

    code = "notice_judged"

    def __init__(self, by: str) -> None:
        super().__init__(f"该来报已由{by}处理,请刷新", f"{by} has dealt with this notice already")
