from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from typing import cast

import pytest

from app.clock import SetClock
from app.db import Database
from app.realtime.kept import Kept
from app.realtime.protocol import DirectConnection
from tests.realtime.floor import hear, opened, served, until


@pytest.fixture
def collector() -> Iterator[None]:
    """The collector as it was found."""
    yield
    gc.collect()
    gc.freeze()


@pytest.mark.usefixtures("collector")
def test_what_lived_through_a_whole_search_is_kept_from_the_next_one() -> None:
    here = [object()]
    with Kept(felt_s=0).watching():
        gc.collect(1)
        assert any(found is here for found in gc.get_objects())
        gc.collect()
        assert not any(found is here for found in gc.get_objects())
    later = [object()]
    gc.collect()
    assert any(found is later for found in gc.get_objects())  # nobody watches any more


@pytest.mark.usefixtures("collector")
def test_a_short_search_keeps_nothing() -> None:
    here = [object()]
    with Kept(felt_s=60).watching():
        gc.collect()
        assert any(found is here for found in gc.get_objects())


@pytest.mark.usefixtures("collector")
def test_what_became_garbage_among_the_kept_is_found_after_so_many_searches() -> None:
    class Circle:
        def __init__(self) -> None:
            self.itself = self

    circle = Circle()
    gone = weakref.ref(circle)
    with Kept(searches=3, felt_s=0).watching():
        gc.collect()
        del circle
        gc.collect()
        assert gone() is not None
        gc.collect()  # lets all be searched again
        gc.collect()
        assert gone() is None


@pytest.mark.database
async def test_a_screen_that_left_is_freed_without_the_collector(database: Database, clock: SetClock) -> None:
    await opened(database)
    async with served(database, clock) as floor:
        gc.disable()
        try:
            async with floor.screen() as screen:
                await hear(screen)
                here = [
                    weakref.ref(cast(DirectConnection, one.connection)._protocol)
                    for one in floor.hub.screens()
                ]
                assert len(here) == 1
            await until(lambda: not floor.hub.screens())
            await until(lambda: here[0]() is None)
        finally:
            gc.enable()
