"""The plans of the demo: as many as the rules count, named as real ones are, four with cards that resolve."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from app.clock import SystemClock
from app.db import Database
from app.demo.city import generate
from app.response.plan.actions.resolving import resolve
from app.response.plan.rules.card import read_card
from app.response.plan.shipped import shipped_cards
from app.stage.plans import respond
from app.stage.seed import STREAM
from tests.orders.order_evening import SERIES


def test_there_are_509_plans_and_each_has_a_name_of_its_own() -> None:
    plans = generate().plans
    counted = Counter(one.level for one in plans)
    assert counted == {"general": 1, "special": 39, "departmental": 47, "township": 22, "grassroots": 400}
    names = Counter((one.region_code, one.title_zh) for one in plans)
    assert max(names.values()) == 1
    assert [one.title_zh for one in plans if re.search(r"\d", one.title_zh)] == []
    assert {one.card for one in plans if one.card} == set(shipped_cards())


@pytest.mark.database
async def test_every_task_of_the_shipped_cards_has_a_recipient_and_the_played_response_is_in_force(
    city_url: str,
) -> None:
    database, now = Database(city_url), SystemClock().now()
    async with database.transaction() as tx:
        for text in shipped_cards().values():
            card, _ = read_card(text)
            assert card is not None
            found = await resolve(tx, STREAM, card.tasks, [], now)
            assert {key: one.zh for key, one in found.items() if not one.receivers} == {}
    await respond(database, SERIES, now)
    await database.close()
