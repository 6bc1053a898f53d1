"""One warning is one chain: its alert, updates and cancel, in whatever order they come. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from app.codecs.cap import chain as cap_chain
from app.codecs.cap.alert import Alert, Identity
from app.codecs.cn12379.rules import is_identifier
from app.response.warning.rules.bulletin import Bulletin, stamp

Standing = Literal["in_force", "lifted", "expired"]
MessageState = Literal["current", "replaced", "cancelled", "answer", "waiting", "set_aside"]
_TYPES = {"alert": "Alert", "update": "Update", "cancel": "Cancel", "other": "Ack"}


@dataclass(frozen=True, slots=True)
class Link:
    """A message of a chain. `vouched`: a person answers for it; None as long as nobody has judged it."""

    id: int
    bulletin: Bulletin
    vouched: bool | None = None
    doubtful: bool = False
    """It breaks rules, or its source may not speak for its sender: it counts once a person vouches for it."""


@dataclass(frozen=True, slots=True)
class Stand:
    """How a chain stands. `current` is what is warned of, or was last; `ended_by` the cancel."""

    in_force: bool
    current: Link | None
    ended_by: Link | None = None
    states: Mapping[int, MessageState] = field(default_factory=dict)

    @property
    def waiting(self) -> tuple[int, ...]:
        """The messages a person must judge."""
        return tuple(id_ for id_, state in self.states.items() if state == "waiting")


def keys_of(bulletin: Bulletin) -> frozenset[str]:
    """Return what ties a message to its chain: its own name and those it refers to.

    A national identifier is one of a kind whoever relays it; elsewhere it takes the triple (§3.2.1).
    """
    named = [(bulletin.sender, bulletin.identifier, bulletin.sent)]
    if bulletin.kind in ("update", "cancel", "other"):
        named += [(one.sender, one.identifier, one.sent) for one in bulletin.references]
    keys = {_key(*one) for one in named}
    if bulletin.subject:
        keys.add(f"n:{bulletin.subject}")
    return frozenset(keys)


def _key(sender: str, identifier: str, sent: datetime) -> str:
    return f"n:{identifier}" if is_identifier(identifier) else f"t:{sender},{identifier},{stamp(sent)}"


def connected(links: Iterable[Link]) -> list[list[Link]]:
    """Return the chains among messages: whatever is tied, directly or by others, is one."""
    chains: list[tuple[set[str], list[Link]]] = []
    for link in links:
        keys = set(keys_of(link.bulletin))
        tied = [chain for chain in chains if chain[0] & keys]
        members = [one for chain in tied for one in chain[1]]
        chains = [chain for chain in chains if chain not in tied]
        chains.append((keys.union(*(chain[0] for chain in tied)), [*members, link]))
    return [members for _, members in chains]


def stand(links: Sequence[Link]) -> Stand:
    """Say how a chain stands, whatever the order in which its messages came.

    It belongs to the sender of its first alert. What another sends, or under another status, or with
    faults, waits for a person; a drill never touches what is meant, not even with a person's word.
    """
    mine = [link for link in links if link.bulletin.kind != "other"]
    owner = _owner(mine)
    states: dict[int, MessageState] = {
        link.id: _aside(link, owner) for link in links if not _counts(link, owner)
    }
    counted = [link for link in links if _counts(link, owner)]
    alerts = {link.id: _alert(link, counted) for link in counted}
    vouched = frozenset(alerts[link.id].identity for link in counted if link.vouched)
    standings = cap_chain.standing(alerts.values(), vouched=vouched)
    for link in counted:
        states[link.id] = standings[alerts[link.id].identity].state.value
    return _resolved(counted, states)


def standing_at(value: Stand, now: datetime) -> Standing:
    """Return the standing at an instant: what has expired is over without anybody's word."""
    if not value.in_force or value.current is None:
        return "lifted"
    return "expired" if value.current.bulletin.expires <= now else "in_force"


def _resolved(counted: Sequence[Link], states: dict[int, MessageState]) -> Stand:
    """Choose what is warned of. In doubt a warning stands."""
    warned = [link for link in counted if link.bulletin.kind in ("alert", "update")]
    cancels = [link for link in counted if link.bulletin.kind == "cancel"]
    current = [link for link in warned if states[link.id] == "current"]
    last = max(current or warned, key=_order, default=None)
    if not current and last is not None and "cancelled" not in states.values():
        current, states[last.id] = [last], "current"
    if not current:
        ended_by = max(cancels, key=_order, default=None)
        return Stand(in_force=False, current=last, ended_by=ended_by, states=states)
    assert last is not None
    for link in current:
        if link is not last:
            states[link.id] = "replaced"  # several that nobody replaced: the last word counts
    for link in cancels:
        if not link.vouched and _order(link) > _order(last):
            states[link.id] = "waiting"  # it names what no longer stands, and may mean what does
    return Stand(in_force=True, current=last, states=states)


def _owner(links: Sequence[Link]) -> tuple[str, str] | None:
    sound = [link for link in links if not link.doubtful or link.vouched] or list(links)
    alerts = [link for link in sound if link.bulletin.kind == "alert"]
    first = min(alerts or sound, key=_order, default=None)
    return (first.bulletin.author, first.bulletin.status) if first else None


def _counts(link: Link, owner: tuple[str, str] | None) -> bool:
    if link.bulletin.kind == "other" or owner is None or link.vouched is False:
        return False
    author, status = owner
    if link.bulletin.status != status:
        return False
    return link.vouched is True or (link.bulletin.author == author and not link.doubtful)


def _aside(link: Link, owner: tuple[str, str] | None) -> MessageState:
    if link.bulletin.kind == "other":
        return "answer"
    if link.vouched is False or (owner is not None and link.bulletin.status != owner[1]):
        return "set_aside"
    return "waiting"


def _order(link: Link) -> tuple[datetime, str]:
    return link.bulletin.sent, link.bulletin.identifier


def _alert(link: Link, counted: Sequence[Link]) -> Alert:
    """Return what CAP's rules judge.

    12379 names the first issue and means all that was said since; so does what a person answers for.
    """
    one = link.bulletin
    references = tuple(
        Identity(_author(r.sender, r.identifier), r.identifier, r.sent) for r in one.references
    )
    if one.kind in ("update", "cancel"):
        references += tuple(
            Identity(other.bulletin.author, other.bulletin.identifier, other.bulletin.sent)
            for other in counted
            if _order(other) < _order(link) and (link.vouched or _same_subject(one, other.bulletin))
        )
    return Alert(
        one.identifier, one.author, one.sent, one.status, _TYPES[one.kind], "", references=references
    )


def _same_subject(one: Bulletin, other: Bulletin) -> bool:
    return bool(one.subject) and one.subject in (other.subject, other.identifier)


def _author(sender: str, identifier: str) -> str:
    return identifier[:14] if is_identifier(identifier) else sender
