"""The doors other than a page's: platforms that sign, devices on their lines, a hand in the database."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import asyncpg
import httpx

from app.codecs.colours import Colour
from app.desk.archive.keeper import ArchiveKeeper
from app.dispatch.inbox.rules import signature
from app.journal import store as entries
from app.journal.proof import prove
from app.scenario.answers import SHEET, told_by
from app.scenario.county import County
from app.scenario.past import A_YEAR, pour
from app.scenario.restoring import restored
from app.scenario.terms import CannotFind
from app.scenario.values import moment, span
from app.shelters.resident_sheet import write_sheet
from app.simulators.warnings import Hazard, message
from app.stage.seed import STREAM

Door = Callable[[County, Mapping[str, Any]], Awaitable[Any]]


async def ask(county: County, told: Mapping[str, Any], method: str, path: str) -> httpx.Response:
    """Send a request as a page would."""
    sent: dict[str, Any] = {}
    headers = {str(key): str(one) for key, one in (told.get("headers") or {}).items()}
    if (sheet := told.get("sheet")) is not None:
        rows = (("", sheet["residents"], f"户主{n // 4}", f"村民{n}", "", "") for n in range(sheet["count"]))
        sent["content"] = write_sheet(rows)
        headers["Content-Type"] = SHEET
    elif "body" in told or method != "get":
        sent["json"] = told.get("body") or {}
    if query := told.get("query"):
        sent["params"] = query
    return await county.ask(told["as"], method.upper(), path, headers=headers, **sent)


async def warning(county: County, told: Mapping[str, Any]) -> Any:
    """Let a bureau push a warning through the national platform (12379), signed, the moment it is sent."""
    said = told["warning"]
    hazard = Hazard(said["event"], said["name"], said.get("text", ""), said.get("instruction", ""))
    places = [(str(one["code"]), str(one["name"])) for one in said["places"]]
    first = said.get("first")
    body = message(
        hazard,
        Colour(said["colour"]),
        county.now,
        places,
        first=moment(str(first), county.now, county.house.settings.zone) if first else None,
        cancel=bool(said.get("cancel")),
        hours=float(said.get("hours", 6)),
    )
    path = f"/api/warnings/intake/{said['source']['key']}"
    return await _signed(county, path, str(said["source"]["secret"]), body, "application/xml")


async def notice(county: County, told: Mapping[str, Any]) -> Any:
    """Let a partner's platform (of sensors, of another office) report, signed."""
    said = told["notice"]
    body = json.dumps(said["body"], ensure_ascii=False).encode()
    path = f"/api/partners/{said['partner']['key']}/notices"
    return await _signed(county, path, str(said["partner"]["secret"]), body, "application/json")


async def _signed(county: County, path: str, secret: str, body: bytes, kind: str) -> Any:
    stamp = str(int(county.now.timestamp()))
    heads = {
        "Content-Type": kind,
        "X-Zhishou-Timestamp": stamp,
        "X-Zhishou-Signature": signature(secret, stamp, body),
    }
    response = await county.ask(None, "POST", path, headers=heads, content=body)
    answer = told_by(response)
    return {"status": response.status_code, **(answer if isinstance(answer, dict) else {})}


async def database(county: County, told: Mapping[str, Any]) -> Any:
    """Put a hand into the database, as somebody with its password could; what it refuses is told."""
    url = county.url.replace("postgresql+asyncpg://", "postgresql://")
    connection = await asyncpg.connect(url)
    try:
        rows = []
        for statement in _statements(told["database"]):
            rows = await connection.fetch(statement)
    except asyncpg.PostgresError as error:
        return {"refused": str(error), "rows": []}
    finally:
        await connection.close()
    return {"refused": None, "rows": [dict(row) for row in rows]}


def _statements(told: Any) -> list[str]:
    return [str(one) for one in told] if isinstance(told, list) else [str(told)]


async def journal(county: County, told: Mapping[str, Any]) -> Any:
    """Prove the journal as `zhishou verify-journal` does."""
    if told["journal"] != "verify":
        raise CannotFind("journal 只能 verify", "journal: verify is all there is")
    (proof,) = await prove(county.house.database)
    return {"whole": proof.whole, "broken_seq": proof.broken_seq, "broken_type": proof.broken_type}


async def beidou(county: County, told: Mapping[str, Any]) -> Any:
    """Let a card speak (`from`, `text`), or let what waits leave (`send`): the real line, the real pace."""
    if county.devices is None:
        raise CannotFind("剧本须写 devices: true", "the script must say devices: true")
    said = told["beidou"]
    if "from" in said:
        again = bool(said.get("again"))
        return await county.devices.heard(str(said["from"]), str(said["text"]), again=again)
    return await county.devices.sent()


async def terminal(county: County, told: Mapping[str, Any]) -> Any:
    """Let a vehicle's terminal report where it is, or press SOS, over its TCP line."""
    if county.devices is None:
        raise CannotFind("剧本须写 devices: true", "the script must say devices: true")
    return await county.devices.terminal_says(told["terminal"])


async def screens(county: County, told: Mapping[str, Any]) -> Any:
    """Let these accounts have their screens open from now on, and nobody else: the heartbeat of an app."""
    county.present = [await county.viewer(str(who)) for who in told["screens"]]
    return {}


async def platform(county: County, told: Mapping[str, Any]) -> Any:
    """Let the broadcast platform play a message, fail at some of its terminals, end it."""
    if county.platform is None:
        raise CannotFind("剧本须写 platform: true", "the script must say platform: true")
    return await county.platform.does(told["platform"])


async def screen(county: County, told: Mapping[str, Any]) -> Any:
    """Open somebody's page on a WebSocket (`open`), or tell what it heard, and how long it was away."""
    said = told["screen"]
    if "open" in said:
        await county.open_screen(str(said["open"]))
        return {}
    page = county.pages.get(str(said["heard"]))
    if page is None:
        raise CannotFind("这个网页没有打开", "this screen is not open")
    async with county.house.database.glance() as tx:
        head = await entries.head(tx, STREAM)
    return await page.caught_up(head, int(said.get("connected", 1)))


async def backup(county: County, told: Mapping[str, Any]) -> Any:
    """Back up, restore into another database, compare (`restore`)."""
    if told["backup"] != "restore":
        raise CannotFind("backup 只能 restore", "backup: restore is all there is")
    return await restored(county)


async def past(county: County, told: Mapping[str, Any]) -> Any:
    """Pour years of a journal in (`rows`, `years`), and let the archive write its words."""
    said = told["past"]
    end = county.now
    count = await pour(
        county.url, STREAM, str(said["region"]), int(said["rows"]), end - int(said["years"]) * A_YEAR, end
    )
    written = await ArchiveKeeper(county.house.database, STREAM).look()
    return {"rows": count, "written": written}


async def clock(county: County, told: Mapping[str, Any]) -> Any:
    """Set the clock of the machine forward (`+7m`) or back (`-7m`): no time has passed."""
    said = str(told["clock"])
    by = span(said.lstrip("+-"))
    county.clock.step(-by if said.startswith("-") else by)
    await county.look()
    return {}


DOORS: Mapping[str, Door] = {
    "screen": screen,
    "backup": backup,
    "clock": clock,
    "past": past,
    "warning": warning,
    "notice": notice,
    "database": database,
    "journal": journal,
    "beidou": beidou,
    "terminal": terminal,
    "platform": platform,
    "screens": screens,
}
