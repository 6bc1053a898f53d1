"""The events of duty, people and the desk itself, as they stand on the wire."""

from __future__ import annotations

from app.delivery.notices.events import NoticeChanged
from app.desk.access_events import AccessEvent, AccessWireEvent
from app.desk.envelope import Envelope
from app.desk.handover_events import HandoverEvent, HandoverWireEvent
from app.duty.checklist.events import ReadinessEvidenceChanged
from app.duty.county_days.events import CountyDayChanged
from app.duty.declared.events import KeyPeriodChanged
from app.duty.feeds.events import FeedChanged
from app.duty.leave.events import LeaveChanged
from app.duty.posts.events import PostSet
from app.duty.presence.events import CoverageTold, LeaderCalled, PresenceChanged
from app.duty.roster.events import RosterOverridden, RosterPublished, TemporaryScheduleSet
from app.duty.spot_check.events import (
    AppealChanged,
    CircularChanged,
    CircularReceived,
    RectificationChanged,
    SpotCheckChanged,
    SpotFindingChanged,
)
from app.duty.standby.events import (
    AllowanceApproved,
    ReadinessExempted,
    ReadinessLevelChanged,
    ReadinessReturned,
    StandbyLevelChanged,
    StandbyListChanged,
)
from app.duty.swaps.events import SwapCarriedOut, SwapChanged
from app.org.callbook.events import GroupChanged, MembershipSet, OfficeChanged, ResponsibilityChanged
from app.org.events import (
    PeopleImported,
    PersonChanged,
    PersonSucceeded,
    TeamLeaderChanged,
    UnitChanged,
    UnitKindSet,
)


class NoticeChangedEvent(Envelope, NoticeChanged):
    """NoticeChanged on the wire."""


class PostSetEvent(Envelope, PostSet):
    """PostSet on the wire."""


class RosterPublishedEvent(Envelope, RosterPublished):
    """RosterPublished on the wire."""


class RosterOverriddenEvent(Envelope, RosterOverridden):
    """RosterOverridden on the wire."""


class TemporaryScheduleSetEvent(Envelope, TemporaryScheduleSet):
    """TemporaryScheduleSet on the wire."""


class LeaveChangedEvent(Envelope, LeaveChanged):
    """LeaveChanged on the wire."""


class SwapChangedEvent(Envelope, SwapChanged):
    """SwapChanged on the wire."""


class SwapCarriedOutEvent(Envelope, SwapCarriedOut):
    """SwapCarriedOut on the wire."""


class PresenceChangedEvent(Envelope, PresenceChanged):
    """PresenceChanged on the wire."""


class CoverageToldEvent(Envelope, CoverageTold):
    """CoverageTold on the wire."""


class LeaderCalledEvent(Envelope, LeaderCalled):
    """LeaderCalled on the wire."""


class ReadinessReturnedEvent(Envelope, ReadinessReturned):
    """ReadinessReturned on the wire."""


class ReadinessLevelChangedEvent(Envelope, ReadinessLevelChanged):
    """ReadinessLevelChanged on the wire."""


class ReadinessExemptedEvent(Envelope, ReadinessExempted):
    """ReadinessExempted on the wire."""


class ReadinessEvidenceChangedEvent(Envelope, ReadinessEvidenceChanged):
    """ReadinessEvidenceChanged on the wire."""


class StandbyLevelChangedEvent(Envelope, StandbyLevelChanged):
    """StandbyLevelChanged on the wire."""


class StandbyListChangedEvent(Envelope, StandbyListChanged):
    """StandbyListChanged on the wire."""


class AllowanceApprovedEvent(Envelope, AllowanceApproved):
    """AllowanceApproved on the wire."""


class SpotCheckChangedEvent(Envelope, SpotCheckChanged):
    """SpotCheckChanged on the wire."""


class SpotFindingChangedEvent(Envelope, SpotFindingChanged):
    """SpotFindingChanged on the wire."""


class RectificationChangedEvent(Envelope, RectificationChanged):
    """RectificationChanged on the wire."""


class CircularChangedEvent(Envelope, CircularChanged):
    """CircularChanged on the wire."""


