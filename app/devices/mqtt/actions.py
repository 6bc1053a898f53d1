"""What happens to a gateway: each function is one step within the caller's transaction."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.devices.adapters.mqtt_gateway.envelope import Connection
from app.devices.mqtt import store
from app.devices.mqtt.rules import next_connection


async def hear_state(tx: Tx, device_id: int, told: Connection | None, now: datetime) -> str | None:
    """Take in a gateway's retained state; None is the empty message that takes it out of service.

    Returns the new state, or None when it is the one we held.
    """
    held = await store.lock_state(tx, device_id, now)
    said = "GONE" if told is None else told.state
    state = next_connection(held, said)
    if state is not None:
        await store.change_state(tx, device_id, state, now)
    if told is not None and told.state == "ONLINE":
        await store.note_run(tx, device_id, told.epoch, told.sw or "", told.proto or "")
    return state
