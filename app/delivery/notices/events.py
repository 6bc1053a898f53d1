"""The events of notices."""

from __future__ import annotations

from typing import Literal

from app.delivery.notices.facts import NoticeFact
from app.wire import Fact


class NoticeChanged(Fact):
    """Somebody is told something, is told by SMS because he did not open it, or has read it."""

    type: Literal["notice.sent", "notice.escalated", "notice.read"]
    notice: NoticeFact
