"""A sheet is written, changed, handed in for approval, or put away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.broadcast.actions.telling import STATES_ZH, held, tell
from app.broadcast.beside.tables import BroadcastFile
from app.broadcast.commands import (
    BroadcastAreaIn,
    BroadcastDropIn,
    BroadcastEditIn,
    BroadcastIn,
    BroadcastRevisionIn,
)
from app.broadcast.refusals import (
    BroadcastMoved,
    BroadcastStale,
    DrillForReal,
    NobodyCarries,
    NoBodyMeant,
    NotBroadcast,
    OutsideYourArea,
    WindowIsOver,
    WindowTooShort,
)
from app.broadcast.rules import coverage, law, speech
from app.broadcast.settings import sender_code, sender_level
from app.broadcast.store import messages, outgoing, places
from app.broadcast.tables import BroadcastMessage
from app.db import Tx
from app.org.rules.access import Viewer, require
from app.org.rules.rings import within
from app.org.store import centre_names, region_path
from app.refusals import FieldFault, InvalidInput, NotFound

DEFAULT_WINDOW = timedelta(hours=1)
LONGEST_WINDOW, FURTHEST = timedelta(days=7), timedelta(days=30)
TEST_EVENT = "00000"


@dataclass(frozen=True, slots=True)
class Meant:
    """The villages a sheet is for, what was chosen in words, and the window."""

    villages: list[str]
    words: str
    start: datetime
    end: datetime


async def draft(tx: Tx, by: Viewer, told: BroadcastIn, now: datetime) -> int:
    """Write a sheet and return its number; the same press is the same sheet.

    Raises NotPermitted, OutsideYourArea, NoBodyMeant, NotForReal, NotBroadcast, WindowTooShort,
    WindowIsOver, NotFound (voice, replaced sheet), BroadcastMoved and DrillForReal (replaced sheet),
    InvalidInput.
    """
    require(by, "command")
    if (known := await messages.pressed(tx, by.stream, by.account_id, told.press)) is not None:
        return known
    meant = await _checked(tx, by, told, now)
    row = BroadcastMessage(
        stream=by.stream,
        region_code=by.scope.ljust(12, "0"),
        sender=await sender_name(tx, by),
        sender_code=sender_code(by.scope),
        sender_level=sender_level(by.scope),
        press=told.press,
        author_id=by.account_id,
        author=by.name,
        drafted_at=now,
        **_fields(told, meant),
    )
    tx.add(row)
    await tx.flush()
    await _aim(tx, row, meant)
    await tell(tx, row, "broadcast.drafted", now, by)
    return row.id or 0


async def edit(tx: Tx, by: Viewer, message_id: int, told: BroadcastEditIn, now: datetime) -> None:
    """Change a sheet that was not handed in, or came back; only its author does.

    Raises as `draft`, and BroadcastStale, BroadcastMoved.
    """
    require(by, "command")
    row = await held(tx, by, message_id, "draft", "returned")
    if row.author_id != by.account_id:
        raise NotFound("您拟的播发单", "sheet of yours")
    if row.revision != told.revision:
        raise BroadcastStale
    meant = await _checked(tx, by, told, now)
    for name, value in _fields(told, meant).items():
        setattr(row, name, value)
    row.revision += 1
    await tx.flush()
    await _aim(tx, row, meant)
    await tell(tx, row, "broadcast.edited", now, by)


async def submit(tx: Tx, by: Viewer, message_id: int, told: BroadcastRevisionIn, now: datetime) -> None:
    """Hand a sheet in for approval. Raises BroadcastMoved, BroadcastStale, NobodyCarries, WindowIsOver."""
    require(by, "command")
    row = await held(tx, by, message_id, "draft", "returned")
    if row.revision != told.revision:
        raise BroadcastStale
    await require_ready(tx, row, now)
    row.state, row.submitted_at, row.remarks = "submitted", now, ""
    row.revision += 1
    await tell(tx, row, "broadcast.submitted", now, by)


async def drop(tx: Tx, by: Viewer, message_id: int, told: BroadcastDropIn, now: datetime) -> None:
    """Put a sheet away that was not let go. Raises BroadcastMoved."""
    require(by, "command")
    row = await held(tx, by, message_id, "draft", "submitted", "returned")
    row.state, row.stop_reason, row.stopped_by, row.stopped_at = "dropped", told.reason, by.name, now
    await tell(tx, row, "broadcast.dropped", now, by, told.reason)


async def require_ready(tx: Tx, row: BroadcastMessage, now: datetime) -> None:
    """Raise WindowIsOver or NobodyCarries unless the sheet could go out."""
    if not row.scope.get("floating") and row.end_at <= now:
        raise WindowIsOver
    villages = await messages.targets(tx, row.id or 0)
    terminals = await places.loudspeakers(tx, row.stream, villages)
    carriers = await places.carriers(tx, row.stream)
    if not coverage.shared_out(villages, terminals, carriers, drill=row.drill):
        raise NobodyCarries(drill=row.drill)


async def villages_of(tx: Tx, by: Viewer, told: BroadcastAreaIn) -> list[places.Village]:
    """Return the villages a person means. Raises OutsideYourArea, NoBodyMeant, NotFound (replaced sheet)."""
    if outside := [code for code in told.areas if not by.covers(code)]:
        raise OutsideYourArea(outside)
    areas: Sequence[str] = told.areas
    if not told.areas and not told.polygons and told.replaces_id is not None:
        await _replaced(tx, by, told.replaces_id)
        areas = await messages.reached_before(tx, told.replaces_id)
    found = {
        one.code: one for one in (await places.villages(tx, by.stream, by.scope, areas) if areas else [])
    }
    if told.polygons:
        all_ = {one.code: one for one in await places.villages(tx, by.stream, by.scope)}
        inside = within(told.polygons, [(one.code, one.lon, one.lat) for one in all_.values()])
        found |= {code: all_[code] for code in inside}
    if not found:
        raise NoBodyMeant(drill=False)
    return [found[code] for code in sorted(found)]


async def sender_name(tx: Tx, by: Viewer) -> str:
    """Return who speaks: the county's centre, or the place of a desk below it."""
    if len(by.scope) <= 6:
        return (await centre_names(tx, by.stream))[0]
    return await region_path(tx, by.scope.ljust(12, "0"))


