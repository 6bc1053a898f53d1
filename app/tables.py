"""Every table of the house, imported so that the metadata is complete."""

from app.broadcast import tables as broadcast
from app.broadcast.beside import tables as broadcast_beside
from app.broadcast.wire import tables as broadcast_wire
from app.delivery import tables as delivery
from app.delivery.network import tables as network
from app.delivery.notices import tables as notices
from app.desk.archive import tables as archive
from app.desk.documents import tables as documents
from app.desk.handover import tables as handover
from app.desk.late import tables as late
from app.desk.log import tables as duty_log
from app.devices.drones import tables as drones
from app.devices.mqtt import tables as mqtt
from app.devices.radio_log import tables as radio_log
from app.devices.roll_call import tables as roll_call
from app.devices.testing import tables as testing
from app.devices.watch import tables as watch
from app.dispatch import tables as dispatch
from app.dispatch.attachments import tables as attachments
from app.dispatch.command_body import tables as command_body
from app.dispatch.contact import tables as contact
from app.dispatch.exercise import tables as drill_parties
from app.dispatch.figures import tables as figures
from app.dispatch.forces import tables as force_register
from app.dispatch.handoff import tables as handoff
from app.dispatch.inbox import tables as inbox
from app.dispatch.instruction import tables as instruction
from app.dispatch.lifecycle import tables as lifecycle
from app.dispatch.maintenance import tables as maintenance
from app.dispatch.meeting import tables as meeting
from app.dispatch.messenger import tables as messenger
from app.dispatch.order import tables as order
from app.dispatch.outside_help import tables as outside_help
from app.dispatch.recommendation import tables as forces
from app.dispatch.reconciliation import tables as reconciliation
from app.dispatch.reservation import tables as reservation
from app.dispatch.status_call import tables as status_call
from app.dispatch.video import tables as video
from app.duty import tables as duty
from app.duty.break_glass import tables as break_glass
from app.duty.checklist import tables as checklist
from app.duty.county_days import tables as county_days
from app.duty.declared import tables as declared
from app.duty.feeds import tables as feeds
from app.duty.generation import tables as generation
from app.duty.leave import tables as leave
from app.duty.ownership import tables as ownership
from app.duty.presence import tables as presence
from app.duty.roster import tables as roster
from app.duty.spot_check import tables as spot_check
from app.duty.standby import tables as standby
from app.duty.swaps import tables as swaps
from app.exercise import tables as exercise
from app.filing import tables as filing
from app.journal import tables as journal
from app.journal.anchor import tables as anchor
from app.org import tables as org
from app.org.areas import tables as areas
from app.org.callbook import tables as callbook
from app.org.personal import tables as personal
from app.org.phones import tables as phones
from app.org.screen_times import tables as screen_times
from app.org.second_factor import tables as second_factor
from app.org.tokens import tables as tokens
from app.org.walls import tables as walls
from app.reporting import tables as reporting
from app.reporting.exchange import tables as exchange
from app.reporting.report import tables as report
from app.reporting.rulebook import tables as rulebook
from app.reporting.sheet import tables as late_sheet
from app.response.call_and_respond import tables as call_and_respond
from app.response.level import tables as response
from app.response.plan import tables as plan
from app.response.release import tables as release
from app.response.warning import tables as warning
from app.shelters import tables as shelters
from app.supplies import tables as supplies
from app.task import tables as task
from app.tracking import tables as tracking
from app.tracking.history import tables as history

__all__ = [
    "anchor",
    "archive",
    "areas",
    "attachments",
    "break_glass",
    "broadcast",
    "broadcast_beside",
    "broadcast_wire",
    "call_and_respond",
    "callbook",
    "checklist",
    "command_body",
    "contact",
    "county_days",
    "declared",
    "delivery",
    "dispatch",
    "documents",
    "drill_parties",
    "drones",
    "duty",
    "duty_log",
    "exchange",
    "exercise",
    "feeds",
    "figures",
    "filing",
    "force_register",
    "forces",
    "generation",
    "handoff",
    "handover",
    "history",
    "inbox",
    "instruction",
    "journal",
    "late",
    "late_sheet",
    "leave",
    "lifecycle",
    "maintenance",
    "meeting",
    "messenger",
    "mqtt",
    "network",
    "notices",
    "order",
    "org",
    "outside_help",
    "ownership",
    "personal",
    "phones",
    "plan",
    "presence",
    "radio_log",
    "reconciliation",
    "release",
    "report",
    "reporting",
    "reservation",
    "response",
    "roll_call",
    "roster",
    "rulebook",
    "screen_times",
    "second_factor",
    "shelters",
    "spot_check",
    "standby",
    "status_call",
    "supplies",
    "swaps",
    "task",
    "testing",
    "tokens",
    "tracking",
    "video",
    "walls",
    "warning",
    "watch",
]
