"""The event of a renewed password, for the desk, those who keep the devices, and auditors. Never a secret."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.devices.ledger.facts import DeviceOut
from app.wire import Fact


class CredentialRenewed(Fact):
    """A gateway got another password at its broker (更换接入口令).

    `device` says since when it holds and who gave it; `before`: since when the one before had held, None
    where that is not known. `seen`: read from the list that `prepare.sh` keeps, or told by a command.
    """

    type: Literal["device.credential_renewed"]
    device: DeviceOut
    before: datetime | None
    seen: Literal["list", "command"]
