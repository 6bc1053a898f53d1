"""Wire shapes of evacuations: how many are where; names only in the lists."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.wire import Fact

EvacueeState = Literal["waiting", "moved", "refused"]
EvacuationMeans = Literal["", "assembly", "transport", "door_knock", "own_way"]
EvacueeBack = Literal["", "home", "missing"]


class EvacuationTallyFact(Fact):
    """So many persons: on the list, still waiting, moved (of them by knocking at the door), refused, back
    home, missing; `need_help` are those still waiting who need help.
    """

    total: int
    waiting: int
    moved: int
    door_knock: int
    refused: int
    home: int
    missing: int
    need_help: int


class EvacuationBriefFact(Fact):
    """An evacuation without its villages, as events name it; the tally is that of the whole."""

    id: int
    incident_id: int | None
    incident_number: str
    reason: str
    deadline: datetime | None
    ordered_at: datetime
    told_at: datetime
    entered_at: datetime
    entered_by: str
    ended_at: datetime | None
    ended_by: str
    end_reason: str
    tally: EvacuationTallyFact


class EvacuationVillageFact(Fact):
    """A village of an evacuation with its progress: n of m moved."""

    village_code: str
    village_path: str
    shelter_id: int | None
    shelter_name: str
    alternative_id: int | None
    alternative_name: str
    tally: EvacuationTallyFact


class EvacuationFact(Fact):
    """An evacuation with its villages of the scope; its tally is the sum of those."""

    evacuation: EvacuationBriefFact
    villages: list[EvacuationVillageFact]


class EvacueeFact(Fact):
    """Somebody on a list. The three times are those of the last state, `back_…` those of the return."""

    id: int
    village_code: str
    household: str
    name: str
    phone: str
    needs: str
    state: EvacueeState
    shelter_id: int | None
    shelter_name: str
    means: EvacuationMeans
    reason: str
    witness: str
    attachment: str
    happened_at: datetime | None
    told_at: datetime | None
    entered_at: datetime | None
    entered_by: str
    channel: str
    voucher: str
    back: EvacueeBack
    back_note: str
    back_at: datetime | None
    back_told_at: datetime | None
    back_entered_at: datetime | None
    back_entered_by: str
