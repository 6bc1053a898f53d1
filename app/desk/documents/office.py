"""How a county makes its documents, and what is made before it is filed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.db import Tx
from app.desk.documents.library import Library
from app.desk.prints.letter import Letter
from app.desk.prints.page import Page
from app.duty.standby.rules.rulebook import Rulebook
from app.org.rules.access import Viewer


@dataclass(frozen=True, slots=True)
class Office:
    """The county's short name, zone, templates, fonts ("": the machine's), and what makers ask for."""

    short_name: str
    zone: ZoneInfo
    library: Library
    fonts: str
    log_prefix: str
    readiness: Rulebook
    now: datetime


@dataclass(frozen=True, slots=True)
class Made:
    """A document in words, before it has a number and a template: pages, or a letter.

    `name` is that of its file. `number` is its own, where it has one. `unfinished` says in Chinese and
    English why it cannot be filed yet.
    """

    subject: str
    title: str
    name: str
    pages: tuple[Page, ...] = ()
    letter: Letter | None = None
    number: str = ""
    incident_ids: tuple[int, ...] = ()
    unfinished: tuple[str, str] | None = None


Maker = Callable[[Tx, Viewer, int, str, Office], Awaitable[Made]]
"""Makes a document of a noun's number and a part of it, "" for none. Raises NotFound, NotPermitted."""
