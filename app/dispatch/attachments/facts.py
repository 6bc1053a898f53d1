"""The shapes of attachments on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.wire import Fact

AttachmentKind = Literal["photo", "audio", "document"]


class AttachmentFact(Fact):
    """A file that belongs to an incident or a notice. `size` in bytes, `sha256` in hex.

    `camera_id`: a picture taken through a camera, with the name the camera had then. A withdrawn one keeps
    its line; its content is no longer given out.
    """

    id: int
    incident_id: int | None
    notice_id: int | None
    kind: AttachmentKind
    media_type: str
    name: str
    caption: str
    size: int
    sha256: str
    channel: str
    happened_at: datetime | None
    told_at: datetime
    added_at: datetime
    added_by: str
    camera_id: int | None = None
    camera_name: str = ""
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_reason: str = ""
