"""The eight stages 集研判令宣行督兑: every kind of event there is belongs to one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import pytest

from app.desk.events import Event
from app.desk.stages import STAGE_OF, STAGES, WORDS, counted, stage_of


def kinds(shape: Any) -> Iterator[str]:
    """Every name in the `type` of every event of a union."""
    for part in get_args(shape):
        if hasattr(part, "model_fields"):
            yield from get_args(part.model_fields["type"].annotation)
        else:
            yield from kinds(part)


def test_no_kind_of_event_is_without_a_stage_and_no_stage_has_a_kind_that_is_none() -> None:
    assert set(kinds(Event)) == STAGE_OF.keys()
    assert set(STAGE_OF.values()) == set(STAGES)


def test_the_stages_are_eight_in_their_order() -> None:
    assert "".join(WORDS[stage][0] for stage in STAGES) == "集研判令宣行督兑"


def test_kinds_are_counted_by_stage_and_a_stranger_is_left_out() -> None:
    found = counted([("order.issued", 2), ("instruction.split", 1), ("alarm.raised", 3), ("old.kind", 9)])
    assert found == {**dict.fromkeys(STAGES, 0), "order": 3, "collect": 3}
    with pytest.raises(KeyError):
        stage_of("old.kind")
