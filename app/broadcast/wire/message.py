"""The facts of a broadcast (`ports.Payload`) → the EBM that a peer gets, with the file of its voice."""

from __future__ import annotations

from collections.abc import Mapping

from app.broadcast import ports
from app.broadcast.wire.manners import Manners
from app.broadcast.wire.parcel import Said
from app.broadcast.wire.rules import guard
from app.codecs.ebm import sm
from app.codecs.ebm.message import Auxiliary, Basics, Content, Message, MsgType, payload_of

MP3 = 2


def message_said(
    manners: Manners, told: ports.Payload, *, for_drills: bool, voice: bytes | None = None
) -> Said:
    """Return the EBM of a broadcast for one peer. Raises guard.NotSent for what may not go to it.

    A voice goes along as MP3 only, all that the standard plays; without one the terminals speak the text. It
    is that of the first language, further ones are texts. The drafts before 2018 know no drill: to such a
    peer none is sent.
    """
    guard.check(told.msg_type, drill=told.drill, for_drills=for_drills)
    if manners.legacy and MsgType(told.msg_type).is_drill:
        raise guard.NotSent(
            "LEGACY_DRILL",
            "该平台按 2018 年以前的草案对接,没有演练类型,未发送",
            "this peer follows the drafts from before 2018, which know no drill: not sent",
        )
    files, auxiliaries = _voice(told, voice)
    contents = tuple(
        Content(one.language, one.title, one.text, one.areas, () if nth else auxiliaries)
        for nth, one in enumerate(told.contents)
    )
    basics = Basics(
        msg_type=told.msg_type,
        sender_name=told.sender_name,
        sender_code=manners.our_code if manners.legacy else told.sender_code,
        sent=told.sent_at,
        event_type=told.event_type,
        severity=told.severity,
        start=told.start_at,
        end=told.end_at,
    )
    related = manners.their_ebm_id(told.related_ebmid) if told.related_ebmid else ""
    message = Message(manners.their_ebm_id(told.ebmid), basics, contents, related)
    return Said("EBM", payload_of(message), files=files)


def _voice(told: ports.Payload, voice: bytes | None) -> tuple[Mapping[str, bytes], tuple[Auxiliary, ...]]:
    if (
        voice is None
        or told.voice is None
        or told.voice.form != "mp3"
        or told.msg_type == int(MsgType.CANCEL)
    ):
        return {}, ()
    digest = sm.sm3(voice).hex()
    name = f"EBDR_{digest[:16]}.mp3"
    return {name: voice}, (Auxiliary(MP3, name, str(len(voice)), digest),)
