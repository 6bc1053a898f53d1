"""What is written over a thin channel with no form behind it: free text and position, filed as a report."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.db import Tx
from app.delivery import messages
from app.delivery.rules import CHANNEL_OF_FAMILY, width
from app.dispatch.inbox.actions import Sender, receive
from app.dispatch.inbox.commands import IntakeNoticeIn
from app.dispatch.inbox.rules import place_named, receipt_words
from app.dispatch.inbox.store import names_of_places
from app.dispatch.rules.distress import place_in
from app.org.rules.access import Concern
from app.org.store import DeviceFact
from app.signals import Text
from app.tracking import store as tracking

# Which channels are thin, and whether their sender gets a receipt: an SBD message costs money, a Beidou one
# a minute of our card.
THIN = {"beidou": True, "sbd": False}
RECEIPT_LIFETIME = timedelta(minutes=10)
RECEIPT_BYTES = 60  # one message of the smallest card (level 3: 77 bytes), with a margin


def is_thin(family: str) -> bool:
    """Whether what a family of devices says comes by a thin channel."""
    return CHANNEL_OF_FAMILY.get(family, "") in THIN


async def file_text(tx: Tx, device: DeviceFact, heard: Text, now: datetime, zone: ZoneInfo) -> int | None:
    """File a text under the township it names, else the device's own; return the notice's number.

    The words are kept as they are; the position is the one in the words, else the device's last. None for
    a channel that is not thin, and for digits: an answer to nothing is read by the desk, it is no report.
    """
    channel = CHANNEL_OF_FAMILY.get(device.family, "")
    words = heard.text.strip()
    if channel not in THIN or not words or words.isdigit():
        return None
    named = place_named(words, await names_of_places(tx, device.stream))
    point = place_in(words)
    if point is None and (trail := await tracking.trail(tx, device.id)):
        point = (trail[0].lon, trail[0].lat)
    told = IntakeNoticeIn(
        title=words[:40],
        text=words[:4000],
        region_code=named or device.region_code,
        lon=point[0] if point else None,
        lat=point[1] if point else None,
        happened_at=heard.sent_at if heard.sent_at and heard.sent_at <= now else None,
        told_at=now,
        from_name=(device.holder_name or device.label)[:200],
        from_phone=device.number[:40],
        channel=channel,
        voucher=(device.holder_name or "")[:200],
    )
    notice, _ = await receive(tx, Sender(device.stream, "device", device.label), told, now)
    if THIN[channel]:
        body = receipt_words(notice.id, now, zone)
        assert width(body) <= RECEIPT_BYTES
        await messages.queue(
            tx,
            messages.Message(
                stream=device.stream,
                channel=channel,  # type: ignore[arg-type]
                address=device.number,
                body=body,
                concern=Concern((device.region_code,)),
                expires_at=now + RECEIPT_LIFETIME,
                device_id=device.id,
            ),
            now,
        )
    return notice.id
