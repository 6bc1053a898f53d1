"""Sheets that leave carry their proof: whence, whose, when, how many rows, and where the journal stood."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import unquote_plus

from fastapi import Request, Response

from app import personal
from app.config import Settings
from app.db import Tx
from app.journal.anchor.seal import load_seal
from app.journal.chain import End
from app.journal.ends import store as ends
from app.journal.export.proof import proved
from app.org.rules.access import Viewer


class Exported(Response):
    """A sheet made of what the house holds; a file of an archive is none, and leaves as it lies there."""


async def told_of(
    request: Request, tx: Tx, viewer: Viewer, now: datetime, settings: Settings
) -> dict[str, str]:
    """Return what a sheet will say of itself, read at the same instant as its rows."""
    end = (await ends.streams(tx)).get(viewer.stream, End())
    query = unquote_plus(request.url.query)
    return {
        "exported_at": now.astimezone(settings.zone).isoformat(timespec="seconds"),
        "exported_by": f"{viewer.name} ({viewer.username or viewer.account_id})",
        "asked": personal.shown(f"{request.url.path}{'?' if query else ''}{query}"),
        "journal": f"{viewer.stream} {end.seq}",
        "journal_hash": f"{end.algorithm} {end.hash.hex()}",
    }


async def with_its_proof(answer: Response, told: Mapping[str, str], settings: Settings) -> Response:
    """Return the answer with its proof behind the rows."""

    def make() -> bytes:
        return proved(
            bytes(answer.body), told, load_seal(settings.anchor_key_file, settings.anchor_signature)
        )

    answer.body = await asyncio.to_thread(make)
    answer.headers["content-length"] = str(len(answer.body))
    return answer
