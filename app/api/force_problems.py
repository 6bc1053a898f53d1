"""The status of every refusal of the register of forces."""

from __future__ import annotations

from collections.abc import Mapping

from app.dispatch.forces.refusals import (
    EquipmentNumberTaken,
    ExpertKnown,
    RegisterFull,
    StaleForm,
    TeamHasSquads,
    TeamIsOut,
    TeamNameTaken,
)
from app.dispatch.outside_help.refusals import OutsideElsewhere, OutsideMoved, OutsideStale
from app.refusals import Refusal

FORCE_STATUS: Mapping[type[Refusal], int] = {
    EquipmentNumberTaken: 409,
    ExpertKnown: 409,
    RegisterFull: 409,
    StaleForm: 409,
    TeamHasSquads: 409,
    TeamIsOut: 409,
    TeamNameTaken: 409,
    OutsideElsewhere: 409,
    OutsideMoved: 409,
    OutsideStale: 409,
}

# Faults of the shapes of the register, in words: see `problems.py`.
FORCE_FAULTS: Mapping[str, tuple[str, str]] = {
    "advice_missing": ("专家接听的须写明意见", "write down what the expert advised"),
    "more_standby_than_people": ("备勤人数不能多于编制人数", "more on standby than the team has people"),
    "one_keeper": ("请选保管的队伍或单位,二选一", "name the team or the unit that keeps it, one of them"),
    "reason_missing": ("不是完好的须写明原因", "say why it is not ready"),
}
