"""What equal eyes are shown of a page of old rows: worked out once for all who come back at the same time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.dispatch.secrecy.sealed import NOTHING, Sealed
from app.realtime.audience import Audience
from app.realtime.ring import Framed

Shown = Callable[[Sequence[Framed], Audience, Sealed], bytes]
KEPT_BYTES = 4 << 20


def shown(rows: Sequence[Framed], audience: Audience, sealed: Sealed) -> bytes:
    """Return the frames of the rows that an audience may see now."""
    viewer, stream = audience.viewer, audience.stream
    return b"".join([row.frame for row in rows if row.stream == stream and sealed.shows(viewer, row)])


class Alike:
    """Remembers what audiences were shown, as long as the same is need-to-know and the rows are the same.

    Where readers were named each is asked for himself: equal audiences may be named differently.
    """

    def __init__(self) -> None:
        self._sealed = NOTHING
        self._named = False
        self._pages: dict[tuple[Audience, int, int], tuple[Framed, Framed, bytes]] = {}
        self._bytes = 0

    def __call__(self, rows: Sequence[Framed], audience: Audience, sealed: Sealed) -> bytes:
        """Return what `shown` returns."""
        if sealed is not self._sealed:
            self._forget()
            self._sealed, self._named = sealed, sealed.names_readers()
        key = (audience, rows[0].seq, rows[-1].seq)
        known = self._pages.get(key)
        # The same numbers may be other rows: the database was restored from a copy.
        if known is not None and known[0] is rows[0] and known[1] is rows[-1]:
            return known[2]
        frames = shown(rows, audience, sealed)
        if not self._named and not any(row.concern.readers for row in rows):
            if self._bytes + len(frames) > KEPT_BYTES:
                self._forget()
            self._pages[key] = rows[0], rows[-1], frames
            self._bytes += len(frames)
        return frames

    def _forget(self) -> None:
        self._pages.clear()
        self._bytes = 0
