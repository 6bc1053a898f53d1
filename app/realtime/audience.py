"""Who sees the same things: one encoding serves them all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from app.org.rules.access import Concern, Viewer, may_see
from app.tracking.facts import PositionFact


class Seen(Protocol):
    """Anything that stands in a stream and concerns somebody: a journal row, framed or not."""

    @property
    def stream(self) -> str:
        """The county's journal stream."""
        ...

    @property
    def concern(self) -> Concern:
        """Whom it concerns."""
        ...


@dataclass(frozen=True, slots=True)
class Audience:
    """Viewers with equal visibility: equal audiences see exactly the same facts.

    What makes no difference to `may_see` is left out, so that as many as possible are equal: the
    scope opens nothing to those who read neither desk, audit nor register, and need-to-know nothing to
    those who do not read the desk.
    """

    stream: str
    team_ids: frozenset[int]
    scope: str | None
    desk: bool
    restricted: bool
    audit: bool
    register: bool
    personal: bool  # whole; otherwise masked
    # Any one of them: the rule itself stays in `org.rules.access`, and is asked about this person.
    viewer: Viewer = field(compare=False, repr=False)

    @staticmethod
    def of(viewer: Viewer) -> Audience:
        """Return the audience this viewer belongs to."""
        desk, audit = viewer.may("see_desk"), viewer.may("audit")
        register = desk or audit or viewer.may("manage_devices")
        return Audience(
            stream=viewer.stream,
            team_ids=viewer.team_ids,
            scope=viewer.scope if register else None,
            desk=desk,
            restricted=desk and viewer.may("see_restricted"),
            audit=audit,
            register=register,
            personal=viewer.may("see_personal"),
            viewer=viewer,
        )


def visible(audience: Audience, row: Seen) -> bool:
    """Whether these viewers may see the row: of their own county, and allowed by `may_see`."""
    return row.stream == audience.stream and may_see(audience.viewer, row.concern)


def position_visible(audience: Audience, position: PositionFact) -> bool:
    """Whether these viewers may see where a device is: like any fact of its place and team."""
    teams = () if position.team_id is None else (position.team_id,)
    return may_see(audience.viewer, Concern((position.region_code,), teams))
