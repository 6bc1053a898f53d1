"""The second factor as its owner sees it."""

from __future__ import annotations

from datetime import datetime

from app.org.phones.facts import QrCode
from app.wire import Fact


class FactorState(Fact):
    """Whether a second factor is asked for at login, since when, and how many codes on paper are left."""

    since: datetime | None
    paper_left: int


class FactorDraft(Fact):
    """A new secret, shown once: to type (`secret`), to open in an app (`uri`), to photograph (`qr`)."""

    secret: str
    uri: str
    qr: QrCode


class PaperCodes(Fact):
    """Codes to print and lock away; each opens the account once when the phone is lost. Never shown again."""

    codes: list[str]
