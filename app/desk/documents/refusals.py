"""What is refused about documents."""

from __future__ import annotations

from app.refusals import Refusal


class NotFinished(Refusal):
    """A document that cannot be filed yet."""

    code = "document_not_finished"

    def __init__(self, why: tuple[str, str]) -> None:
        super().__init__(f"{why[0]},暂不能归档;可先预览", f"{why[1]}: preview it, and file it later")


class StaleDraft(Refusal):
    """Somebody changed the text meanwhile."""

    code = "stale_document"

    def __init__(self) -> None:
        super().__init__("文稿已被他人修改,请重新读取后再提交", "somebody changed the text: read it again")


class DraftOver(Refusal):
    """A text that is signed or dropped."""

    code = "document_over"

    def __init__(self) -> None:
        super().__init__(
            "文稿已签发或作废,不能再改", "the text is signed or dropped: it does not change any more"
        )


class EmptyDraft(Refusal):
    """A text without words is not signed."""

    code = "document_empty"

    def __init__(self) -> None:
        super().__init__("正文为空,不能签发", "there is no text to sign")


class BriefTwice(Refusal):
    """A desk has one daily brief a day."""

    code = "brief_twice"

    def __init__(self) -> None:
        super().__init__(
            "该日值班信息已起草,请在原稿上修改", "there is a brief of that day already: edit that one"
        )
