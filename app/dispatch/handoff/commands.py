"""What people say of cross-border notices."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.commands import RowId, Told
from app.dispatch.handoff.facts import HandoffKind, HandoffMeans
from app.dispatch.recommendation.commands import Phone

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
Receiver = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class HandoffIn(Told):
    """Tell a neighbour: a registered partner by `partner_id`, or anybody by `name` and `phone`, never both.

    `happened_at` is when it was sent, now unless told.
    """

    kind: HandoffKind = "notify"
    partner_id: RowId | None = None
    name: Name | None = None
    phone: Phone | None = None
    means: HandoffMeans = "telephone"
    text: Words

    @model_validator(mode="after")
    def _one_addressee(self) -> Self:
        free = self.name is not None and self.phone is not None
        whole = free if self.partner_id is None else self.name is None and self.phone is None
        if not whole:
            raise PydanticCustomError("one_addressee", "either partner_id, or name and phone")
        return self


class HandoffReceiptIn(Told):
    """Who over there received it; `happened_at` is when, now unless told."""

    received_by: Receiver
