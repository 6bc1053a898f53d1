"""Notices on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.delivery.facts import DeliveryState
from app.delivery.notices.rules import NoticeStep
from app.wire import Fact

NoticeTopic = Literal[
    "plain", "circular", "rectification", "spot_check", "coverage", "command_body", "own_duty", "reporting"
]


class NoticeFact(Fact):
    """Plain words to one person. `step`: how he was told last; `sms_state` None before any SMS.

    `text_en` is "" where a person wrote the words.
    """

    id: int
    person_id: int
    person_name: str
    topic: NoticeTopic
    subject_id: int | None
    text: str
    text_en: str = ""
    step: NoticeStep
    sms_state: DeliveryState | None
    sent_by: str
    sent_at: datetime
    read_at: datetime | None
    read_means: Literal["app", "sms"] | None
