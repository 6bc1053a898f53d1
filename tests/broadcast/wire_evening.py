"""An evening on which everything happens that can happen to the register of broadcast platforms."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from app.broadcast.wire.actions import peers
from app.broadcast.wire.commands import WirePeerIn
from app.broadcast.wire.keys import Keys
from app.broadcast.wire.terms import WireTerms
from app.db import Tx
from tests.broadcast.links import peer_told
from tests.world import World

Do = Callable[[Callable[[Tx], Awaitable[Any]]], Awaitable[Any]]


async def wire_evening(world: World, do: Do) -> None:
    """Bring about every kind of event of the register of platforms."""
    lead, now, terms = world.people["lead"], world.clock.now(), WireTerms(Keys())
    told = WirePeerIn.model_validate(
        peer_told(
            "http://10.1.2.3/EB/ebdsvc.html", resource_code="49901810000000314010177", name="演练平台二"
        )
    )
    peer = await do(lambda tx: peers.register(tx, lead, told, terms, now))
    await do(lambda tx: peers.amend(tx, lead, peer.id, told, terms, now))
    await do(lambda tx: peers.retire(tx, lead, peer.id, terms, now))
