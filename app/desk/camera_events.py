"""The events of cameras, as they stand on the wire."""

from __future__ import annotations

from app.desk.envelope import Envelope
from app.dispatch.video.events import CameraChanged


class CameraChangedEvent(Envelope, CameraChanged):
    """CameraChanged on the wire."""
