"""The messages with known verdicts: ours in `tests/vectors`, those of third parties where they are kept.

Messages that may not be shipped with this house (real alerts, quotations of standards) are used when the
whole set is present: in `$ZHISHOU_VECTORS`, or in `shared/vectors` beside or above the checkout.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet

HERE = Path(__file__).resolve().parent.parent / "vectors"
MANIFEST = "broadcast_manifest.json"
Record = dict[str, Any]


def _whole_set() -> Path | None:
    told = os.environ.get("ZHISHOU_VECTORS")
    places = [Path(told)] if told else [up / "shared" / "vectors" for up in HERE.parents]
    return next((place for place in places if (place / MANIFEST).is_file()), None)


WHOLE = _whole_set()

needs_the_whole_set = pytest.mark.skipif(WHOLE is None, reason="messages of third parties are not shipped")


def records(folder: Path | None, prefix: str) -> list[Record]:
    """Return the manifest's records whose file starts so."""
    if folder is None:
        return []
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    return [record for record in manifest["files"] if record["file"].startswith(prefix)]


def cases(folder: Path | None, prefix: str) -> list[ParameterSet]:
    """Return a test case a record, named by its file."""
    return [pytest.param(record, id=Path(record["file"]).stem) for record in records(folder, prefix)]


def message(name: str, folder: Path = HERE) -> bytes:
    """Return the bytes of one message, `cap/cap_valid_26_cn_exercise.xml`."""
    return (folder / name).read_bytes()


def is_accepted(record: Record) -> bool:
    """Say what the manifest expects: valid, old but valid, or accepted with a warning."""
    expected: str = record["expected"]
    return expected.startswith(("valid", "accept"))