async def _checked(tx: Tx, by: Viewer, told: BroadcastIn, now: datetime) -> Meant:
    msg_type = law.msg_type_of(told.wish, told.cause_status, told.title, told.text, *_spoken(told))
    restricted = await places.event_kind(tx, told.event_type)
    if restricted is None and told.event_type != TEST_EVENT:
        raise InvalidInput(FieldFault("event_type", "没有这一事件类型,请从列表选择", "no such kind of event"))
    if restricted:
        raise NotBroadcast
    start, end = _window(told, await _voice_s(tx, by, told.voice_id), now)
    await _require_replaceable(tx, by, told.replaces_id, drill=msg_type.is_drill)
    codes, words = await _meant(tx, by, told, drill=msg_type.is_drill)
    return Meant(codes, words, start, end)


async def _require_replaceable(tx: Tx, by: Viewer, replaces_id: int | None, *, drill: bool) -> None:
    """See to it that what is replaced was let go, is the person's to stop, and is a drill only of a drill.

    Raises NotFound, BroadcastMoved, DrillForReal.
    """
    if replaces_id is None:
        return
    row = await _replaced(tx, by, replaces_id)
    if row.state in ("draft", "submitted", "returned", "dropped"):
        raise BroadcastMoved(STATES_ZH[row.state], row.state)
    if row.drill != drill:
        raise DrillForReal


