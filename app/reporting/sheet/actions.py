"""Export the late-report sheet: proved at that moment, kept as printed, the same again if nothing is new."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from app.db import Tx
from app.dispatch.facts import IncidentFact, ReportNode
from app.dispatch.store import incidents
from app.journal.proof import prove_stream
from app.org.rules.access import Viewer, may_see, require
from app.refusals import FieldFault, InvalidInput, NotFound
from app.reporting.rulebook.in_force import in_force
from app.reporting.settings import Reporting
from app.reporting.sheet import store
from app.reporting.sheet.facts import LateSheet, LateSheetFact, LateSheetMade, SheetProofFact
from app.reporting.sheet.gathering import gather
from app.reporting.sheet.tables import LateSheetEdition, LateSheetPaper
from app.reporting.sheet.turns import Turns

MOST = 200  # editions of an incident
Press = Callable[[LateSheet, SheetProofFact, int, str], Awaitable[Mapping[str, bytes]]]
"""Prints a sheet: content, proof, edition and who made it → bytes by form (pdf, docx)."""
_TURNS = Turns(4)  # at once in this process


async def export(
    tx: Tx,
    by: Viewer,
    policy: Reporting,
    incident_id: int,
    receiver: ReportNode | None,
    now: datetime,
    press: Press,
) -> LateSheetMade:
    """Return the sheet of an incident, a new edition of it if it says something new.

    The same are two sheets that say the same of a chain found the same. Raises NotFound, NotPermitted,
    InvalidInput for too many editions, ProofBusy.
    """
    incident = await _readable(tx, by, incident_id)
    held = await in_force(tx, policy, by.stream, now)
    content = await gather(tx, by, held, incident, receiver, now)
    proof = await _proved(tx, by.stream, now)
    found = (proof.broken_seq, proof.broken_type, proof.rewritten_upto)
    digest = hashlib.sha256(content.model_dump_json().encode() + json.dumps(found).encode()).hexdigest()
    await store.one_at_a_time(tx, incident_id)
    before = await store.editions(tx, incident_id, by.scope, receiver or "", 1)
    if before and before[0].content_sha256 == digest:
        kept = await store.fact(tx, before[0])
        return LateSheetMade(sheet=kept, fresh=False, content=content, proof=proof)
    if await store.count(tx, incident_id) >= MOST:
        raise InvalidInput(
            FieldFault(
                "receiver",
                f"每个事件最多存{MOST}版核查表,请下载已有版本",
                f"{MOST} editions of an incident at most: download one of those that are kept",
            )
        )
    edition = LateSheetEdition(
        stream=by.stream,
        incident_id=incident_id,
        scope=by.scope,
        receiver=receiver or "",
        edition=before[0].edition + 1 if before else 1,
        content_sha256=digest,
        head_seq=proof.last_seq,
        head_hash=proof.last_hash,
        proof=proof.model_dump(mode="json"),
        made_at=now,
        made_by=by.name,
        account_id=by.account_id,
    )
    await _keep(tx, edition, content, proof, await press(content, proof, edition.edition, by.name))
    return LateSheetMade(sheet=await store.fact(tx, edition), fresh=True, content=content, proof=proof)


async def listed(tx: Tx, by: Viewer, incident_id: int) -> list[LateSheetFact]:
    """Return the editions of an incident within this person's scope, the latest first.

    Raises NotFound, NotPermitted.
    """
    await _readable(tx, by, incident_id)
    return [await store.fact(tx, one) for one in await store.editions(tx, incident_id, by.scope, None, MOST)]


async def paper(
    tx: Tx, by: Viewer, sheet_id: int, form: str
) -> tuple[LateSheetEdition, LateSheetPaper | None]:
    """Return an edition and its bytes in a form, None where the machine could not print it.

    Raises NotFound, NotPermitted: for who may not know the incident, or below the desk that made it.
    """
    row = await store.row(tx, by.stream, sheet_id)
    if row is None or not row.scope.startswith(by.scope):
        raise NotFound("该迟报核查表", "late-report sheet")
    await _readable(tx, by, row.incident_id)
    return row, await store.paper(tx, sheet_id, form)


async def _readable(tx: Tx, by: Viewer, incident_id: int) -> IncidentFact:
    require(by, "see_desk")
    seen = await incidents.seen(tx, by.stream, incident_id)
    if seen is None or not may_see(by, seen.concern):
        raise NotFound("该事件", "incident")
    return seen.fact


async def _proved(tx: Tx, stream: str, now: datetime) -> SheetProofFact:
    """Recompute the whole chain; what earlier editions hold of it must still be in it."""
    async with _TURNS.turn():
        found = await prove_stream(tx, stream)
    rewritten = await store.rewritten(tx, stream)
    return SheetProofFact(
        last_seq=found.last,
        last_hash=found.digest.hex(),
        last_algorithm=found.algorithm,
        whole=found.whole,
        broken_seq=found.broken_seq,
        broken_type=found.broken_type,
        rewritten_upto=rewritten if found.broken_seq is None else None,
        ok=found.broken_seq is None and rewritten is None,
        proved_at=now,
    )


async def _keep(
    tx: Tx,
    edition: LateSheetEdition,
    content: LateSheet,
    proof: SheetProofFact,
    printed: Mapping[str, bytes],
) -> None:
    """Keep an edition with its papers; the JSON is what the papers say, for programs."""
    tx.add(edition)
    await tx.flush()
    told = {
        "edition": edition.edition,
        "made_at": edition.made_at.isoformat(),
        "made_by": edition.made_by,
        "content_sha256": edition.content_sha256,
        "proof": proof.model_dump(mode="json"),
        "sheet": content.model_dump(mode="json"),
    }
    whole = json.dumps(told, ensure_ascii=False, indent=1).encode()
    for form, data in {"json": whole, **printed}.items():
        digest = hashlib.sha256(data).hexdigest()
        tx.add(LateSheetPaper(sheet_id=edition.id or 0, form=form, sha256=digest, data=data))
    await tx.flush()
