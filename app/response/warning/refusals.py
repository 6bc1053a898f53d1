"""Why a message or a word about warnings is not taken."""

from __future__ import annotations

from app.refusals import Refusal


class UnknownWarningSource(Refusal):
    """No source of this key, it is no push source, or it was revoked."""

    code = "unknown_warning_source"

    def __init__(self) -> None:
        super().__init__(
            "没有这个预警来源,或其接入已停用,请联系指挥中心",
            "no such source of warnings, or it was revoked: ask the centre",
        )


class WarningTooLarge(Refusal):
    """A message has at most 2 MiB."""

    code = "warning_too_large"

    def __init__(self) -> None:
        super().__init__(
            "预警消息超过 2 MB 上限,请拆分或去掉附件", "a message of a warning has 2 MiB at most"
        )


class TooManyMessages(Refusal):
    """A source sends more than it may in a minute."""

    code = "too_many_warning_messages"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"该来源一分钟内超过 {most} 条,请稍后再发", f"more than {most} messages in a minute: send later"
        )


class NotReal(Refusal):
    """A drill or a test starts nothing in earnest."""

    code = "warning_not_real"

    def __init__(self) -> None:
        super().__init__(
            "这是【演练/测试】预警,不能据此启动实际措施",
            "this warning is a drill or a test: nothing may be started of it in earnest",
        )


class WarningOver(Refusal):
    """The warning does not stand any more."""

    code = "warning_over"

    def __init__(self) -> None:
        super().__init__("该预警已解除或失效", "the warning was lifted or has expired")


class NothingToJudge(Refusal):
    """The message does not wait for a person."""

    code = "warning_message_judged"

    def __init__(self) -> None:
        super().__init__(
            "该消息无需人工处理,或已处理,请刷新", "the message does not wait for a person (any more)"
        )


class NoKeyPeriod(Refusal):
    """Only orange and red propose a key period."""

    code = "warning_no_key_period"

    def __init__(self) -> None:
        super().__init__("只有橙色、红色预警建议进入重点时段", "only orange and red propose a key period")


class CannotExport(Refusal):
    """What is known does not make a valid CAP message."""

    code = "warning_cannot_export"

    def __init__(self, zh: str) -> None:
        super().__init__(f"无法生成有效的 CAP 文件:{zh}", f"no valid CAP file can be made of it: {zh}")
