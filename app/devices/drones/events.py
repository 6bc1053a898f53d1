"""The events of flights and live pictures."""

from __future__ import annotations

from typing import Literal

from app.devices.drones.facts import DroneLiveFact, DroneMissionFact
from app.wire import Fact


class DroneMissionChanged(Fact):
    """A flight was planned, the drone left the ground, it landed (told again: corrected)."""

    type: Literal["drone_mission.planned", "drone_mission.launched", "drone_mission.landed"]
    mission: DroneMissionFact


class DroneLiveEnded(Fact):
    """A dock did what it was asked about its drone's picture, refused, or did not answer."""

    type: Literal["drone_live.ended"]
    live: DroneLiveFact
