"""The events of call-and-respond."""

from __future__ import annotations

from typing import Literal

from app.response.call_and_respond.facts import (
    CalloutCallFact,
    CalloutFilingFact,
    CalloutLimitsFact,
    CalloutListedFact,
    CalloutReportFact,
    CalloutRoundFact,
    CalloutTargetFact,
)
from app.response.call_and_respond.rules.limits import Colour, Tier
from app.wire import Fact


class CalloutChanged(Fact):
    """A round was started, its villages for the spot calls were drawn, it was ended."""

    type: Literal["callout.started", "callout.drawn", "callout.ended"]
    callout: CalloutRoundFact


class CalloutWidened(Fact):
    """A running round was extended: these places are called from now, each with its own deadline."""

    type: Literal["callout.widened"]
    callout: CalloutRoundFact
    added: list[CalloutTargetFact]


class CalloutCalled(Fact):
    """A call was made: somebody answered, nobody did, or somebody was sent there."""

    type: Literal["callout.answered", "callout.called", "callout.handed_off"]
    title: str
    colour: Colour
    drill: bool
    target: CalloutTargetFact
    call: CalloutCallFact


class CalloutClimbed(Fact):
    """The next persons or means were tried at these targets, or their feedback was asked for."""

    type: Literal["callout.climbed", "callout.feedback_asked"]
    title: str
    round_id: int
    drill: bool
    targets: list[CalloutTargetFact]


class CalloutOverdue(Fact):
    """Targets stayed silent beyond their deadline; who above them was told."""

    type: Literal["callout.overdue"]
    title: str
    round_id: int
    drill: bool
    tier: Tier
    told: str
    targets: list[CalloutTargetFact]


class CalloutReported(Fact):
    """A village or its township reported what was done."""

    type: Literal["callout.reported"]
    title: str
    drill: bool
    target: CalloutTargetFact
    report: CalloutReportFact


class CalloutVerified(Fact):
    """A spot call found that the village was warned, was not, or could not be reached."""

    type: Literal["callout.verified"]
    title: str
    drill: bool
    target: CalloutTargetFact


class CalloutYours(Fact):
    """What calls a person himself has changed: his phone reads it anew (`GET /api/call-and-respond/mine`).

    Told to those persons alone, whatever they may see, and says nothing else.
    """

    type: Literal["callout.yours"]
    round_id: int


class CalloutListChanged(Fact):
    """The standing list of the county or a township was refreshed."""

    type: Literal["callout.listed"]
    region_code: str
    listed: list[CalloutListedFact]


class CalloutReviewed(Fact):
    """The yearly review of the list is asked for, overdue, or filed."""

    type: Literal["callout.review_due", "callout.review_overdue", "callout.list_filed"]
    filing: CalloutFilingFact


class CalloutLimitsSet(Fact):
    """The table of minutes has a new version."""

    type: Literal["callout.limits_set"]
    limits: CalloutLimitsFact
