"""The county's media server as one process knows it: what is there now, and live pictures with bounds.

Whoever asks waits five seconds at most, whatever the media server does; a few dozen may ask at once. What is
there is looked at every ten seconds beside the work, so that no list of cameras waits for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from typing import Literal

import structlog

from app.background import Rounds
from app.clock import Clock
from app.dispatch.video.facts import MediaFact
from app.dispatch.video.media.dialects import (
    Dialect,
    Nonsense,
    NoPicture,
    Playing,
    Question,
    Refused,
    Unplayable,
)
from app.dispatch.video.refusals import (
    CameraOffline,
    MediaNonsense,
    MediaRefuses,
    MediaSilent,
    MediaUnreachable,
    NoMediaServer,
    PictureUnplayable,
    TooManyViewers,
)
from app.dispatch.video.rules.source import Source
from app.outward.call import Answered, Garbled, call
from app.refusals import Refusal

log = structlog.get_logger()
PATIENCE_S = 5.0
LOOKED_EVERY_S = 10.0
KNOWN_FOR = timedelta(seconds=35)  # three looks
AT_ONCE = 32
MOST_LISTING = 2_000_000
MOST_SDP = 128 * 1024
MOST_PLAYLIST = 256 * 1024
MOST_PIECE = 12_000_000  # two seconds of 8 Mbit/s and much more
_WELL = MediaFact(state="well", zh="流媒体服务器正常", en="the media server answers")
_NEVER = MediaFact(state="trouble", zh="流媒体服务器还没有答复", en="the media server has not answered yet")


def told_of(media: MediaServer | None) -> MediaFact:
    """Return how the media server is, for a page; none: which setting is missing."""
    if media is None:
        none = NoMediaServer()
        return MediaFact(state="none", zh=none.zh, en=none.en)
    return media.fact()


class MediaServer:
    """A media server. `running()` looks now and then which streams are there."""

    def __init__(self, dialect: Dialect, clock: Clock, patience_s: float = PATIENCE_S) -> None:
        self.name = f"media:{dialect.name}"
        self._dialect, self._clock, self._patience_s = dialect, clock, patience_s
        self._there: frozenset[str] = frozenset()
        self._seen_at: datetime | None = None
        self._trouble: Refusal | None = None
        self._asking = 0
        self._rounds = Rounds("media", LOOKED_EVERY_S)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[MediaServer]:
        """Look which streams are there while the block lasts."""
        async with self._rounds.walked(self.look):
            yield self

    def health(self) -> dict[str, object]:
        """Return whether it answers, what is wrong if not, and how many streams it has."""
        trouble = "" if self._trouble is None else self._trouble.code
        return {"ok": not trouble, "trouble": trouble, "streams": len(self._there)}

    def fact(self) -> MediaFact:
        """Return how it is, in words."""
        if self._trouble is not None:
            return MediaFact(state="trouble", zh=self._trouble.zh, en=self._trouble.en)
        return _NEVER if self._seen_at is None else _WELL

    def online(self, path: str) -> bool | None:
        """Whether a stream is there now; None when nobody could tell for a while."""
        if self._seen_at is None or self._clock.now() - self._seen_at > KNOWN_FOR:
            return None
        return path in self._there

    async def look(self) -> None:
        """Look which streams are there. What is wrong is kept for health and pages, not raised."""
        try:
            with _meant():
                async with self._patience():
                    answer = await self._ask(self._dialect.listing(), MOST_LISTING)
                self._there = self._dialect.streams(answer)
        except Refusal as trouble:
            if self._trouble is None:
                log.warning("media_server_failed", code=trouble.code)
            self._trouble = trouble
            return
        if self._trouble is not None:
            log.info("media_server_back")
        self._trouble, self._seen_at = None, self._clock.now()

    async def play(self, path: str, source: Source | None, offer: bytes) -> Playing:
        """Answer a browser's offer. Raises the refusals of `refusals.py`."""
        with _meant(), self._turn():
            async with self._patience():
                for question in () if source is None else self._dialect.pulls(path, source):
                    if self._dialect.taken(await self._ask(question, MOST_SDP)):
                        break
                return self._dialect.playing(await self._ask(self._dialect.offer(path, offer), MOST_SDP))

    async def tell(
        self, method: Literal["PATCH", "DELETE"], path: str, session: str, body: bytes = b""
    ) -> None:
        """Tell a session more candidates, or end it; one that is over is over."""
        question = self._dialect.session(method, path, session, body)
        if question is None:
            return
        with _meant(), self._turn():
            async with self._patience():
                answer = await self._ask(question, MOST_SDP)
        if answer.status in (401, 403):
            raise MediaRefuses

    async def file(self, path: str, name: str, query: str) -> bytes:
        """Return a playlist or a piece of a live picture. Raises the refusals of `refusals.py`."""
        most = MOST_PLAYLIST if name.endswith(".m3u8") else MOST_PIECE
        with _meant(), self._turn():
            async with self._patience():
                answer = await self._ask(self._dialect.file(path, name, query), most)
        if answer.status in (401, 403):
            raise MediaRefuses
        if answer.status != 200:
            raise CameraOffline
        if name.endswith(".m3u8") and not answer.body.startswith(b"#EXTM3U"):
            raise MediaNonsense
        return answer.body

    def _patience(self) -> asyncio.Timeout:
        return asyncio.timeout(self._patience_s)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if self._asking >= AT_ONCE:
            raise TooManyViewers
        self._asking += 1
        try:
            yield
        finally:
            self._asking -= 1

    async def _ask(self, question: Question, most: int) -> Answered:
        return await call(question.to, question.asked, most)


@contextmanager
def _meant() -> Iterator[None]:
    """Say in our own words what is wrong: what it said could hold an address with its login."""
    try:
        yield
    except TimeoutError:  # an OSError too
        raise MediaSilent from None
    except OSError:
        raise MediaUnreachable from None
    except (Garbled, Nonsense):
        raise MediaNonsense from None
    except Refused:
        raise MediaRefuses from None
    except NoPicture:
        raise CameraOffline from None
    except Unplayable:
        raise PictureUnplayable from None
