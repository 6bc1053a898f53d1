"""The watch over the watch: when a part of the house stays ill, the leaders on duty are told on their phones.

It speaks while the database and a way out are there. What it cannot say, the sign of life says
by its absence.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import structlog

from app.api.house import House
from app.background import Lookout
from app.db import Database
from app.delivery.notices import actions as notices
from app.delivery.notices.actions import Matter
from app.reporting.actions.seats import seated
from app.reporting.rules.book import Recipient

log = structlog.get_logger()
NAME = "self_watch"
EVERY_S = 30.0
PATIENCE = timedelta(minutes=3)
_ORDER: tuple[Recipient, ...] = ("leader", "shift_lead", "desk")


class NobodyToTell(Exception):
    """A part of the house is ill, and no leader, shift lead or officer of the centre is on duty."""


class SelfWatch(Lookout):
    """One a county: what is ill for three minutes is told once a day, to the leaders or who else is there."""

    def __init__(self, house: House, database: Database) -> None:
        super().__init__(NAME, EVERY_S)
        self._house = house
        self._database = database
        self._ill: dict[str, datetime] = {}
        self._told: dict[str, date] = {}

    async def look(self) -> None:
        """Tell what is ill for long. Raises NobodyToTell."""
        now = self._house.clock.now()
        parts = self._house.parts.items()
        ill = [name for name, part in parts if name != NAME and not part.health().get("ok", True)]
        self._ill = {name: self._ill.get(name, now) for name in ill}
        if long := sorted(name for name, since in self._ill.items() if now - since >= PATIENCE):
            await self._tell(long, now)

    async def _tell(self, parts: list[str], now: datetime) -> None:
        settings = self._house.settings
        day = now.astimezone(settings.zone).date()
        fresh = [part for part in parts if self._told.get(part) != day]
        if not fresh:
            return
        desk = settings.stream.ljust(12, "0")
        words = (
            f"值守系统自身异常:{'、'.join(parts)} 超过{PATIENCE.seconds // 60}分钟不正常。"
            "请通知技术员,并用电话守住值班"
        )
        en = (
            f"The house itself is ill: {', '.join(parts)} for more than {PATIENCE.seconds // 60} minutes. "
            "Call the engineer and keep the watch by telephone"
        )
        matter = Matter("plain", f"{NAME}:{','.join(fresh)}:{day}", words, (desk,), text_en=en)
        async with self._database.transaction() as tx:
            people = await seated(tx, settings.stream, desk, now, settings.zone) or {}
            whom = next((told for told in map(people.get, _ORDER) if told), None)
            if whom is None:
                raise NobodyToTell(", ".join(parts))
            await notices.tell(tx, settings.stream, whom, matter, now)
        self._told |= dict.fromkeys(fresh, day)
        log.error("told_of_illness", parts=parts)
