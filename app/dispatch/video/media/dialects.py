"""What the media servers we know are asked, and what their answers mean. Pure.

MediaMTX (https://mediamtx.org/docs/references/control-api): its control API, WHEP and HLS listen at three
ports. ZLMediaKit (https://docs.zlmediakit.com/guide/media_server/restful_api.html): one port, a secret in
every question.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol
from urllib.parse import urlencode

from app.dispatch.video.rules.source import Source
from app.outward.address import Address
from app.outward.call import Answered, Asked

MediaKind = Literal["mediamtx", "zlmediakit"]
SDP = {"Content-Type": "application/sdp", "Accept": "application/sdp"}
FRAGMENT = {"Content-Type": "application/trickle-ice-sdpfrag"}
_SESSION = re.compile(r"/whep/([A-Za-z0-9_-]{8,80})\Z")
ON_DEMAND_WITHIN = "4s"  # a camera that has not begun by then is told of before anybody loses patience


class Nonsense(ValueError):
    """An answer that a media server of this kind does not give."""


class NoPicture(Exception):
    """The stream is not there."""


class Unplayable(Exception):
    """The media server and this browser have no codec in common, or it does not take the offer."""


class Refused(Exception):
    """The media server does not let us in."""


@dataclass(frozen=True, slots=True)
class Question:
    """One exchange: where, and what."""

    to: Address
    asked: Asked


@dataclass(frozen=True, slots=True)
class Playing:
    """The answer to an offer, and the name of the session, empty where the media server has none."""

    sdp: bytes
    session: str


class Dialect(Protocol):
    """How one kind of media server is spoken to."""

    name: str

    def listing(self) -> Question:
        """Ask which streams are there."""
        ...

    def streams(self, answer: Answered) -> frozenset[str]:
        """Return the paths of the streams that are there. Raises Nonsense, Refused."""
        ...

    def pulls(self, path: str, source: Source) -> tuple[Question, ...]:
        """Ask it to pull a camera; a later question is asked only where the one before was not taken."""
        ...

    def taken(self, answer: Answered) -> bool:
        """Whether such a question was taken. Raises Nonsense, Refused."""
        ...

    def offer(self, path: str, sdp: bytes) -> Question:
        """Ask to play, by the browser's offer."""
        ...

    def playing(self, answer: Answered) -> Playing:
        """Return the answer to an offer. Raises NoPicture, Unplayable, Nonsense, Refused."""
        ...

    def session(
        self, method: Literal["PATCH", "DELETE"], path: str, session: str, body: bytes
    ) -> Question | None:
        """Ask about a session that runs; None where the media server has none."""
        ...

    def file(self, path: str, name: str, query: str) -> Question:
        """Ask for a playlist or a piece of it."""
        ...


