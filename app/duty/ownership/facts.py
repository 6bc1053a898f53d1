"""Wire shape of the owner of a desk."""

from __future__ import annotations

from datetime import datetime

from app.wire import Fact


class OwnerFact(Fact):
    """Who answers for a post's desk at an instant.

    `since` is the second of the third signature; None where no hand-over was signed lately and the roster
    alone says who leads the shift.
    """

    post_id: int
    post_name: str
    lead_person_id: int
    lead_name: str
    lead_phone: str
    team_person_ids: list[int]
    since: datetime | None
