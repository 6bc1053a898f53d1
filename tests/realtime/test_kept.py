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
def test_what_lives_is_kept_from_the_collector_after_every_batch_of_screens() -> None:
    kept, screens = Kept(batch=3), []
    gc.collect()
    before = gc.get_freeze_count()
    for _ in range(2):
        screens.append([object()])
        kept.another()
    assert gc.get_freeze_count() == before
    screens.append([object()])
    kept.another()
    assert not any(found is screens[0] for found in gc.get_objects())
    assert gc.get_freeze_count() > 0


@pytest.mark.usefixtures("collector")
def test_what_became_garbage_among_the_kept_is_found_after_so_many_batches() -> None:
    class Circle:
        def __init__(self) -> None:
            self.itself = self

    kept, circle = Kept(batch=1, batches=3), Circle()
    gone = weakref.ref(circle)
    kept.another()
    del circle
    kept.another()
    assert gone() is not None
    kept.another()
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