class MediaMtx:
    """MediaMTX: control API v3, WHEP, HLS."""

    name = "mediamtx"

    def __init__(self, api: Address, webrtc: Address, hls: Address, user: str, password: str) -> None:
        self._api, self._webrtc, self._hls = api, webrtc, hls
        told = b64encode(f"{user}:{password}".encode()).decode()
        self._login: Mapping[str, str] = {"Authorization": f"Basic {told}"} if user or password else {}

    def listing(self) -> Question:
        """Ask for every path, a thousand at most."""
        return self._asked(self._api, "GET", "/v3/paths/list?itemsPerPage=1000")

    def streams(self, answer: Answered) -> frozenset[str]:
        """Return the paths that are ready."""
        _check(answer, 200)
        items = _json(answer).get("items")
        if not isinstance(items, list):
            raise Nonsense("no items")
        ready = (one for one in items if isinstance(one, dict) and (one.get("ready") or one.get("available")))
        return frozenset(str(one.get("name", "")) for one in ready)

    def pulls(self, path: str, source: Source) -> tuple[Question, ...]:
        """Add the path; where it is there, set its source."""
        told = {
            "source": source.whole(),
            "sourceOnDemand": True,
            "sourceOnDemandStartTimeout": ON_DEMAND_WITHIN,
        }
        body = json.dumps(told).encode()
        return (
            self._asked(self._api, "POST", f"/v3/config/paths/add/{path}", body),
            self._asked(self._api, "PATCH", f"/v3/config/paths/patch/{path}", body),
        )

    def taken(self, answer: Answered) -> bool:
        """Return whether the path is set: 400 says that it is there already."""
        _check(answer, 200, 400, 404)
        return answer.status == 200

    def offer(self, path: str, sdp: bytes) -> Question:
        """Ask by WHEP."""
        return self._asked(self._webrtc, "POST", f"/{path}/whep", sdp, SDP)

    def playing(self, answer: Answered) -> Playing:
        """Return the answer and the session its Location names."""
        _check_playing(answer, 201)
        found = _SESSION.search(answer.headers.get("location", "").partition("?")[0])
        return Playing(_sdp(answer.body), found[1] if found else "")

    def session(
        self, method: Literal["PATCH", "DELETE"], path: str, session: str, body: bytes
    ) -> Question | None:
        """Tell more candidates, or end it."""
        return self._asked(
            self._webrtc, method, f"/{path}/whep/{session}", body, FRAGMENT if method == "PATCH" else {}
        )

    def file(self, path: str, name: str, query: str) -> Question:
        """Ask for a playlist or a piece.

        It sends who asks for the first playlist without `cookieCheck=1` round once more; who comes with it,
        but without a cookie, gets a session in the addresses of the pieces (its servers/hls/http_server.go).
        """
        if name == "index.m3u8":
            query = f"{query}&cookieCheck=1" if query else "cookieCheck=1"
        return self._asked(
            self._hls, "GET", f"/{path}/{name}{f'?{query}' if query else ''}", b"", {"Accept": "*/*"}
        )

    def _asked(
        self,
        to: Address,
        method: Literal["GET", "POST", "PATCH", "DELETE"],
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Question:
        return Question(to, Asked(method, path, body, {**self._login, **(headers or {})}))


class ZlMediaKit:
    """ZLMediaKit: a path of one word lies in its app `live`."""

    name = "zlmediakit"

    def __init__(self, at: Address, secret: str) -> None:
        self._at, self._secret = at, secret

    def listing(self) -> Question:
        """Ask for every stream."""
        return self._api("getMediaList", {"schema": "rtsp"})

    def streams(self, answer: Answered) -> frozenset[str]:
        """Return app/stream of what is there; `live/x` by its short name too."""
        told = self._said(answer)
        items = told.get("data") or []
        if not isinstance(items, list):
            raise Nonsense("no data")
        there = {f"{one.get('app')}/{one.get('stream')}" for one in items if isinstance(one, dict)}
        return frozenset(there | {one.removeprefix("live/") for one in there})

    def pulls(self, path: str, source: Source) -> tuple[Question, ...]:
        """Add a proxy; one that is there already counts as taken."""
        app, stream = self._names(path)
        told = {"vhost": "__defaultVhost__", "app": app, "stream": stream, "url": source.whole()}
        return (self._api("addStreamProxy", {**told, "timeout_sec": "4"}),)

    def taken(self, answer: Answered) -> bool:
        """Return true: what the proxy could not do, playing will tell."""
        _check(answer, 200)
        return True

    def offer(self, path: str, sdp: bytes) -> Question:
        """Ask to play by WebRTC."""
        app, stream = self._names(path)
        return self._api("webrtc", {"app": app, "stream": stream, "type": "play"}, sdp)

    def playing(self, answer: Answered) -> Playing:
        """Return the answer within its JSON."""
        _check_playing(answer, 200)
        told = _json(answer)
        if told.get("code") == -100:
            raise Refused
        if told.get("code") != 0 or not isinstance(told.get("sdp"), str):
            raise NoPicture
        return Playing(_sdp(told["sdp"].encode()), "")

    def session(
        self, method: Literal["PATCH", "DELETE"], path: str, session: str, body: bytes
    ) -> Question | None:
        """Return None: its sessions end with their connection."""
        return None

    def file(self, path: str, name: str, query: str) -> Question:
        """Ask for a playlist, which it calls hls.m3u8, or a piece."""
        app, stream = self._names(path)
        wanted = "hls.m3u8" if name == "index.m3u8" else name
        line = f"/{app}/{stream}/{wanted}{f'?{query}' if query else ''}"
        return Question(self._at, Asked("GET", line, headers={"Accept": "*/*"}))

    def _names(self, path: str) -> tuple[str, str]:
        app, _, stream = path.partition("/")
        return (app, stream) if stream else ("live", app)

    def _api(self, what: str, told: Mapping[str, str], body: bytes = b"") -> Question:
        query = urlencode({"secret": self._secret, **told})
        headers = {"Content-Type": "text/plain;charset=utf-8"} if body else {}
        method: Literal["GET", "POST"] = "POST" if body else "GET"
        return Question(self._at, Asked(method, f"/index/api/{what}?{query}", body, headers))

    def _said(self, answer: Answered) -> dict[str, Any]:
        _check(answer, 200)
        told = _json(answer)
        if told.get("code") == -100:  # a wrong secret
            raise Refused
        if told.get("code") != 0:
            raise Nonsense(f"code {told.get('code')}")
        return told


def _check(answer: Answered, *good: int) -> None:
    if answer.status in (401, 403):
        raise Refused
    if answer.status not in good:
        raise Nonsense(f"HTTP {answer.status}")


def _check_playing(answer: Answered, good: int) -> None:
    if answer.status == 404:
        raise NoPicture
    if answer.status in (400, 406, 415):
        raise Unplayable
    _check(answer, good)


def _json(answer: Answered) -> dict[str, Any]:
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise Nonsense("no JSON") from None
    if not isinstance(told, dict):
        raise Nonsense("no object")
    return told


def _sdp(body: bytes) -> bytes:
    if not body.startswith(b"v=0"):
        raise Nonsense("no SDP")
    return body
