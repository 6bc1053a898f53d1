"""The four verbs of duty 接报传跟 (domain/rules B5d): which of them an entry of a timeline is. Pure.

A call is taken (接), superiors are told (报), it is passed to whom it concerns (传), and followed (跟).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

Verb = Literal["receive", "report", "relay", "follow"]
VERBS: tuple[Verb, ...] = get_args(Verb)
VERB_WORDS: Mapping[Verb, tuple[str, str]] = {
    "receive": ("接", "receive"),
    "report": ("报", "report"),
    "relay": ("传", "relay"),
    "follow": ("跟", "follow"),
}
# What an event's name begins with; the longest that fits says. Whatever is not named is followed.
_BEGINNINGS: Mapping[str, Verb] = {
    "alarm.": "receive",
    "intake.": "receive",
    "text.received": "receive",
    "incident.opened": "receive",
    "incident.notice_joined": "receive",
    "received_report.": "receive",
    "report.": "report",
    "incident.reported": "report",
    "handoff.sent": "relay",
    "assignment.dispatched": "relay",
    "reservation.made": "relay",
    "delivery.": "relay",
    "order.issued": "relay",
    "order.amended": "relay",
    "instruction.": "relay",
    "notice.sent": "relay",
    "messenger.sent": "relay",
    "plan.approved": "relay",
    "evacuation.ordered": "relay",
    "broadcast.issued": "relay",
    "callout.started": "relay",
    "callout.called": "relay",
    "incident.expert_called": "relay",
    "outside_team.announced": "receive",
}


def verb_of(event_type: str) -> Verb:
    """Return which verb an entry is."""
    fitting = [one for one in _BEGINNINGS if event_type.startswith(one)]
    return _BEGINNINGS[max(fitting, key=len)] if fitting else "follow"
