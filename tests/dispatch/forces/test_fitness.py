"""Which capabilities count with the equipment a team keeps: a table of rules."""

from __future__ import annotations

import pytest

from app.dispatch.forces.rules.fitness import EquipmentNeed, Piece, fitness
from app.dispatch.forces.rules.kinds import (
    EQUIPMENT_KINDS,
    EQUIPMENT_ZH,
    OUTCOME_ZH,
    READINESS_ZH,
    SECTOR_ZH,
    call_words,
)
from app.dispatch.recommendation.rules.allocate import Filled
from app.dispatch.recommendation.rules.explain import explain, short_of
from app.dispatch.recommendation.rules.lacking import lack_of, with_lacking
from app.dispatch.recommendation.rules.nearest import Units, lacking_near, mask_of, nearest
from app.dispatch.recommendation.rules.rank import rank
from app.dispatch.recommendation.rules.run_card import Need
from tests.dispatch.recommendation.units import NOW, PLAIN, POLICY, SCENE, unit

NEEDS = {
    "boat": EquipmentNeed(frozenset({"assault_boat", "rubber_boat"}), operator=True),
    "water_pump": EquipmentNeed(frozenset({"pump"})),
}
ONE, TWO = Piece("assault_boat", "甲艇", "ready", 2, 1), Piece("rubber_boat", "乙艇", "ready", 1, 1)


def boat(readiness: str = "ready", operators: int = 1, on_duty: int = 1, name: str = "甲艇") -> Piece:
    return Piece("assault_boat", name, readiness, operators, on_duty)


@pytest.mark.parametrize(
    ("pieces", "counts", "code"),
    [
        ([], True, "equipment_unknown"),
        ([Piece("pump", "泵", "ready")], True, "equipment_unknown"),
        ([ONE], True, None),
        ([boat("limited")], True, "equipment_limited"),
        ([boat("limited"), TWO], True, None),
        ([boat("in_repair")], False, "equipment_unready"),
        ([boat("missing")], False, "equipment_unready"),
        ([boat("in_repair"), TWO], True, None),
        ([boat(operators=0, on_duty=0)], True, "operator_unknown"),
        ([boat(operators=2, on_duty=0)], False, "operator_missing"),
        ([boat(operators=2, on_duty=0), boat(operators=0, on_duty=0)], True, "operator_unknown"),
        ([boat(operators=2, on_duty=0), TWO], True, None),
        ([boat("in_repair", 1, 1), boat(operators=1, on_duty=0)], False, "operator_missing"),
    ],
)
def test_a_boat_counts_when_one_is_ready_and_somebody_trained_is_on_duty(
    pieces: list[Piece], counts: bool, code: str | None
) -> None:
    found = fitness(["boat"], pieces, NEEDS)
    assert ("boat" in found.capabilities) is counts
    told = found.remarks if counts else found.lacking
    assert (told["boat"].code if told else None) == code


def test_what_needs_no_equipment_counts_as_before() -> None:
    found = fitness(["medical", "water_pump"], [Piece("pump", "泵", "in_repair")], NEEDS)
    assert found.capabilities == {"medical"}
    assert found.lacking["water_pump"].zh == "排涝:泵在修"
    assert fitness(["boat"], [boat("missing")], {}).capabilities == {"boat"}


def test_the_reason_names_three_pieces_and_counts_the_rest_in_both_languages() -> None:
    many = [boat("in_repair" if n % 2 else "missing", name=f"艇{n}") for n in range(5)]
    why = fitness(["boat"], many, NEEDS).lacking["boat"]
    assert why.zh == "舟艇:艇0缺失、艇1在修、艇2缺失等 5 件"
    assert why.en == "boat: 艇0 is missing, 艇1 is in repair, 艇2 is missing and 2 more"


