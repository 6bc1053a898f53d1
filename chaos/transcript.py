"""What a client was told, written down at once: one JSON line each, one file a client."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


class Transcript:
    """The notes of one client."""

    def __init__(self, folder: Path, who: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.who = who
        self.count = 0
        self._file = (folder / f"{who}.jsonl").open("a", encoding="utf-8")

    def note(self, did: str, **told: Any) -> None:
        """Write one line."""
        self.count += 1
        line = {"at": datetime.now(UTC).isoformat(), "who": self.who, "did": did, **told}
        self._file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
        self._file.flush()

    def close(self) -> None:
        """Write nothing more."""
        self._file.close()
