"""The status of every refusal of duty, people and the desk."""

from __future__ import annotations

from collections.abc import Mapping

from app.desk.handover.actions.matters import MatterClosed
from app.desk.handover.actions.refusals import (
    AlreadyHandedOver,
    DeskWouldBeEmpty,
    HandoverOver,
    HasOwnAccount,
    ItemsOpen,
    ItemUnread,
    MovedAlready,
    NoChangeNear,
    NotReceiver,
    NotSigner,
    SignedAlready,
)
from app.desk.prints.page import NoPrintFont
from app.desk.replay.file import NoViewer
from app.duty.checklist.actions import ComputedItem, EvidenceRevoked
from app.duty.departure.actions import ShiftsToGive
from app.duty.feeds.actions import NoSuchFeed
from app.duty.generation.desk import GenerationQueueFull
from app.duty.generation.job import GenerationBusy
from app.duty.leave.actions import AlreadyDecided, LeaveOverlaps
from app.duty.presence.refusals import (
    AlreadyHere,
    EmptyDesk,
    GapClosed,
    NotALeadersShift,
    NotHere,
    NotRostered,
    TooFarAway,
)
from app.duty.roster.actions.away import OnLeave
from app.duty.roster.actions.changes import AlreadyPast, ChangeOverlaps, MadeByLeave, MadeBySwap
from app.duty.roster.actions.publish import NothingToPublish, RosterRefused, StaleRoster
from app.duty.roster.actions.rest import OverContinuous
from app.duty.roster.actions.settle import DoubleBooked
from app.duty.roster.actions.training import Untrained
from app.duty.spot_check.actions.refusals import (
    AppealDecided,
    AppealStands,
    CircularFixed,
    CircularNotReady,
    NoDeviceThere,
    OutOfTurn,
    RectificationClosed,
    RetryNotDue,
    SpotCheckNotBegun,
    SpotCheckOver,
    SpotCheckUnfinished,
    StaleCircular,
)
from app.duty.standby.actions.lists import ListAccepted, NothingToAccept, StaleList
from app.duty.standby.actions.naming import AwayThatDay, ListedElsewhere
from app.duty.standby.actions.sheets import NothingChanged, StaleSheet
from app.duty.swaps.refusals import (
    CannotTake,
    ShiftOnOffer,
    SwapMoved,
    SwapOver,
    SwapPassedOn,
    SwapTooLate,
    SwapWithOneself,
)
from app.org.actions.people import PersonHasLeft, PersonKnown
from app.org.actions.units import CircleOfUnits, UnitInUse
from app.org.administration.actions import OwnAccount, UsernameTaken
from app.org.callbook.actions.groups import GroupNameTaken
from app.org.callbook.actions.offices import AlreadyResponsible, OfficeInUse, OfficeTaken
from app.refusals import Refusal

DUTY_STATUS: Mapping[type[Refusal], int] = {
    AlreadyDecided: 409,
    AlreadyHandedOver: 409,
    AlreadyHere: 409,
    AlreadyPast: 409,
    AlreadyResponsible: 409,
    AppealDecided: 409,
    AppealStands: 409,
    AwayThatDay: 409,
    CannotTake: 409,
    ChangeOverlaps: 409,
    CircleOfUnits: 409,
    CircularFixed: 409,
    CircularNotReady: 409,
    ComputedItem: 409,
    DeskWouldBeEmpty: 409,
    DoubleBooked: 409,
    OverContinuous: 409,
    EmptyDesk: 409,
    EvidenceRevoked: 409,
    GapClosed: 409,
    GenerationBusy: 409,
    GenerationQueueFull: 409,
    GroupNameTaken: 409,
    HandoverOver: 409,
    HasOwnAccount: 409,
    ItemUnread: 409,
    ItemsOpen: 409,
    LeaveOverlaps: 409,
    ListAccepted: 409,
    ListedElsewhere: 409,
    MadeByLeave: 409,
    MadeBySwap: 409,
    MatterClosed: 409,
    MovedAlready: 409,
    NoChangeNear: 409,
    NoPrintFont: 503,
    NoViewer: 503,
    NoSuchFeed: 404,
    NotALeadersShift: 409,
    NotHere: 409,
    NotReceiver: 403,
    NotRostered: 409,
    NotSigner: 403,
    NothingChanged: 409,
    NothingToAccept: 409,
    NothingToPublish: 409,
    OfficeInUse: 409,
    OfficeTaken: 409,
    OnLeave: 409,
    OutOfTurn: 409,
    PersonHasLeft: 409,
    UsernameTaken: 409,
    OwnAccount: 409,
    PersonKnown: 409,
    RectificationClosed: 409,
    NoDeviceThere: 409,
    RetryNotDue: 409,
    RosterRefused: 409,
    ShiftOnOffer: 409,
    ShiftsToGive: 409,
    SignedAlready: 409,
    SpotCheckNotBegun: 409,
    SpotCheckOver: 409,
    SpotCheckUnfinished: 409,
    StaleCircular: 409,
    StaleList: 409,
    StaleRoster: 409,
    StaleSheet: 409,
    SwapMoved: 409,
    SwapOver: 409,
    SwapPassedOn: 409,
    SwapTooLate: 409,
    SwapWithOneself: 409,
    TooFarAway: 409,
    UnitInUse: 409,
    Untrained: 409,
}
