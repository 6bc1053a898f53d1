"""What is refused about supplies."""

from __future__ import annotations

from app.refusals import Refusal


class StockShort(Refusal):
    """A warehouse does not hold what is asked of it: stock is never below zero."""

    code = "stock_short"

    def __init__(self, where: str, item: str, unit: str, held: int, wanted: int) -> None:
        super().__init__(
            f"{where}的{item}只剩 {held}{unit},不足 {wanted}{unit};请减少数量或另选仓库",
            f"{where} holds {held} of {item}, not {wanted}: ask for fewer, or of another warehouse",
        )


class NothingToGive(Refusal):
    """No warehouse that may be drawn on has any of what is asked for."""

    code = "nothing_to_give"

    def __init__(self, items: str, *, township: bool) -> None:
        whom = (
            ("市应急指挥中心", "the city's centre")
            if township
            else ("上级或相邻县市", "the prefecture or a neighbour")
        )
        super().__init__(
            f"可调用的仓库没有{items},请向{whom[0]}申请支援",
            f"no warehouse you may draw on has {items}: ask {whom[1]} for help",
        )


class SupplyNameTaken(Refusal):
    """An item or warehouse of this name exists."""

    code = "supply_name_taken"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"已有“{name}”,请直接使用或换一个名称",
            f"there is a {name} already: use it or choose another name",
        )


class StaleCount(Refusal):
    """The books changed while somebody counted."""

    code = "stale_count"

    def __init__(self, item: str, booked: int) -> None:
        super().__init__(
            f"盘点期间账面有变动,{item}现为 {booked},请刷新后核对再提交",
            f"the books changed during the count: {item} is now {booked}; look again, then send it",
        )
