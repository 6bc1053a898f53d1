"""Which of many messages still stand: updates replace, cancels end, in whatever order they come (§3.2.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from enum import StrEnum

from app.codecs.cap.alert import Alert, Identity

_ENDS = frozenset(("Update", "Cancel"))


class State(StrEnum):
    """How a message stands among the others."""

    CURRENT = "current"
    REPLACED = "replaced"
    CANCELLED = "cancelled"
    ANSWER = "answer"
    """A Cancel, Ack or Error: it says something about others and warns of nothing itself."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one message stands; `by` ended it."""

    state: State
    by: Identity | None = None


def standing(alerts: Iterable[Alert], *, vouched: Set[Identity] = frozenset()) -> Mapping[Identity, Standing]:
    """Say how every message stands.

    The order of arrival does not matter: a cancel may overtake what it cancels. A message ends another only
    when it names its triple, was sent no earlier, comes from the same sender and has the same status: a
    drill never cancels the real thing, a stranger's cancel is left to a person: `vouched` are those that a
    person has answered for. A cancel counts for more than an update; among updates the last sent counts.
    """
    known = {alert.identity: alert for alert in alerts}
    ended: dict[Identity, Alert] = {}
    for alert in known.values():
        for identity in alert.references if alert.msg_type in _ENDS else ():
            target = known.get(identity)
            if target is None or not _may_end(alert, target, known_to_us=alert.identity in vouched):
                continue
            before = ended.get(identity)
            if before is None or _weight(alert) > _weight(before):
                ended[identity] = alert
    return {identity: _stands(alert, ended.get(identity)) for identity, alert in known.items()}


def _may_end(alert: Alert, target: Alert, *, known_to_us: bool) -> bool:
    return (
        alert.identity != target.identity
        and (alert.sender == target.sender or known_to_us)
        and alert.status == target.status
        and alert.sent >= target.sent
    )


def _weight(alert: Alert) -> tuple[bool, float, str]:
    return alert.msg_type == "Cancel", alert.sent.timestamp(), alert.identifier


def _stands(alert: Alert, ender: Alert | None) -> Standing:
    if alert.msg_type not in ("Alert", "Update"):
        return Standing(State.ANSWER)
    if ender is None:
        return Standing(State.CURRENT)
    state = State.CANCELLED if ender.msg_type == "Cancel" else State.REPLACED
    return Standing(state, ender.identity)