class CircularReceivedEvent(Envelope, CircularReceived):
    """CircularReceived on the wire."""


class AppealChangedEvent(Envelope, AppealChanged):
    """AppealChanged on the wire."""


class UnitChangedEvent(Envelope, UnitChanged):
    """UnitChanged on the wire."""


class UnitKindSetEvent(Envelope, UnitKindSet):
    """UnitKindSet on the wire."""


class PersonChangedEvent(Envelope, PersonChanged):
    """PersonChanged on the wire."""


class PeopleImportedEvent(Envelope, PeopleImported):
    """PeopleImported on the wire."""


class PersonSucceededEvent(Envelope, PersonSucceeded):
    """PersonSucceeded on the wire."""


class TeamLeaderChangedEvent(Envelope, TeamLeaderChanged):
    """TeamLeaderChanged on the wire."""


class OfficeChangedEvent(Envelope, OfficeChanged):
    """OfficeChanged on the wire."""


class ResponsibilityChangedEvent(Envelope, ResponsibilityChanged):
    """ResponsibilityChanged on the wire."""


class GroupChangedEvent(Envelope, GroupChanged):
    """GroupChanged on the wire."""


class MembershipSetEvent(Envelope, MembershipSet):
    """MembershipSet on the wire."""


class CountyDayChangedEvent(Envelope, CountyDayChanged):
    """CountyDayChanged on the wire."""


class KeyPeriodChangedEvent(Envelope, KeyPeriodChanged):
    """KeyPeriodChanged on the wire."""


class FeedChangedEvent(Envelope, FeedChanged):
    """FeedChanged on the wire."""


DutyEvent = (
    HandoverEvent
    | PostSet
    | RosterPublished
    | RosterOverridden
    | TemporaryScheduleSet
    | LeaveChanged
    | SwapChanged
    | SwapCarriedOut
    | PresenceChanged
    | CoverageTold
    | NoticeChanged
    | LeaderCalled
    | ReadinessReturned
    | ReadinessLevelChanged
    | ReadinessExempted
    | ReadinessEvidenceChanged
    | StandbyLevelChanged
    | StandbyListChanged
    | AllowanceApproved
    | SpotCheckChanged
    | SpotFindingChanged
    | RectificationChanged
    | CircularChanged
    | CircularReceived
    | AppealChanged
    | UnitChanged
    | UnitKindSet
    | PersonChanged
    | PeopleImported
    | PersonSucceeded
    | TeamLeaderChanged
    | OfficeChanged
    | ResponsibilityChanged
    | GroupChanged
    | MembershipSet
    | KeyPeriodChanged
    | CountyDayChanged
    | FeedChanged
    | AccessEvent
)
DutyWireEvent = (
    HandoverWireEvent
    | PostSetEvent
    | RosterPublishedEvent
    | RosterOverriddenEvent
    | TemporaryScheduleSetEvent
    | LeaveChangedEvent
    | SwapChangedEvent
    | SwapCarriedOutEvent
    | PresenceChangedEvent
    | CoverageToldEvent
    | NoticeChangedEvent
    | LeaderCalledEvent
    | ReadinessReturnedEvent
    | ReadinessLevelChangedEvent
    | ReadinessExemptedEvent
    | ReadinessEvidenceChangedEvent
    | StandbyLevelChangedEvent
    | StandbyListChangedEvent
    | AllowanceApprovedEvent
    | SpotCheckChangedEvent
    | SpotFindingChangedEvent
    | RectificationChangedEvent
    | CircularChangedEvent
    | CircularReceivedEvent
    | AppealChangedEvent
    | UnitChangedEvent
    | UnitKindSetEvent
    | PersonChangedEvent
    | PeopleImportedEvent
    | PersonSucceededEvent
    | TeamLeaderChangedEvent
    | OfficeChangedEvent
    | ResponsibilityChangedEvent
    | GroupChangedEvent
    | MembershipSetEvent
    | KeyPeriodChangedEvent
    | CountyDayChangedEvent
    | FeedChangedEvent
    | AccessWireEvent
)
