"""Looks at everybody's silence four times a minute."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from app.background import Lookout
from app.clock import Clock
from app.db import Database
from app.dispatch.contact.actions import watching
from app.dispatch.contact.rules import ContactRules
from app.dispatch.contact.store import units
from app.org.rules.access import Viewer

LOOK_EVERY_S = 15.0


class ContactWatcher(Lookout):
    """Runs on every node; the county's row sees to it that one looks at a time and all is told once.

    `present` returns the accounts whose screens are open here: an open screen is the heartbeat of its app.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        stream: str,
        rules: ContactRules,
        present: Callable[[], Iterable[Viewer]] = tuple,
    ) -> None:
        super().__init__("contact", LOOK_EVERY_S)
        self._database = database
        self._clock = clock
        self._stream = stream
        self._rules = rules
        self._present = present

    async def look(self) -> int:
        """Note who is here, then judge every unit; return how many stand differently now."""
        now = self._clock.now()
        here = {key for viewer in self._present() for key in _units_of(viewer, self._stream)}
        async with self._database.transaction() as tx:
            if here:
                await units.note_signs(tx, self._stream, sorted(here), "app", now)
        async with self._database.transaction() as tx:
            return await watching.look(tx, self._stream, self._rules, now)


def _units_of(viewer: Viewer, stream: str) -> Iterable[str]:
    """Yield the units an account speaks for: its teams, and its place unless that is the county."""
    yield from (f"team:{team}" for team in viewer.team_ids)
    if viewer.scope != stream and not viewer.team_ids:
        yield viewer.scope.ljust(12, "0")
