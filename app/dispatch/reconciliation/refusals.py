"""What reconciliation refuses."""

from __future__ import annotations

from app.refusals import Refusal


class PairSettled(Refusal):
    """Somebody has decided about this pair."""

    code = "pair_settled"

    def __init__(self, by: str) -> None:
        super().__init__(f"{by}已对此对记录作出决定,请刷新", f"{by} has decided about this pair; reload")


class NothingToMerge(Refusal):
    """Neither of the two is an incident, so there is nothing to merge into."""

    code = "nothing_to_merge"

    def __init__(self) -> None:
        super().__init__(
            "两条记录都还没有立案,无处可并:请先在收件箱将其中一条立案,或选“同一事件”",
            "neither is an incident yet: open one of them in the inbox first, or choose “same”",
        )
