"""The events of plans and of cards in force."""

from __future__ import annotations

from typing import Literal

from app.response.plan.facts import PlanBrief, PlanRunBrief
from app.wire import Fact


class PlanChanged(Fact):
    """A plan was entered, changed, issued anew or retired, or its card was written."""

    type: Literal["plan.registered", "plan.amended", "plan.issued", "plan.retired", "plan.card_written"]
    plan: PlanBrief
    version: int | None


class PlansImported(Fact):
    """A sheet was taken into the register."""

    type: Literal["plan.imported"]
    created: int
    amended: int


class PlanRunChanged(Fact):
    """A card was proposed for a cause, approved (all its tasks went out), refused, or ended."""

    type: Literal["plan.proposed", "plan.approved", "plan.refused", "plan.ended"]
    run: PlanRunBrief
