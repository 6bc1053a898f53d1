"""Writing down what a terminal was told: each function is one step within the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from app.db import Tx
from app.devices.jt808.orders.events import ParametersState, TerminalParametersEvent
from app.journal import store as journal
from app.org.rules.access import Concern, Viewer
from app.org.store import DeviceFact
from app.wire import Actor


async def note_parameters(
    tx: Tx, by: Viewer, device: DeviceFact, wanted: Mapping[str, int], state: ParametersState, now: datetime
) -> None:
    """Put into the journal who set which parameters of a terminal, and what it said. The last call."""
    event = TerminalParametersEvent(
        type="terminal.parameters",
        device_id=device.id,
        device_label=device.label,
        wanted=dict(wanted),
        state=state,
    )
    who = Actor(id=by.account_id, name=by.name, role=by.role)
    concern = Concern((device.region_code,), audience="audit")
    await journal.append(tx, device.stream, now, [journal.Entry(event, concern)], who)
