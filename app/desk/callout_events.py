"""The events of call-and-respond, as they stand on the wire."""

from __future__ import annotations

from app.desk.envelope import Envelope
from app.response.call_and_respond.events import (
    CalloutCalled,
    CalloutChanged,
    CalloutClimbed,
    CalloutLimitsSet,
    CalloutListChanged,
    CalloutOverdue,
    CalloutReported,
    CalloutReviewed,
    CalloutVerified,
    CalloutWidened,
    CalloutYours,
)


class CalloutCalledEvent(Envelope, CalloutCalled):
    """CalloutCalled on the wire."""


class CalloutChangedEvent(Envelope, CalloutChanged):
    """CalloutChanged on the wire."""


class CalloutClimbedEvent(Envelope, CalloutClimbed):
    """CalloutClimbed on the wire."""


class CalloutLimitsSetEvent(Envelope, CalloutLimitsSet):
    """CalloutLimitsSet on the wire."""


class CalloutListChangedEvent(Envelope, CalloutListChanged):
    """CalloutListChanged on the wire."""


class CalloutOverdueEvent(Envelope, CalloutOverdue):
    """CalloutOverdue on the wire."""


class CalloutReportedEvent(Envelope, CalloutReported):
    """CalloutReported on the wire."""


class CalloutReviewedEvent(Envelope, CalloutReviewed):
    """CalloutReviewed on the wire."""


class CalloutVerifiedEvent(Envelope, CalloutVerified):
    """CalloutVerified on the wire."""


class CalloutWidenedEvent(Envelope, CalloutWidened):
    """CalloutWidened on the wire."""


class CalloutYoursEvent(Envelope, CalloutYours):
    """CalloutYours on the wire."""


CalloutEvent = (
    CalloutCalled
    | CalloutChanged
    | CalloutClimbed
    | CalloutLimitsSet
    | CalloutListChanged
    | CalloutOverdue
    | CalloutReported
    | CalloutReviewed
    | CalloutVerified
    | CalloutWidened
    | CalloutYours
)
CalloutWireEvent = (
    CalloutCalledEvent
    | CalloutChangedEvent
    | CalloutClimbedEvent
    | CalloutLimitsSetEvent
    | CalloutListChangedEvent
    | CalloutOverdueEvent
    | CalloutReportedEvent
    | CalloutReviewedEvent
    | CalloutVerifiedEvent
    | CalloutWidenedEvent
    | CalloutYoursEvent
)
