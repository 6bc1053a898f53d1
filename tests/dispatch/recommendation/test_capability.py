"""Which capabilities a kind of incident calls for."""

from __future__ import annotations

import pytest

from app.dispatch.recommendation.rules.capability import GENERAL, WANTED, wanted_capabilities
from app.dispatch.recommendation.rules.words import zh_capability


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("11A01", ("flood_rescue", "boat")),  # by group
        ("11A02", ("water_pump", "flood_rescue")),  # the exact code beats its group
        ("12H03", ("boat", "search_rescue")),
        ("12H99", ("search_rescue", "medical")),
        ("13X00", ("medical",)),  # by class
        ("12Y00", GENERAL),
        ("", GENERAL),
    ],
)
def test_the_longest_prefix_that_is_known_decides(code: str, wanted: tuple[str, ...]) -> None:
    assert wanted_capabilities(code) == wanted


@pytest.mark.parametrize("prefix", WANTED)
def test_every_line_of_the_table_can_be_reached_and_read_aloud(prefix: str) -> None:
    assert 2 <= len(prefix) <= 5
    assert wanted_capabilities(prefix) == WANTED[prefix]
    for capability in WANTED[prefix]:
        assert zh_capability(capability) != capability


def test_a_capability_nobody_translated_is_shown_by_its_code() -> None:
    assert (zh_capability("boat"), zh_capability("submarine")) == ("舟艇", "submarine")
