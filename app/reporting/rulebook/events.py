"""The events of versions of the rules."""

from __future__ import annotations

from typing import Literal

from app.reporting.rulebook.facts import RulesBrief
from app.wire import Fact


class RulesChanged(Fact):
    """A version was drafted, edited, published (it holds from `rules.holds_from`) or dropped.

    taken_up: so many open `incidents` were reckoned anew by it.
    """

    type: Literal[
        "reporting_rules.drafted",
        "reporting_rules.edited",
        "reporting_rules.published",
        "reporting_rules.dropped",
        "reporting_rules.taken_up",
    ]
    rules: RulesBrief
    words: str = ""
    incidents: int = 0
