"""Codes, adequacy, expiry, the proposal and the steps of an order."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.supplies.rules.adequacy import Category, Norm, adequacy
from app.supplies.rules.codes import is_code
from app.supplies.rules.expiry import is_good, stage
from app.supplies.rules.propose import Need, Pile, Store, propose
from app.supplies.rules.steps import (
    TransferOutOfTurn,
    TransferState,
    TransferStep,
    after,
    transfer_number,
)
from app.supplies.settings import load_policy
from tests.world import ZONE

TODAY = date(2025, 6, 18)
HERE = (118.21, 28.51)
CITY = Store(1, "市库", "City", "city", 118.2, 28.5)
NEAR = Store(2, "东点", "East", "township", 118.211, 28.511)
FAR = Store(3, "西点", "West", "township", 118.1, 28.4)
STORES = (CITY, NEAR, FAR)


@pytest.mark.parametrize(
    ("code", "right"),
    [
        ("1010101", True),
        ("3999999", True),
        ("2010203", True),
        ("4010101", False),  # three classes only
        ("1000101", False),  # 01 to 99
        ("101010", False),
        ("10101010", False),
        ("1010101010101", False),  # one page claims thirteen digits: against clause 5.2
        ("101010１", False),  # a full-width digit
        ("", False),
    ],
)
def test_a_code_has_seven_digits_in_four_layers(code: str, right: bool) -> None:
    assert is_code(code) == right


QUILT = Category("quilt", "棉被", "Quilts", ("1010101",), Decimal(1))
WATER = Category("water", "饮用水", "Water", ("10202",), Decimal("2.5"))
NORM = Norm(3500, (QUILT, WATER))


@pytest.mark.parametrize(
    ("stock", "persons", "limits", "missing"),
    [
        ({"1010101": 3500, "1020201": 8750}, 3500, ["quilt", "water"], [0, 0]),
        ({"1010101": 3499, "1020201": 9000}, 3499, ["quilt"], [1, 0]),
        ({"1010101": 4000, "1020201": 4000, "1020202": 4749}, 3499, ["water"], [0, 1]),  # 3499.6
        ({"2010101": 9999}, 0, ["quilt", "water"], [3500, 8750]),
    ],
)
def test_the_scarcest_main_category_decides_for_how_many_it_suffices(
    stock: dict[str, int], persons: int, limits: list[str], missing: list[int]
) -> None:
    found = adequacy(NORM, stock.items())
    assert (found.persons, found.enough) == (persons, persons >= 3500)
    assert [one.category.id for one in found.shares if one.limits] == limits
    assert [one.missing for one in found.shares] == missing


def test_without_categories_nobody_can_say_for_how_many_it_suffices() -> None:
    found = adequacy(Norm(3500, ()), [("1010101", 9)])
    assert (found.persons, found.enough) == (None, False)


@pytest.mark.parametrize(
    ("left", "reached"),
    [(61, None), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (0, 7), (-1, 0), (-400, 0)],
)
def test_expiry_is_told_60_30_and_7_days_before_and_when_it_has_passed(
    left: int, reached: int | None
) -> None:
    day = TODAY + timedelta(days=left)
    assert stage(day, TODAY, (60, 30, 7)) == reached
    assert is_good(day, TODAY) == (left >= 0)
    assert stage(None, TODAY, (60,)) is None and is_good(None, TODAY)


def pile(store: Store, free: int, lot: int = 1, expires_on: date | None = None, item: int = 1) -> Pile:
    return Pile(store.warehouse_id, lot, item, f"L{lot}", expires_on, free)


def test_the_nearest_township_gives_first_and_the_city_is_the_reserve() -> None:
    piles = [pile(CITY, 500), pile(FAR, 40), pile(NEAR, 30)]
    found = propose(HERE, [Need(1, 100)], STORES, piles, TODAY)
    assert [(one.warehouse_id, one.quantity) for one in found.picks] == [(2, 30), (3, 40), (1, 30)]
    assert found.shortfalls == ()
    codes = [[why.code for why in one.reasons] for one in found.picks]
    assert codes == [
        ["distance", "eta", "nearest", "emptied"],
        ["distance", "eta", "emptied"],
        ["distance", "eta", "reserve"],
    ]
    assert "动用市级储备" in found.picks[2].reasons[2].zh
    assert found.picks[0].eta_s < found.picks[1].eta_s


def test_what_expires_first_goes_first_and_what_has_expired_stays() -> None:
    soon, late, gone = (TODAY + timedelta(days=n) for n in (5, 90, -1))
    piles = [
        pile(NEAR, 9, 1, gone),
        pile(NEAR, 10, 2, None),
        pile(NEAR, 10, 3, late),
        pile(NEAR, 10, 4, soon),
    ]
    found = propose(HERE, [Need(1, 35)], [NEAR], piles, TODAY)
    assert [one.lot_id for one in found.picks] == [4, 3, 2]
    (short,) = found.shortfalls
    assert (short.wanted, short.missing) == (35, 5)


def test_who_is_to_get_it_or_has_just_given_too_little_is_not_asked() -> None:
    piles = [pile(CITY, 5), pile(NEAR, 5), pile(FAR, 5)]
    found = propose(HERE, [Need(1, 5)], STORES, piles, TODAY, without={2})
    assert [one.warehouse_id for one in found.picks] == [3]


_PILES = st.lists(
    st.builds(
        pile,
        st.sampled_from(STORES),
        st.integers(0, 20),
        st.integers(1, 4),
        st.one_of(st.none(), st.dates(date(2025, 6, 1), date(2025, 12, 31))),
        st.integers(1, 2),
    ),
    max_size=12,
    unique_by=lambda one: (one.warehouse_id, one.lot_id),
)


@given(_PILES, st.integers(1, 60), st.integers(1, 60))
def test_a_proposal_never_promises_more_than_there_is_and_leaves_nothing_good_unused(
    piles: list[Pile], one: int, two: int
) -> None:
    found = propose(HERE, [Need(1, one), Need(2, two)], STORES, piles, TODAY)
    good = {(p.warehouse_id, p.lot_id): p for p in piles if is_good(p.expires_on, TODAY)}
    taken: dict[tuple[int, int], int] = {}
    for pick in found.picks:
        key = (pick.warehouse_id, pick.lot_id)
        taken[key] = taken.get(key, 0) + pick.quantity
        assert pick.quantity > 0 and taken[key] <= good[key].free and good[key].item_id == pick.item_id
    missing = {short.item_id: short.missing for short in found.shortfalls}
    for item, wanted in ((1, one), (2, two)):
        picked = sum(pick.quantity for pick in found.picks if pick.item_id == item)
        assert picked + missing.get(item, 0) == wanted
        if item in missing:
            assert picked == sum(p.free for p in good.values() if p.item_id == item)


_WAY = {
    ("reserved", "issue"): "issued",
    ("issued", "carry"): "under_way",
    ("under_way", "receive"): "delivered",
    ("delivered", "return"): "delivered",
}


def test_an_order_goes_from_keeper_to_carrier_to_receiver_and_is_cancelled_before_only() -> None:
    for state in get_args(TransferState):
        for step in get_args(TransferStep):
            expected = _WAY.get((state, step))
            if step == "cancel" and state in {"reserved", "issued", "under_way"}:
                expected = "cancelled"
            if expected is None:
                with pytest.raises(TransferOutOfTurn):
                    after(state, step)
            else:
                assert after(state, step) == expected


def test_orders_are_numbered_as_the_county_writes_them() -> None:
    assert transfer_number("樟应调", 2025, 3) == "樟应调〔2025〕第 3 号"


def test_the_norms_are_the_countys_own(tmp_path: Path) -> None:
    shipped = load_policy(None, "樟应调", ZONE)
    assert (shipped.norm.persons, shipped.expiry_days) == (3500, (60, 30, 7))
    assert [one.id for one in shipped.norm.categories] == [
        "quilt",
        "towel_quilt",
        "folding_bed",
        "coat",
        "kit",
    ]
    own = tmp_path / "supplies.yaml"
    one = (
        "adequacy: {{persons: 9, categories: [{{id: a, name_zh: 水, name_en: W, codes: ['{code}'], "
        "per_person: '{norm}'}}]}}\nexpiry_days: [60]"
    )
    own.write_text(one.format(code="102", norm="2.5"), encoding="utf-8")
    assert load_policy(own, "樟应调", ZONE).norm.categories[0].per_person == Decimal("2.5")
    for wrong in (
        "adequacy: {persons: 0, categories: []}\nexpiry_days: [60]",
        "adequacy: {persons: 9, categories: []}\nexpiry_days: []",
        one.format(code="9", norm="1"),
        one.format(code="1", norm="0"),
        "[",
    ):
        own.write_text(wrong, encoding="utf-8")
        with pytest.raises(ValueError, match=r"supplies\.yaml"):
            load_policy(own, "樟应调", ZONE)
    with pytest.raises(ValueError, match="none"):
        load_policy(tmp_path / "none.yaml", "樟应调", ZONE)
