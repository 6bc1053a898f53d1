"""Wire shapes of platforms, packets and what superiors send."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.broadcast.wire.rules.link import LinkState
from app.wire import Fact

WireDialect = Literal["gdj-2018", "draft-2016"]


class WirePeerFact(Fact):
    """A platform as the desk sees it: how it is reached and how the link stands.

    Certificates and keys are in no answer: `serials` are the numbers of certificates trusted for it,
    `key_serial` that of ours, "" while this machine lacks the key. `heard_at` is their last packet,
    `answered_at` the last of ours that was receipted; `trouble_*` why the last try found no receipt.
    """

    id: int
    name: str
    resource_code: str
    region_code: str
    for_drills: bool
    active: bool
    code: str
    our_code: str
    url: str
    door: str
    dialect: WireDialect
    extensions: bool
    signs: bool
    append_time: bool
    time_is_counter: bool
    window_s: int
    heartbeat_s: int
    poll_s: int
    allowed: list[str]
    serials: list[str]
    key_id: str
    key_serial: str
    superior: bool
    written_by: str
    written_at: datetime
    link: LinkState
    beat_at: datetime | None
    answered_at: datetime | None
    heard_at: datetime | None
    failed_at: datetime | None
    trouble_zh: str
    trouble_en: str
    waiting: int


class WirePacketFact(Fact):
    """A packet that passed, without its bytes; `codes` are those of its findings, `result` a ResultCode."""

    id: int
    peer_id: int | None
    direction: Literal["in", "out"]
    state: Literal["waiting", "done", "failed", "known", "refused", "sent"]
    source: str
    ebd_id: str
    kind: str
    related: str
    ebm_id: str
    at: datetime
    address: str
    sha256: str
    size: int
    result: int
    words: str
    codes: list[str]


class WireIncomingFact(Fact):
    """A message another platform sent us. Nothing is passed on by itself: a person decides from its notice.

    `msg_type` as in GD/J 082: 1 broadcast, 2 cancel, 3 to 5 drills. `cancels`: the EBMID a cancel names.
    """

    id: int
    peer_id: int
    peer_name: str
    ebm_id: str
    msg_type: int
    cancels: str
    sender: str
    title: str
    text: str
    severity: int
    event_type: str
    areas: list[str]
    starts_at: datetime | None
    ends_at: datetime | None
    received_at: datetime
    state: Literal["received", "cancelled"]
    notice_id: int | None


class WirePeerBrief(Fact):
    """A platform as the journal knows it."""

    id: int
    name: str
    resource_code: str


class WireAsked(Fact):
    """How many questions are on their way to a platform."""

    asked: int
