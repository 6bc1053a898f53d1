"""`make chaos` in small: real processes are shaken for seconds; then a line is taken out of a transcript."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path

import pytest

from chaos import run as harness
from chaos.house import House, workplace

SHAKEN_S = 12.0


@pytest.mark.database
@pytest.mark.long
async def test_a_shaken_house_loses_nothing_and_a_transcript_with_a_hole_is_found_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = workplace()
    seen: dict[str, object] = {}
    checked = harness._checked

    def twice(at: Path, house: House) -> dict[str, object]:
        told = checked(at, house)
        screen = at / "transcripts" / "screen-wangjun.jsonl"
        lines = screen.read_text().splitlines()
        hole = next(n for n, line in enumerate(lines) if json.loads(line)["did"] == "event")
        screen.write_text("\n".join(lines[:hole] + lines[hole + 1 :]) + "\n")
        seen.update(checked(at, house))
        return told

    monkeypatch.setattr(harness, "_checked", twice)
    try:
        report = await harness.run(folder, SHAKEN_S / 60, 7, 2.5)
        assert report["findings"] == [], (folder / "report.md").read_text()
        assert sum(report["faults"].values()) >= 2
        assert report["counts"]["commands acknowledged"] > 10
        assert report["counts"]["events told to screens"] > 50
        assert [one["what"] for one in seen["findings"]] == ["event lost"]  # type: ignore[attr-defined]
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
