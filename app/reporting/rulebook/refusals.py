"""What is refused about versions of the rules."""

from __future__ import annotations

from app.nodes import RulesInvalid
from app.refusals import FieldFault, Refusal


class RulesFaulty(Refusal):
    """A text that cannot be meant, with every mistake at its line; the rules in force stay."""

    code = "rules_faulty"

    def __init__(self, refused: RulesInvalid) -> None:
        super().__init__(
            f"规则有{len(refused.faults)}处错误,未保存;现行规则不变,请按行改正",
            f"the rules have {len(refused.faults)} mistakes and were not kept: correct the lines named",
            *(
                FieldFault(f"text.{one.line}", f"{one.path}:{one.zh}", f"{one.path}: {one.en}")
                for one in refused.faults
            ),
        )


class StaleRules(Refusal):
    """Somebody changed the draft meanwhile."""

    code = "stale_rules"

    def __init__(self) -> None:
        super().__init__("草稿已被他人修改,请重新读取后再提交", "somebody changed the draft: read it again")


class PublishedMeanwhile(Refusal):
    """Somebody else published rules since one looked."""

    code = "rules_published_meanwhile"

    def __init__(self, number: int, by: str) -> None:
        super().__init__(
            f"{by}已先发布第{number}版规则,您的版本未发布;请比较差异后再决定",
            f"{by} published version {number} meanwhile, yours is not published: compare, then decide",
        )


class NoDraft(Refusal):
    """What was published or dropped is not changed any more."""

    code = "no_rules_draft"

    def __init__(self) -> None:
        super().__init__(
            "该版本已发布或已作废,不能再改;请以它为基础另建草稿",
            "it was published or dropped: make a new draft from it",
        )


class TooManyDrafts(Refusal):
    """More versions than anybody reads."""

    code = "too_many_rules"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"草稿最多{most}份,请先发布或作废旧草稿", f"{most} drafts at most: publish or drop old ones"
        )
