"""Who makes which kind of document; a kind without a maker is a test that fails."""

from __future__ import annotations

from collections.abc import Mapping

from app.desk.documents.makers import callout, command, duty, incident, standby
from app.desk.documents.office import Maker
from app.desk.documents.rules.kinds import MadeKind

MAKERS: Mapping[MadeKind, Maker] = {
    "call_record": incident.call_record,
    "phone_record": incident.phone_record,
    "damage_table": incident.damage_table,
    "instruction_form": command.instruction_form,
    "order": command.order,
    "transfer": command.transfer,
    "roster": duty.roster,
    "duty_log": duty.duty_log,
    "handover": duty.handover,
    "status_summary": command.status_summary,
    "circular": duty.circular,
    "standby_sheet": duty.standby_sheet,
    "standby_daily": standby.standby_daily,
    "call_and_respond_record": callout.call_and_respond_record,
    "evacuation_list": command.evacuation_list,
    "evacuation_return": command.evacuation_return,
}