async def _replaced(tx: Tx, by: Viewer, replaces_id: int) -> BroadcastMessage:
    row = await messages.seen(tx, by, replaces_id)
    if row is None or row.cancels_id is not None or not by.covers(row.region_code):
        raise NotFound("被更新的播发单", "broadcast that is brought up to date")
    return row


def _spoken(told: BroadcastIn) -> list[str]:
    return [part for one in told.more_texts for part in (one.title, one.text)]


async def _voice_s(tx: Tx, by: Viewer, voice_id: int | None) -> float | None:
    if voice_id is None:
        return None
    file = await tx.get(BroadcastFile, voice_id)
    if file is None or file.stream != by.stream or file.use != "voice" or not by.covers(file.region_code):
        raise NotFound("该语音文件", "voice file")
    return file.seconds


def _window(told: BroadcastIn, voice_s: float | None, now: datetime) -> tuple[datetime, datetime]:
    """Return start and end; the end that is not told is an hour on, or as long as the message takes."""
    once = speech.once(told.text, [one.text for one in told.more_texts], voice_s)
    needs = speech.on_air(once, told.repeats, told.interval_s)
    start = told.start_at or now
    end = told.end_at or start + max(DEFAULT_WINDOW, needs)
    if end <= now:
        raise WindowIsOver
    if start > now + FURTHEST or end - start > LONGEST_WINDOW:
        raise InvalidInput(
            FieldFault(
                "start_at",
                "开始时间应在30天内,时段不超过7天",
                "the start lies within 30 days, the window has 7 days at most",
            )
        )
    if needs > end - start:
        raise WindowTooShort(int(needs.total_seconds()) + 1, int((end - start).total_seconds()))
    return start, end


async def _meant(tx: Tx, by: Viewer, told: BroadcastIn, *, drill: bool) -> tuple[list[str], str]:
    codes = [one.code for one in await villages_of(tx, by, told)]
    words = f"同播发单#{told.replaces_id}"
    if told.areas or told.polygons:
        named = await places.names(tx, told.areas)
        words = "、".join(
            [named[code] for code in told.areas[:8] if code in named]
            + (["等"] if len(told.areas) > 8 else [])
            + ([f"地图圈选{len(told.polygons)}处"] if told.polygons else [])
        )
    if drill:
        codes = coverage.for_drill(codes, await places.loudspeakers(tx, by.stream, codes))
    if not codes:
        raise NoBodyMeant(drill=drill)
    return codes, words


def _fields(told: BroadcastIn, meant: Meant) -> dict[str, Any]:
    kind = law.msg_type_of(told.wish, told.cause_status)
    drill = kind.is_drill
    more = [one.model_dump() for one in told.more_texts]
    for one in more:
        one["text"] = law.marked(one["text"], drill=drill)
    return {
        "msg_type": int(kind),
        "drill": drill,
        "event_type": told.event_type,
        "severity": law.severity_of(told.colour),
        "urgent": not told.daily,
        "title": law.marked(told.title, drill=drill),
        "text": law.marked(told.text, drill=drill),
        "language": told.language,
        "more_texts": more,
        "voice_id": told.voice_id,
        "template": told.template,
        "start_at": meant.start,
        "end_at": meant.end,
        "repeats": told.repeats,
        "interval_s": told.interval_s,
        "scope_words": meant.words,
        "scope": {
            "areas": [*told.areas],
            "polygons": [[list(point) for point in one] for one in told.polygons],
            "at_once": told.start_at is None,
            "floating": told.start_at is None and told.end_at is None,
        },
        "replaces_id": told.replaces_id,
        "cause_kind": told.cause_kind,
        "cause_id": told.cause_id,
        "cause_words": told.cause_words,
        "cause_status": told.cause_status,
    }


async def _aim(tx: Tx, row: BroadcastMessage, meant: Meant) -> None:
    """Write the villages a sheet is for, with what stands there now."""
    found = coverage.covered(meant.villages, await places.loudspeakers(tx, row.stream, meant.villages))
    await outgoing.aim(tx, row.id or 0, found.villages)
