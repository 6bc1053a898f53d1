"""What is refused about written reports."""

from __future__ import annotations

from collections.abc import Mapping

from app.refusals import Refusal


class StaleReport(Refusal):
    """Somebody changed the report meanwhile."""

    code = "stale_report"

    def __init__(self) -> None:
        super().__init__("报告已被他人修改,请重新读取后再提交", "somebody changed the report: read it again")


class OneTextForAll(Refusal):
    """A text for one addressee alone."""

    code = "one_text_for_all"

    def __init__(self) -> None:
        super().__init__(
            "同一版报告对所有主送、抄送单位须为同一口径,不能只改给其中一家;请修改全文,或另写续报",
            "one version reads the same for every addressee: change it for all, or write a follow-up",
        )


_CHAIN: Mapping[str, tuple[str, str]] = {
    "initial_missing": (
        "初报尚未发出,请先完成并发出初报,再写续报或终报",
        "no initial report was sent: send one before a follow-up or a final report",
    ),
    "initial_twice": ("该事件已有初报,请写续报", "there is an initial report already: write a follow-up"),
    "unfinished": (
        "上一版报告尚未发出,请先发出或作废后再起草下一版",
        "the version before is not out yet: send or drop it first",
    ),
    "over": (
        "终报已起草或发出,不能再写新的报告;事件重新开启后可以续报",
        "there is a final report: nothing follows it unless the incident is reopened",
    ),
}


class OutOfChain(Refusal):
    """A version that may not follow what there is."""

    code = "out_of_chain"

    def __init__(self, why: str) -> None:
        super().__init__(*_CHAIN[why])


class NotGrave(Refusal):
    """Oral consent is for grave cases only."""

    code = "not_grave"

    def __init__(self) -> None:
        super().__init__(
            "口头同意只用于重大及以上或危及生命的事件,其他情况请审核后由领导签发",
            "oral consent is for major events and threats to life: have it reviewed and signed",
        )


class LevelSkipped(Refusal):
    """The province is told without the prefecture."""

    code = "level_skipped"

    def __init__(self) -> None:
        super().__init__(
            "主送省级而未主送市级即为越级:请写明理由,并抄送市级",
            "the province without the prefecture skips a level: give the reason and a copy to the prefecture",
        )


class NothingOpenToSign(Refusal):
    """No oral consent waits for a signature."""

    code = "nothing_open_to_sign"

    def __init__(self) -> None:
        super().__init__("该报告没有待补签的口头同意", "no oral consent of this report waits for a signature")


class NotSentThere(Refusal):
    """A receipt of somebody to whom it was not sent."""

    code = "not_sent_there"

    def __init__(self) -> None:
        super().__init__(
            "尚未向该单位发出,请先登记发出", "it was not sent there yet: enter the sending first"
        )


class AlreadySentThere(Refusal):
    """It was sent or confirmed already."""

    code = "already_sent_there"

    def __init__(self) -> None:
        super().__init__("该单位已登记,不能重复登记", "this is entered already for that addressee")


class NoSuchPaper(Refusal):
    """A report that is not signed yet has no paper to keep."""

    code = "no_such_paper"

    def __init__(self) -> None:
        super().__init__(
            "报告签发后才有正式文稿;签发前请看预览", "the paper is made at sign-off: look at the preview"
        )
