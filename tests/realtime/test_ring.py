from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.realtime.ring import Ring
from tests.realtime.floor import row


@given(st.integers(1, 7), st.integers(0, 30), st.integers(0, 40), st.integers(1, 9))
def test_a_ring_holds_the_last_rows_and_knows_what_it_forgot(
    size: int, count: int, after: int, limit: int
) -> None:
    ring = Ring(size, last=5)
    ring.extend(row(seq) for seq in range(6, 6 + count))
    held = ring.after(after, limit)
    if after < max(5, 5 + count - size):
        assert held is None
    else:
        assert held is not None
        assert [one.seq for one in held] == list(range(after + 1, 6 + count))[:limit]


def test_a_row_that_does_not_follow_is_refused() -> None:
    ring = Ring(4, last=5)
    with pytest.raises(ValueError, match="row 7 does not follow 5"):
        ring.extend([row(7)])


def test_a_ring_that_starts_over_forgets() -> None:
    ring = Ring(4)
    ring.extend(row(seq) for seq in (1, 2, 3))
    ring.reset(1)
    assert ring.after(1, 9) == []
    assert ring.after(0, 9) is None
