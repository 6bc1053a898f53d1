"""Run scenarios one after another, each on a copy of its city, and tell what came of them."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import typer

from app.scenario.ground import Ground
from app.scenario.outcomes import Told
from app.scenario.player import play
from app.scenario.reading import ZONE
from app.scenario.terms import Outcome, Script


async def run_all(
    scripts: Sequence[Script], database: str, *, as_json: bool = False, keep: bool = False
) -> Mapping[str, int]:
    """Play scripts on databases made for them; return how many steps were ok, failed, missing, skipped."""
    told = Told(ZONE, as_json=as_json)
    async with Ground(database, keep=keep).lent() as ground:
        for script in scripts:
            told.begin(script)
            begun = time.perf_counter()
            outcomes: list[Outcome] = []
            async with ground.city(script.city) as url:
                with tempfile.TemporaryDirectory(prefix="zhishou-scenario-") as folder:
                    async for one in play(script, url, Path(folder), ZONE):
                        outcomes.append(one)
                        told.step(script, one)
                if keep:
                    typer.echo(f"  DATABASE_URL={url}", err=True)
            told.end(script, outcomes, time.perf_counter() - begun)
    return told.counts
