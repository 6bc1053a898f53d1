"""Afterwards: villages are asked, recordings filed, terminals repaired; before: voices are brought."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from app.broadcast.actions.settling import open_repairs, tell_repairs
from app.broadcast.actions.telling import append, held
from app.broadcast.beside.tables import BroadcastFile, BroadcastRepair, BroadcastVerification
from app.broadcast.commands import (
    BroadcastDrawIn,
    BroadcastFileIn,
    BroadcastHeardIn,
    SpeakerRepairDoneIn,
    SpeakerRepairIn,
    SpeakerRepairOwnerIn,
)
from app.broadcast.events import BroadcastVerified
from app.broadcast.facts import BroadcastProofFact, BroadcastVoiceFact
from app.broadcast.refusals import RepairDone, RepairOpen
from app.broadcast.rules import voice
from app.broadcast.rules.draw import drawn
from app.broadcast.rules.results import repair_hours
from app.broadcast.speaker_facts import SpeakerRepairFact
from app.broadcast.store import delivery, messages, register
from app.broadcast.tables import BroadcastMessage
from app.db import Tx
from app.dispatch.attachments.rules import FileRefused, FileTooLarge, plain_name, type_of
from app.org.rules.access import Viewer, require
from app.refusals import NotFound

PROOF_MB = 20


async def draw(tx: Tx, by: Viewer, message_id: int, told: BroadcastDrawIn, now: datetime) -> None:
    """Draw villages of a message to be asked; those drawn before stay. The seed is the EBMID.

    Raises NotPermitted, NotFound, BroadcastMoved (it has not been broadcast).
    """
    require(by, "command")
    row = await held(tx, by, message_id, "issued", "playing", "finished", "stopped")
    known = {one.region_code for one in await delivery.verifications(tx, message_id, "")}
    order = drawn(await messages.targets(tx, message_id), row.ebmid or "", 10_000)
    new = [code for code in order if code not in known][: told.count]
    tx.add_all(
        BroadcastVerification(
            message_id=message_id, region_code=code, ordinal=len(known) + n, drawn_at=now, drawn_by=by.name
        )
        for n, code in enumerate(new, start=1)
    )
    await tx.flush()
    await _tell(tx, by, row, "broadcast.drawn", new, now)


async def answered(
    tx: Tx, by: Viewer, message_id: int, code: str, told: BroadcastHeardIn, now: datetime
) -> None:
    """Note what the call to a drawn village brought. Raises NotPermitted, NotFound."""
    require(by, "command")
    row = await held(tx, by, message_id)
    one = await tx.get(BroadcastVerification, (message_id, code))
    if one is None:
        raise NotFound("抽中的村", "village that was drawn")
    one.answer, one.heard = told.answer, {"heard": True, "not_heard": False}.get(told.answer)
    one.person, one.phone, one.words = told.person, told.phone, told.words
    one.asked_at, one.asked_by = now, by.name
    await tx.flush()
    await _tell(tx, by, row, "broadcast.verified", [code], now)


async def bring_voice(
    tx: Tx, by: Viewer, told: BroadcastFileIn, content: bytes, now: datetime
) -> BroadcastVoiceFact:
    """Keep a voice that may be broadcast. Raises NotPermitted, VoiceRefused, FileRefused."""
    require(by, "command")
    form, seconds = voice.voice_of(content, told.name)
    name = plain_name(told.name, type_of(content, told.name))
    row = _file(by, "voice", name, form, content, now)
    row.seconds = seconds
    tx.add(row)
    await tx.flush()
    return BroadcastVoiceFact.model_validate(row)


async def bring_proof(
    tx: Tx, by: Viewer, message_id: int, told: BroadcastFileIn, content: bytes, now: datetime
) -> BroadcastProofFact:
    """File a recording or picture of what was played. Raises NotPermitted, NotFound, FileRefused."""
    require(by, "command")
    row = await messages.seen(tx, by, message_id)
    if row is None:
        raise NotFound("该播发单", "broadcast")
    if told.terminal_id is not None and await register.terminal(tx, by, told.terminal_id) is None:
        raise NotFound("该终端", "terminal")
    if len(content) > PROOF_MB * 1_000_000:
        raise FileTooLarge(len(content), PROOF_MB)
    kind = type_of(content, told.name)
    if kind.kind not in ("audio", "photo"):
        raise FileRefused(
            "回传佐证只收录音和照片,请改传 MP3、WAV、OGG、JPG 或 PNG",
            "a proof is a recording or a picture: send MP3, WAV, Ogg, JPG or PNG",
        )
    file = _file(by, "proof", plain_name(told.name, kind), min(kind.endings), content, now)
    file.message_id, file.terminal_id = message_id, told.terminal_id
    tx.add(file)
    await tx.flush()
    return BroadcastProofFact.model_validate(file)


async def open_repair(tx: Tx, by: Viewer, told: SpeakerRepairIn, now: datetime) -> SpeakerRepairFact:
    """Have a terminal repaired: within 24 hours where the village has no other that lives, else 72.

    Raises NotPermitted, NotFound, RepairOpen.
    """
    require(by, "command")
    terminal = await register.terminal(tx, by, told.terminal_id)
    if terminal is None:
        raise NotFound("该终端", "terminal")
    if await register.in_repair(tx, told.terminal_id):
        raise RepairOpen
    hours = repair_hours(await register.others_live(tx, terminal))
    row = BroadcastRepair(
        stream=by.stream,
        terminal_id=told.terminal_id,
        fault=told.fault,
        hours=hours,
        opened_at=now,
        opened_by=by.name,
        due_at=now + timedelta(hours=hours),
        owner=told.owner,
        owner_phone=told.owner_phone,
    )
    (number,) = await open_repairs(tx, by.stream, [row], now, by)
    return (await delivery.repairs_by_id(tx, by.stream, [number], now))[0]


async def take_repair(
    tx: Tx, by: Viewer, repair_id: int, told: SpeakerRepairOwnerIn, now: datetime
) -> SpeakerRepairFact:
    """Say who sees to a repair. Raises NotPermitted, NotFound, RepairDone."""
    row = await _repair(tx, by, repair_id)
    row.owner, row.owner_phone = told.owner, told.owner_phone
    return await _told(tx, by, row, "broadcast.repair_taken", now)


async def finish_repair(
    tx: Tx, by: Viewer, repair_id: int, told: SpeakerRepairDoneIn, now: datetime
) -> SpeakerRepairFact:
    """Say that a terminal works again. Raises NotPermitted, NotFound, RepairDone."""
    row = await _repair(tx, by, repair_id)
    row.done_at, row.done_by, row.note = now, by.name, told.note
    return await _told(tx, by, row, "broadcast.repair_done", now)


async def _repair(tx: Tx, by: Viewer, repair_id: int) -> BroadcastRepair:
    require(by, "command")
    row = await tx.get(BroadcastRepair, repair_id, with_for_update=True, populate_existing=True)
    if row is None or row.stream != by.stream or await register.terminal(tx, by, row.terminal_id) is None:
        raise NotFound("该维修任务", "repair")
    if row.done_at is not None:
        raise RepairDone
    return row


async def _told(tx: Tx, by: Viewer, row: BroadcastRepair, kind: str, now: datetime) -> SpeakerRepairFact:
    await tx.flush()
    number = row.id or 0
    await tell_repairs(tx, by.stream, kind, [number], now, by)
    return (await delivery.repairs_by_id(tx, by.stream, [number], now))[0]


async def _tell(
    tx: Tx, by: Viewer, row: BroadcastMessage, kind: str, codes: list[str], now: datetime
) -> None:
    if not codes:
        return
    found = await delivery.verifications(tx, row.id or 0, "")
    event = BroadcastVerified(
        type=kind,
        broadcast=await messages.brief(tx, row.id or 0),
        villages=[one for one in found if one.region_code in codes],
    )
    await append(tx, row, event, now, by)


def _file(by: Viewer, use: str, name: str, form: str, content: bytes, now: datetime) -> BroadcastFile:
    return BroadcastFile(
        stream=by.stream,
        region_code=by.scope.ljust(12, "0"),
        use=use,
        name=name,
        form=form,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        data=content,
        brought_by=by.name,
        brought_at=now,
    )
