"""The rules of readiness: how many, how it stands, and what a month is worth to the cent."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.duty.roster.settings import load_key_periods
from app.duty.standby.rules.allowance import PersonDay, by_person, total
from app.duty.standby.rules.level import COLOUR, Standing, Words, away, judge, percent, reasons
from app.duty.standby.rules.required import Need, ReadinessRule, required
from app.duty.standby.rules.rulebook import Rulebook
from app.duty.standby.settings import SHIPPED, load_policy
from tests.world import ZONE

BOOK = Rulebook(load_policy(), load_key_periods(), ZONE)
SQUAD = Words("林1中队", "Squad 1")


def brigade() -> ReadinessRule:
    rule = BOOK.rule_of("professional_forest_fire")
    assert rule is not None
    return rule


@pytest.mark.parametrize(
    ("strength", "key", "needed"),
    [(110, False, 88), (110, True, 110), (111, False, 89), (1, False, 1), (0, False, 0), (5, False, 4)],
)
def test_the_brigade_keeps_four_fifths_rounded_up_and_everybody_in_a_key_period(
    strength: int, key: bool, needed: int
) -> None:
    assert required(brigade(), strength, key=key) == needed


def test_a_township_keeps_twelve_in_a_key_period_whatever_its_strength() -> None:
    rule = BOOK.township_rule
    assert rule is not None
    assert [required(rule, 0, key=key) for key in (True, False)] == [12, 0]


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2025, 9, 30), []),
        (date(2025, 10, 1), ["fire", "holidays"]),
        (date(2026, 4, 30), ["fire"]),
        (date(2026, 5, 1), ["holidays"]),
        (date(2026, 5, 10), []),  # the flood season is no key period of the forest fire brigade
    ],
)
def test_a_day_is_a_key_day_by_the_periods_the_rule_names(day: date, why: list[str]) -> None:
    assert [one.rule_id for one in BOOK.key_day(brigade(), day)] == why


def test_a_day_begins_at_the_countys_midnight() -> None:
    assert BOOK.today(datetime(2025, 9, 30, 15, 59, tzinfo=UTC)) == date(2025, 9, 30)
    assert BOOK.today(datetime(2025, 9, 30, 16, 0, tzinfo=UTC)) == date(2025, 10, 1)
    assert BOOK.due_at(date(2025, 10, 1)) == datetime(2025, 10, 1, 0, 30, tzinfo=UTC)
    assert BOOK.rule_of("flood") is None


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (Standing(88, 88), "ready"),
        (Standing(88, 87), "short"),
        (Standing(0, 0), "not_required"),
        (Standing(110, 108, floor=108), "exempted"),
        (Standing(110, 107, floor=108), "short"),
        (Standing(110, 95, (SQUAD,), 15), "waiting"),
        (Standing(110, 95, (SQUAD,), 15, due=True), "missing"),
        (Standing(110, 94, (SQUAD,), 15), "short"),  # whatever the squad brings
        (Standing(110, 94, (SQUAD,), 15, floor=109), "exempted"),
        (Standing(0, 0, (SQUAD,), 15, due=True), "missing"),
        (Standing(12, 12, accepted=False), "unaccepted"),
        (Standing(12, 11, accepted=False), "short"),
    ],
)
def test_a_day_stands_as_it_is_reported(day: Standing, state: str) -> None:
    assert judge(day) == state


def test_red_is_short_or_silent_and_nothing_else() -> None:
    assert {state for state, colour in COLOUR.items() if colour == "red"} == {"short", "missing"}


def test_the_reasons_say_what_is_missing_in_both_languages() -> None:
    short = Standing(12, 10, accepted=False)
    assert reasons(short, "short", "08:30") == (
        Words("应到12人,实到10人,缺2人", "10 of 12 in place, 2 short"),
        Words("备勤名单待验收", "the names wait for acceptance"),
    )
    hopeless = Standing(110, 94, (SQUAD,), 15)
    assert [said.zh for said in reasons(hopeless, "short", "08:30")] == [
        "即使未报者全员在岗仍缺1人",
        "林1中队待报(08:30前)",
    ]
    late = Standing(110, 95, (SQUAD,), 15, due=True)
    assert reasons(late, "missing", "08:30") == (Words("林1中队过08:30未报", "no return by 08:30: Squad 1"),)
    assert reasons(Standing(12, 12), "ready", "08:30") == ()
    assert away({"sick": 2, "on_leave": 1}) == Words("休假1、病2", "1 on leave, 2 sick")
    assert away({"sick": 0}) is None
    assert [percent(109, 110), percent(0, 0)] == [99, None]


WORTH = st.sampled_from([Decimal("100.00"), Decimal("0.01"), Decimal("99.99"), Decimal("120.50")])
DAYS = st.lists(
    st.builds(
        PersonDay,
        region_code=st.sampled_from(["990181100000", "990181200000"]),
        day=st.integers(0, 30).map(lambda n: date(2025, 10, 1) + timedelta(days=n)),
        name=st.sampled_from(["张伟", "李娜", "王芳"]),
        phone=st.sampled_from(["", "13900000001", "13900000002"]),
        person_id=st.sampled_from([None, 1, 2]),
        yuan=WORTH,
    ),
    max_size=60,
)


@given(DAYS)
def test_the_sheet_equals_an_independent_sum_in_cents(days: list[PersonDay]) -> None:
    lines = by_person(days)
    cents = sum(int(one.yuan * 100) for one in days)
    assert int(total(lines).yuan * 100) == cents
    assert total(lines).person_days == len(days)
    for region in {one.region_code for one in days}:
        own = [line for line in lines if line.region_code == region]
        assert sum(int(line.yuan * 100) for line in own) == sum(
            int(one.yuan * 100) for one in days if one.region_code == region
        )


def test_a_registered_person_is_one_line_whatever_telephone_he_gave() -> None:
    days = [
        PersonDay("990181100000", date(2025, 10, n), "张伟", f"1390000000{n}", 7, Decimal(100))
        for n in (2, 1)
    ]
    (line,) = by_person(days)
    assert (line.days, line.phone, line.yuan) == (
        (date(2025, 10, 1), date(2025, 10, 2)),
        "13900000002",
        Decimal("200.00"),
    )


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ('share: "0.80"', "share: 0.8"),
        ('share: "0.80"', 'share: "1.80"'),
        ("per: team", "per: house"),
        ("team_kind: semi_pro_fire", "team_kind: professional_forest_fire"),
        ('return_due: "08:30"', 'return_due: "25:30"'),
        ('yuan_per_person_day: "100.00"', 'yuan_per_person_day: "-1"'),
        ("allowance:", "allowances:"),
        ("readiness:", "readiness: ["),
    ],
)
def test_a_wrong_rule_file_is_refused_with_its_name(tmp_path: Path, was: str, becomes: str) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    assert was in text
    path = tmp_path / "own.yaml"
    path.write_text(text.replace(was, becomes, 1), encoding="utf-8")
    with pytest.raises(ValueError, match=r"own\.yaml"):
        load_policy(path)


def test_a_county_edits_its_own_copy(tmp_path: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8").replace("{least: 12}", "{least: 15}")
    (tmp_path / "own.yaml").write_text(text.replace('"100.00"', '"120.5"'), encoding="utf-8")
    policy = load_policy(tmp_path / "own.yaml")
    assert policy.rules[1].key == Need(least=15)
    assert policy.yuan_per_person_day == Decimal("120.5")