def test_a_team_whose_only_wanted_capability_lacks_equipment_is_left_out_with_the_reason() -> None:
    why = fitness(["boat"], [boat("in_repair")], NEEDS).lacking
    bare = unit(1, capabilities=frozenset(), lacking=why)
    lost = unit(2, capabilities=frozenset(), lacking=why, lon=None, lat=None)
    here = unit(3, capabilities=frozenset(), lacking=why, here=7)
    other = unit(4, capabilities=frozenset({"gas"}))
    fit = unit(5, north_km=3.0)
    everybody = [bare, lost, here, other, fit]
    ranking = rank(SCENE, everybody, NOW, POLICY, PLAIN)
    told = with_lacking(ranking, SCENE.lon, SCENE.lat, SCENE.wanted, everybody)
    assert [one.team_id for one in told.options] == [5]
    assert [(one.team_id, one.reason.zh) for one in told.left_out] == [
        (1, "舟艇:甲艇在修"),
        (2, "舟艇:甲艇在修"),
    ]
    assert with_lacking(ranking, None, None, SCENE.wanted, everybody) is ranking
    assert with_lacking(ranking, SCENE.lon, SCENE.lat, SCENE.wanted, [fit]) is ranking
    assert lack_of(fit, SCENE.wanted) is None


def test_an_offer_says_what_its_equipment_keeps_from_it_and_on_what_trust_the_rest_stands() -> None:
    lacking = fitness(["boat"], [boat("in_repair")], NEEDS).lacking
    remarks = fitness(["search_rescue"], [], {"search_rescue": EquipmentNeed(frozenset({"hydraulic_tool"}))})
    half = unit(1, capabilities=frozenset({"search_rescue"}), lacking=lacking, remarks=remarks.remarks)
    (option,) = rank(SCENE, [half], NOW, POLICY, PLAIN).options
    told = {one.code: one.zh for one in explain(option, SCENE.wanted, NOW)}
    assert told["equipment_unready"] == "舟艇:甲艇在修"
    assert told["equipment_unknown"] == "搜救:未登记液压破拆工具,按队伍能力计"
    short = short_of(Filled(Need("boat", 1), 0, 0), (), [half])
    assert short.zh == "舟艇还缺 1 支(1 支装备不可用);队1舟艇:甲艇在修"
    assert short.en == "boat: 1 short (1 equipment unready); 队1: boat: 甲艇 is in repair"


def test_the_index_offers_nobody_for_what_its_equipment_cannot_do_and_tells_who_that_is() -> None:
    rows = [(n, "990181100000", 40.0, ["boat", "search_rescue"], 118.2, 28.5 + n / 100) for n in range(1, 5)]
    units = Units.of(rows, {1: ["boat"], 3: ["boat"]})
    near = nearest(units, 118.2, 28.5, mask_of(["boat"]), "990181", 9, PLAIN.best_factor)
    assert sorted(near.team_ids) == [2, 4]
    assert sorted(lacking_near(units, 118.2, 28.5, mask_of(["boat"]), "990181100", 9)) == [1, 3]
    assert lacking_near(units, 118.2, 28.5, mask_of(["boat"]), "990181", 1) == [1]
    assert lacking_near(units, 118.2, 28.5, mask_of(["search_rescue"]), "990181", 9) == []


def test_every_kind_has_its_word_and_a_call_is_said_in_both_languages() -> None:
    assert set(EQUIPMENT_ZH) == set(EQUIPMENT_KINDS)
    for words in (EQUIPMENT_ZH, READINESS_ZH, SECTOR_ZH, OUTCOME_ZH):
        assert len(set(words.values())) == len(words)  # a sheet names them by their words
    zh, en = call_words("hazmat", "沈知远", "李值班", "answered", "先堵漏")
    assert zh == "危险化学品专家沈知远 · 李值班呼叫 · 已接听,给出意见:先堵漏"
    assert en == "沈知远 (hazmat) · called by 李值班 · answered: 先堵漏"
    assert call_words("mine", "沈知远", "李值班", "no_answer", "")[0].endswith("无人接听")
