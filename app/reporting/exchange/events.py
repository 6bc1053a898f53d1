"""The events of what passes between houses."""

from __future__ import annotations

from typing import Literal

from app.reporting.exchange.facts import PeerBrief, ReceivedBrief
from app.wire import Fact


class PeerChanged(Fact):
    """A peer was registered, amended or retired; addresses and keys are not in the journal."""

    type: Literal["peer.registered", "peer.amended", "peer.retired"]
    peer: PeerBrief


class ReceivedReportChanged(Fact):
    """A report came in from another house, or somebody acknowledged it (收悉)."""

    type: Literal["received_report.arrived", "received_report.acknowledged"]
    received: ReceivedBrief
