"""The statement that lists incidents decides as `may_see` does: one rule told twice must stay one rule."""

from __future__ import annotations

import random

import pytest

from app.dispatch.store import incidents
from app.org.rules.access import Viewer, may_see
from tests.world import COUNTY, EAST, EAST_BANK, LAKE, RIVER, STREAM, WEST, WEST_LAKE, World

pytestmark = pytest.mark.database


async def test_everybody_is_listed_exactly_what_they_may_see(world: World) -> None:
    pick = random.Random(1)
    places = (COUNTY, EAST, WEST, EAST_BANK, WEST_LAKE)
    for _ in range(24):
        incident = await world.incident()
        await world.run(
            "UPDATE incident SET restricted = :r, concern_regions = :p, concern_teams = :t WHERE id = :id",
            r=pick.random() < 0.3,
            p=pick.sample(places, pick.randint(0, 3)),
            t=pick.sample((1, 2, 3, 4), pick.randint(0, 2)),
            id=incident.id,
        )
    both = Viewer(99, "兼", "township_officer", STREAM, WEST[:9], frozenset({RIVER, LAKE}))
    village = Viewer(98, "村", "township_officer", STREAM, WEST_LAKE)
    for viewer in (*world.people.values(), both, village):
        async with world.database.transaction() as tx:
            everything = [await incidents.seen(tx, STREAM, number) for number in range(24, 0, -1)]
            listed = await incidents.by_state(tx, viewer, "open")
            first = await incidents.by_state(tx, viewer, "open", 3)
        visible = [seen for seen in everything if seen is not None and may_see(viewer, seen.concern)]
        assert [seen.fact.id for seen in listed] == [seen.fact.id for seen in visible], viewer.name
        # A limit counts what this person sees, not what others do.
        assert first == listed[:3]
