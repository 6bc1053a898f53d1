"""The events of cameras."""

from __future__ import annotations

from typing import Literal

from app.dispatch.video.facts import CameraFact
from app.wire import Fact


class CameraChanged(Fact):
    """A camera was entered, amended (`changed` names the fields), moved or retired.

    That an address or a login changed is said, never what it is.
    """

    type: Literal["camera.registered", "camera.amended", "camera.moved", "camera.retired"]
    camera: CameraFact
    changed: list[str] = []
