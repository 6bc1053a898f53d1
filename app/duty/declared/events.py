"""The events of declared key periods."""

from __future__ import annotations

from typing import Literal

from app.duty.declared.facts import DeclaredPeriodFact
from app.wire import Fact


class KeyPeriodChanged(Fact):
    """A leader declared a key period, or ended one: readiness is judged by it from then on."""

    type: Literal["readiness.period_declared", "readiness.period_ended"]
    period: DeclaredPeriodFact
