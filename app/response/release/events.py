"""The events of releases."""

from __future__ import annotations

from typing import Literal

from app.wire import Fact


class ReleaseChanged(Fact):
    """A sector was drawn, a value measured, lifting proposed, signed or objected to, or done; in words."""

    type: Literal[
        "release.sector_drawn",
        "release.measured",
        "release.lifting_proposed",
        "release.signed",
        "release.lifted",
    ]
    incident_id: int
    zh: str
    en: str
