"""The eight stages 集研判令宣行督兑 (domain/scenarios D): to which of them each kind of event belongs.

Information is gathered (集), studied (研) and judged (判); orders go out (令), the public is told (宣),
forces act (行), somebody watches over it (督), and what was promised is settled (兑).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

Stage = Literal["collect", "study", "judge", "order", "publicize", "act", "supervise", "settle"]
STAGES: tuple[Stage, ...] = get_args(Stage)
WORDS: Mapping[Stage, tuple[str, str]] = {
    "collect": ("集", "collect"),
    "study": ("研", "study"),
    "judge": ("判", "judge"),
    "order": ("令", "order"),
    "publicize": ("宣", "publicize"),
    "act": ("行", "act"),
    "supervise": ("督", "supervise"),
    "settle": ("兑", "settle"),
}
INFORMATION: frozenset[Stage] = frozenset({"collect", "study", "judge"})

# stage → kinds of event. tests/desk/test_stages.py fails as long as a kind is missing, or one is too many.
_KINDS: Mapping[Stage, str] = {
    "collect": """
        alarm.raised alarm.repeated alarm.acknowledged text.received device.tested duty_log.entered
        readiness.returned standby.listed standby.added standby.counted roll_call.opened roll_call.answered
        roll_call.closed presence.arrived presence.left device.registered device.amended device.imported
        device.switched_off device.credential_renewed device.unknown_dismissed unit.registered unit.amended
        unit.deactivated unit.kind_set person.registered person.amended person.imported person.deactivated
        person.succeeded office.registered office.filled office.abolished responsibility.assigned
        responsibility.amended responsibility.ended group.registered group.amended group.deleted
        area.drawn area.amended area.deleted
        membership.set team.leader_changed team.standby_changed account.logged_in account.logged_out
        account.login_refused readiness.evidence_given readiness.evidence_revoked
        account.locked field_phone.link_made field_phone.linked field_phone.revoked wall.made wall.revoked
        account.opened account.amended account.closed account.password_set account.logins_ended
        account.factor_added account.factor_removed personal.revealed personal.read
        token.made token.revoked break_glass.sealed
        feed.made feed.revoked partner.registered partner.amended partner.retired
        status_call.planned status_call.opened status_call.read status_call.answered status_call.corrected
        status_call.text_refused status_call.repeat_set status_call.repeat_stopped status_call.cancelled
        status_call.closed
        meeting.opened meeting.closed meeting.called meeting.joined meeting.connected meeting.video_seen
        meeting.declined meeting.missed meeting.left
        callout.listed callout.list_filed
        incident.reported incident.figure_told incident.attached incident.attachment_withdrawn
        report.sent report.confirmed report.delivered report.acknowledged
        received_report.arrived received_report.acknowledged peer.registered peer.amended peer.retired
        broadcast_peer.registered broadcast_peer.amended broadcast_peer.retired
        warning.issued warning.updated warning.lifted warning.expired warning.acknowledged
        warning.message_kept warning.message_waits warning.message_refused warning.source_made
        warning.source_revoked
        incident.located incident.notice_joined intake.received intake.joined
        intake.partner_made intake.partner_revoked
        supply.requested supply.counted supply.imported supply.stocked supply.item_registered
        supply.warehouse_registered supply.warehouse_amended
        incident.scheduled incident.rescheduled incident.called_off
        camera.registered camera.amended camera.moved camera.retired
        command_body.registered command_body.amended command_body.retired
        shelter.registered shelter.amended shelter.counted
        evacuation.residents_imported evacuation.added
        drill.planned drill.amended drill.inject_moved task.found
        drone_mission.launched drone_mission.landed drone_live.ended
        late.entered messenger.arrived messenger.back report.fact_noted report.fact_corrected
        report.drafted report.edited document.drafted document.edited
        reporting_rules.drafted reporting_rules.edited reporting_rules.dropped
        outside_team.announced outside_team.cancelled release.measured
        team.registered team.amended team.retired team.moved_away equipment.registered equipment.amended
        equipment.retired equipment.readiness_set equipment.imported expert.registered expert.amended
        expert.retired expert.imported
        plan.registered plan.amended plan.issued plan.retired plan.imported plan.card_written
    """,
    "study": """
        incident.amended incident.withdrawn alarm.withdrawn handover.opened handover.compiled
        handover.item_opened handover.item_ticked handover.arrived handover.late handover.left
        handover.signed handover.completed handover.matter_added
        status_call.summarised incident.expert_called
        incident.figure_chosen incident.secrecy_set incident.linked incident.unlinked
        pair.suspected report.reviewed report.returned report.dropped document.dropped
        plan.proposed response.proposed response.consulted release.sector_drawn
    """,
    "judge": """
        warning.message_vouched warning.message_rejected
        alarm.dismissal_asked alarm.dismissal_refused
        alarm.confirmed alarm.dismissed incident.opened readiness.period_declared readiness.period_ended
        calendar.day_set calendar.day_cleared
        incident.retyped incident.level_raised incident.level_lowered incident.level_confirmed
        incident.larger_risk incident.key_facility intake.opened intake.dismissed
        incident.merged incident.absorbed incident.merge_undone incident.split incident.split_off
        incident.begun incident.reopened pair.settled
        release.lifting_proposed release.signed release.lifted
        plan.refused response.activated response.adjusted response.terminated response.refused response.signed
        report.signed report.consented report.countersigned document.signed reporting_rules.published
    """,
    "order": """
        drill.started drill.paused drill.resumed drill.cancelled
        assignment.dispatched assignment.cancelled reservation.made reservation.moved reservation.cancelled
        reservation.committed reservation.lapsed order.drafted order.edited order.issued order.amended
        order.withdrawn instruction.captured instruction.split delivery.submitted delivery.accepted
        delivery.delivered delivery.failed delivery.unknown delivery.expired delivery.queued
        terminal.parameters roster.published roster.post_set roster.seats_set roster.rotation_set
        roster.rotation_ended roster.overridden roster.override_revoked roster.temporary_set
        roster.temporary_revoked
        notice.sent notice.read notice.escalated
        incident.command_activated incident.command_handed_over incident.command_stood_down
        supply.reserved supply.cancelled shelter.village_set evacuation.ordered
        drone_mission.planned
        messenger.sent network.late_decided handoff.sent plan.approved
        messenger.sent network.late_decided handoff.sent callout.handed_off callout.limits_set
        reservation.made reservation.moved reservation.cancelled reservation.committed reservation.lapsed
    """,
    "publicize": "broadcast.drafted broadcast.edited broadcast.submitted broadcast.returned "
    "broadcast.approved broadcast.consented broadcast.countersigned broadcast.issued broadcast.started "
    "broadcast.finished broadcast.stopped broadcast.expired broadcast.dropped broadcast.reached "
    "callout.started callout.widened callout.climbed callout.yours "
    "spot_check.circular_drafted spot_check.circular_edited spot_check.circular_signed "
    "spot_check.circular_issued spot_check.circular_received",
    "act": """
        assignment.returned assignment.acked assignment.kept assignment.undone assignment.safety_confirmed
        assignment.acknowledged assignment.declined assignment.en_route assignment.on_scene
        assignment.task_done order.acknowledged order.progress order.done leave.asked leave.approved
        leave.refused leave.withdrawn swap.asked swap.taken swap.approved swap.refused swap.revoked
        swap.withdrawn swap.filed swap.lapsed
        outside_team.arrived outside_team.released
        team.stationed team.returned_home handoff.received callout.called callout.answered callout.reported
        supply.issued supply.carried supply.delivered supply.returned
        shelter.opened evacuation.moved evacuation.refused evacuation.corrected
        assignment.acked assignment.kept assignment.returned assignment.undone assignment.safety_confirmed
    """,
    "supervise": """
        break_glass.opened break_glass.closed
        assignment.escalation_held maintenance.begun maintenance.ended
        assignment.escalation_stopped assignment.ack_reminded assignment.ack_expired
        assignment.depart_reminded assignment.safety_warning assignment.safety_critical
        assignment.safety_leader reservation.blocked
        assignment.escalated order.supervised handover.matter_due coverage.gap coverage.filled
        presence.silent presence.leader_called presence.leader_replaced presence.left_before_relief
        readiness.short readiness.missing readiness.restored standby.short standby.missing
        standby.restored standby.struck swap.unapproved spot_check.opened spot_check.called
        spot_check.unanswered spot_check.judged spot_check.method_changed spot_check.finished
        spot_check.cancelled spot_check.rectification_opened
        spot_check.begun spot_check.waits spot_check.rectification_due spot_check.rectification_overdue
        status_call.reminded status_call.escalated
        callout.overdue callout.feedback_asked callout.drawn callout.verified callout.review_due
        callout.review_overdue
        task.overdue
        supply.expiring supply.expired shelter.nearly_full
        broadcast.signature_due broadcast.undelivered broadcast.drawn broadcast.verified
        broadcast.repair_opened broadcast.repair_taken
        contact.lost contact.limited contact.restored contact.taken contact.attempted contact.task_closed
        network.suspected network.offline network.back messenger.overdue clock.stepped
        report.due_soon report.overdue report.late report.late_reason report.reasked report.undelivered
        reporting_rules.taken_up
        assignment.escalation_stopped assignment.ack_reminded assignment.ack_expired
        assignment.depart_reminded assignment.safety_warning assignment.safety_critical
        assignment.safety_leader reservation.blocked
    """,
    "settle": """
        callout.ended drill.finished drill.evaluated task.moved
        incident.closed order.accepted order.returned order.closed instruction.closed
        handover.matter_closed standby.accepted standby.sheet_approved readiness.exempted
        readiness.exemption_revoked spot_check.rectification_reported
        spot_check.rectification_confirmed spot_check.rectification_returned
        spot_check.rectification_cancelled spot_check.appeal_asked spot_check.appeal_upheld
        spot_check.appeal_refused supply.scrapped
        broadcast.repair_done
        document.filed shelter.closed evacuation.returned evacuation.missing evacuation.ended
        document.filed plan.ended shelter.closed evacuation.returned evacuation.missing evacuation.ended
    """,
}
STAGE_OF: Mapping[str, Stage] = {kind: stage for stage, kinds in _KINDS.items() for kind in kinds.split()}


def stage_of(kind: str) -> Stage:
    """Return the stage of a kind of event. Raises KeyError for a kind that is none."""
    return STAGE_OF[kind]


def counted(kinds: Sequence[tuple[str, int]]) -> dict[Stage, int]:
    """Return how many events each stage has; kinds of before this table are left out."""
    counts = dict.fromkeys(STAGES, 0)
    for kind, count in kinds:
        if (stage := STAGE_OF.get(kind)) is not None:
            counts[stage] += count
    return counts
