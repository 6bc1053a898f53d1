"""The events of dispatch, as they stand in the journal and on the wire (past tense)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from app.delivery.events import DeliveryChanged
from app.delivery.facts import DeliveryFact
from app.dispatch.assignment_facts import AssignmentFact
from app.dispatch.attachments.facts import AttachmentFact
from app.dispatch.facts import AlarmFact, IncidentFact, TeamFact, TextFact
from app.dispatch.figures.facts import FigureFact
from app.duty.ownership.facts import OwnerFact
from app.wire import Fact


class AlarmChanged(Fact):
    """An alarm was raised, repeated, acknowledged or dismissed; a dismissal was asked for or refused.

    Withdrawn is told to those who saw the alarm and may not know the incident it became.
    """

    type: Literal[
        "alarm.raised",
        "alarm.repeated",
        "alarm.acknowledged",
        "alarm.dismissal_asked",
        "alarm.dismissal_refused",
        "alarm.dismissed",
        "alarm.withdrawn",
    ]
    alarm: AlarmFact


class AlarmConfirmed(Fact):
    """A person judged an alarm to be real: it belongs to an incident now."""

    type: Literal["alarm.confirmed"]
    alarm: AlarmFact
    incident: IncidentFact


class IncidentChanged(Fact):
    """An incident was opened, amended or closed.

    Its assignments and deliveries ride along, because an amendment may show it to somebody new.
    """

    again: ClassVar = ("assignments", "deliveries")

    type: Literal["incident.opened", "incident.amended", "incident.closed"]
    incident: IncidentFact
    assignments: list[AssignmentFact] = []
    deliveries: list[DeliveryFact] = []


class IncidentLearned(Fact):
    """Something more became known of an incident, or was judged about it: `zh` and `en` say what.

    All of the incident rides along, as with its other changes: an assignment that is not among them went
    to another incident.
    """

    again: ClassVar = ("assignments", "deliveries")

    type: Literal[
        "incident.level_raised",
        "incident.level_lowered",
        "incident.level_confirmed",
        "incident.larger_risk",
        "incident.key_facility",
        "incident.figure_told",
        "incident.figure_chosen",
        "incident.retyped",
        "incident.secrecy_set",
        "incident.located",
        "incident.reported",
        "incident.attached",
        "incident.attachment_withdrawn",
        "incident.notice_joined",
        "incident.merged",
        "incident.absorbed",
        "incident.merge_undone",
        "incident.split",
        "incident.split_off",
        "incident.linked",
        "incident.unlinked",
        "incident.scheduled",
        "incident.rescheduled",
        "incident.called_off",
        "incident.begun",
        "incident.reopened",
        "incident.command_activated",
        "incident.command_handed_over",
        "incident.command_stood_down",
    ]
    incident: IncidentFact
    assignments: list[AssignmentFact] = []
    deliveries: list[DeliveryFact] = []
    zh: str
    en: str
    figure: FigureFact | None = None
    attachment: AttachmentFact | None = None


class IncidentWithdrawn(Fact):
    """An incident became need-to-know: told to those who saw it and may not any more."""

    type: Literal["incident.withdrawn"]
    incident_id: int


class AssignmentDispatched(Fact):
    """A team was sent; the whole picture rides along because the team may not have seen it before.

    `assignment` is the new one; `assignments` are all of the incident, the new one among them.
    """

    again: ClassVar = ("assignments", "deliveries")

    type: Literal["assignment.dispatched"]
    assignment: AssignmentFact
    incident: IncidentFact
    assignments: list[AssignmentFact]
    deliveries: list[DeliveryFact]


class AssignmentChanged(Fact):
    """An assignment took a step, by whatever channel, or its silence was escalated.

    What needs the desk is addressed to `owner`: who owns the centre's desk at that instant. `note` is why a
    person did it. `acked` is one acknowledgement more of several; `ack_expired` one that lapsed because
    nobody departed; `kept` that the team still comes; `escalation_held` that
    the ladder waits, with why as its note; `undone` a step that was tapped by mistake.
    """

    type: Literal[
        "assignment.acknowledged",
        "assignment.declined",
        "assignment.en_route",
        "assignment.on_scene",
        "assignment.task_done",
        "assignment.cancelled",
        "assignment.escalated",
        "assignment.escalation_stopped",
        "assignment.escalation_held",
        "assignment.returned",
        "assignment.acked",
        "assignment.ack_reminded",
        "assignment.ack_expired",
        "assignment.depart_reminded",
        "assignment.kept",
        "assignment.undone",
        "assignment.safety_warning",
        "assignment.safety_critical",
        "assignment.safety_leader",
        "assignment.safety_confirmed",
    ]
    assignment: AssignmentFact
    deliveries: list[DeliveryFact]
    owner: OwnerFact | None = None
    note: str = ""


class TeamStandbyChanged(Fact):
    """A team went on or off standby."""

    type: Literal["team.standby_changed"]
    team: TeamFact


class TextReceived(Fact):
    """A text came in that needs a reader."""

    type: Literal["text.received"]
    text: TextFact


DispatchEvent = Annotated[
    AlarmChanged
    | AlarmConfirmed
    | IncidentChanged
    | IncidentLearned
    | IncidentWithdrawn
    | AssignmentDispatched
    | AssignmentChanged
    | DeliveryChanged
    | TeamStandbyChanged
    | TextReceived,
    Field(discriminator="type"),
]
