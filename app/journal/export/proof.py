"""Make the proof of a file, and judge the one it carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.journal.anchor.rules import fingerprint
from app.journal.anchor.seal import Seal, signs
from app.journal.export import files
from app.journal.export.rules import statement, summed

Verdict = Literal["whole", "altered", "forged", "unproved"]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file is: its rows as counted now, the parts of its proof, and whether they belong together.

    `altered`: rows; `forged`: what the proof says, or its signature. `key` is the fingerprint of the key that
    signed, "" where none did: then whoever changed the rows may have made the proof anew.
    """

    verdict: Verdict
    rows: int
    parts: Mapping[str, str]
    key: str = ""


def proved(data: bytes, told: Mapping[str, str], seal: Seal | None) -> bytes:
    """Return a file with its proof. `told`: the parts that the house knows; the sum is added here."""
    tables, _ = files.tables_of(data)
    found = summed(tables)
    parts = {**told, "rows": str(found.rows), "rows_sha256": found.sha256}
    if seal is not None:
        parts |= {"signed_by": seal.by, "public_key": seal.public.hex()}
        parts["signature"] = seal.over(statement(parts)).hex()
    return files.with_proof(data, parts)


def check(data: bytes) -> Checked:
    """Judge a file by the proof it carries. Raises InvalidInput, UnicodeDecodeError."""
    tables, parts = files.tables_of(data)
    found = summed(tables)
    if not parts.get("rows_sha256"):
        return Checked("unproved", found.rows, parts)
    if (str(found.rows), found.sha256) != (parts.get("rows"), parts["rows_sha256"]):
        return Checked("altered", found.rows, parts)
    if not any(parts.get(key) for key in ("signed_by", "public_key", "signature")):
        return Checked("whole", found.rows, parts)
    try:
        public, signature = (bytes.fromhex(parts.get(key, "")) for key in ("public_key", "signature"))
    except ValueError:
        return Checked("forged", found.rows, parts)
    if not signs(parts.get("signed_by", ""), public, statement(parts), signature):
        return Checked("forged", found.rows, parts)
    return Checked("whole", found.rows, parts, fingerprint(public))
