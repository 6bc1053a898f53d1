"""The books: whatever happens they sum up to zero, and nothing that is held falls below nothing."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.refusals import InvalidInput
from app.supplies.rules import hand_over
from app.supplies.rules.hand_over import Counted, Delivered, GivenBack, Issued
from app.supplies.rules.ledger import HELD, ROUTES, Account, Books, Movement, overdraft, post

SHELF, ROAD = Account("shelf", 1), Account("transit", 9)
_PLACES = st.integers(1, 3)
_AMOUNTS = st.integers(0, 40)


def account(kind: str, place: int) -> Account:
    return Account(kind, place if kind in HELD else 0)  # type: ignore[arg-type]


@st.composite
def movements(draw: st.DrawFn) -> Movement:
    kind = draw(st.sampled_from(sorted(ROUTES)))
    source, target = draw(st.sampled_from(sorted(ROUTES[kind])))
    where = draw(_PLACES), draw(_PLACES)
    lot, quantity = draw(st.integers(1, 3)), draw(st.integers(1, 50))
    return Movement(kind, lot, quantity, account(source, where[0]), account(target, where[1]))


def balanced(books: Books) -> bool:
    return sum(books.values()) == 0 and all(
        quantity >= 0 for (one, _), quantity in books.items() if one.kind in HELD
    )


@given(st.lists(movements(), max_size=60))
def test_any_sequence_of_movements_balances_to_zero_and_nothing_held_is_negative(
    moved: list[Movement],
) -> None:
    books: Books = {}
    for one in moved:
        assert sum(line.quantity for line in one.lines) == 0
        short = overdraft(books, [one])
        if short is not None:
            assert short.held < short.wanted and short.account == one.source
            with pytest.raises(ValueError, match="overdrawn"):
                post(books, [one])
            continue
        books = post(books, [one])
        assert balanced(books)


Operation = tuple[str, int, int, int, bool]
_OPERATIONS: st.SearchStrategy[Operation] = st.tuples(
    st.sampled_from(["stock", "reserve", "issue", "receive", "back", "cancel", "count", "scrap"]),
    _PLACES,
    _AMOUNTS,
    _AMOUNTS,
    st.booleans(),
)


class County:
    """Three warehouses and three transfers of one lot, worked by the rules as the actions work them."""

    def __init__(self) -> None:
        self.books: Books = {}

    def held(self, kind: str, place: int) -> int:
        return self.books.get((account(kind, place), 1), 0)

    def moves(self, what: str, n: int, a: int, b: int, *, flag: bool) -> list[Movement]:
        match what:
            case "issue":
                issued = Issued(1, self.held("reserved", n), a, missing=flag, reason="少")
                return list(hand_over.issue(n, n, [issued]))
            case "receive":
                came = Delivered(1, self.held("transit", n), a, reason="差")
                return list(hand_over.receive(n, n % 3 + 1 if flag else None, [came]))
            case "back":
                return list(hand_over.give_back(n, n, [GivenBack(1, self.held("field", n), a, b)], "退回"))
            case "count":
                counted = Counted(1, self.held("shelf", n), self.held("reserved", n), a, reason="盘")
                return list(hand_over.count(n, [counted]))
        return self.simple(what, n, a)

    def simple(self, what: str, n: int, a: int) -> list[Movement]:
        shelf, road = Account("shelf", n), Account("transit", n)
        quantity = self.held("transit", n) if what == "cancel" else a
        if not quantity:
            return []
        return {
            "stock": lambda: [Movement("received", 1, quantity, Account("source"), shelf)],
            "reserve": lambda: [Movement("reserved", 1, quantity, shelf, Account("reserved", n))],
            "cancel": lambda: [Movement("released", 1, quantity, road, shelf)],
            "scrap": lambda: [Movement("scrapped", 1, quantity, shelf, Account("scrapped"))],
        }[what]()


@settings(max_examples=200)
@given(st.lists(_OPERATIONS, max_size=40))
def test_any_sequence_of_operations_keeps_the_books_at_zero_and_no_stock_negative(
    done: list[Operation],
) -> None:
    county = County()
    for what, n, a, b, flag in done:
        try:
            moved = county.moves(what, n, a, b, flag=flag)
        except InvalidInput:
            continue  # refused: nothing moves
        if overdraft(county.books, moved) is None:
            county.books = post(county.books, moved)
        assert balanced(county.books)


def test_what_is_issued_is_received_used_and_returned_to_the_last_piece() -> None:
    books: Mapping[tuple[Account, int], int] = post(
        {},
        [
            Movement("received", 1, 100, Account("source"), SHELF),
            Movement("reserved", 1, 80, SHELF, Account("reserved", 1)),
            *hand_over.issue(9, 1, [Issued(1, 80, 70, missing=True, reason="短少")]),
            *hand_over.receive(9, None, [Delivered(1, 70, 68, "途中破损")]),
            *hand_over.give_back(9, 1, [GivenBack(1, 68, 40, 28)], "任务结束"),
        ],
    )
    assert {one.kind: quantity for (one, _), quantity in books.items() if quantity} == {
        "source": -100,
        "shelf": 60,
        "difference": 12,
        "used": 28,
    }


@pytest.mark.parametrize(
    ("make", "zh"),
    [
        (lambda: hand_over.issue(9, 1, [Issued(1, 5, 6)]), "出库数 6 超过预留数 5"),
        (lambda: hand_over.issue(9, 1, [Issued(1, 5, 4)]), "须写明原因"),
        (lambda: hand_over.receive(9, None, [Delivered(1, 5, 4)]), "发出 5、收到 4"),
        (lambda: hand_over.receive(9, None, [Delivered(1, 5, 6)]), "不一致须写明原因"),
        (lambda: hand_over.give_back(9, 1, [GivenBack(1, 5, 3, 3)], "退"), "合计 6,超过在外数量 5"),
        (lambda: hand_over.count(1, [Counted(1, 5, 2, 6)]), "账面 7、实盘 6"),
        (lambda: hand_over.count(1, [Counted(1, 5, 2, 1, "少")]), "少于已预留 2"),
    ],
)
def test_a_hand_over_that_cannot_be_is_refused_with_its_numbers(make: object, zh: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        list(make())  # type: ignore[operator]
    assert zh in refused.value.zh


def test_a_movement_of_nothing_or_by_no_road_is_not_one() -> None:
    with pytest.raises(ValueError, match="a movement of 0"):
        Movement("scrapped", 1, 0, SHELF, Account("scrapped"))
    with pytest.raises(ValueError, match="never goes from"):
        Movement("scrapped", 1, 1, ROAD, Account("scrapped"))
