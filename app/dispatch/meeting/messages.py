"""What goes over `WS /ws/meeting`: for a moment, to the screens of one meeting, never into the journal."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from app.dispatch.meeting.facts import PeerFact, RoomFact
from app.wire import Fact

MOST_BYTES = 64 << 10  # of one message
_MOST_SDP = 60 << 10
PeerId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class Welcome(Fact):
    """The first message: what you are called here, and who is here already. Offer to each of them.

    `room`: more than six are called; pictures and sound go through LiveKit and nobody offers.
    """

    type: Literal["welcome"] = "welcome"
    you: str
    caller: bool
    kind: Literal["meeting", "roll_call"]
    title: str
    peers: list[PeerFact]
    room: RoomFact | None = None


class PeerJoined(Fact):
    """Somebody has come, and will offer."""

    type: Literal["peer_joined"] = "peer_joined"
    peer: PeerFact


class PeerLeft(Fact):
    """Somebody has gone."""

    type: Literal["peer_left"] = "peer_left"
    peer_id: str


class PeerShows(Fact):
    """Somebody switched the camera or the microphone."""

    type: Literal["peer_shows"] = "peer_shows"
    peer_id: str
    camera: bool
    microphone: bool


class Described(Fact):
    """A description of a connection from another screen."""

    type: Literal["described"] = "described"
    sender: str
    kind: Literal["offer", "answer"]
    sdp: str


class Over(Fact):
    """You take part no more; the connection closes. `lost`: come again, the house thought you gone."""

    type: Literal["over"] = "over"
    reason: Literal["closed", "released", "replaced", "lost"]


class Refused(Fact):
    """You cannot take part: why, and what to do; the connection closes."""

    type: Literal["refused"] = "refused"
    code: str
    zh: str
    en: str


class Describe(Fact):
    """Pass a description of a connection on to one screen of the same meeting."""

    type: Literal["describe"]
    to: PeerId
    kind: Literal["offer", "answer"]
    sdp: Annotated[str, Field(min_length=1, max_length=_MOST_SDP, pattern=r"^[^\x00]*$")]


class Shows(Fact):
    """I switched my camera or microphone."""

    type: Literal["shows"]
    camera: bool
    microphone: bool


class Connected(Fact):
    """Media came through to me: the connection stands, the first picture, if any, was decoded."""

    type: Literal["connected"]


class SawVideo(Fact):
    """I have decoded the first picture of another screen."""

    type: Literal["saw_video"]
    peer_id: PeerId


class Leave(Fact):
    """I leave."""

    type: Literal["leave"]


Asked = Annotated[Describe | Shows | Connected | SawVideo | Leave, Field(discriminator="type")]
ASKED: TypeAdapter[Asked] = TypeAdapter(Asked)
SAID = (Describe, Shows, Connected, SawVideo, Leave)
TOLD = (Welcome, PeerJoined, PeerLeft, PeerShows, Described, Over, Refused)
