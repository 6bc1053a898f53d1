"""`python -m fuzz.run --minutes 60 --seed 1`: all in turn, with a new seed each round, until time is over.

Exit status 1 if anything was found. With atheris installed (`make fuzz` does that where it can) the readers
of bytes are searched by coverage too, in processes of their own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from fuzz.api import ApiFuzzer
from fuzz.codecs import feed, weigh
from fuzz.guided import available, search
from fuzz.house import house, login
from fuzz.readers import readers
from fuzz.screens import ScreenFuzzer
from tests.node import Service

CONTRACT = Path(__file__).parent.parent / "docs" / "openapi.json"
GUIDED_S = 10


def main() -> None:
    """Fuzz as long as asked and print what was found."""
    parser = argparse.ArgumentParser(prog="python -m fuzz.run", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, default=Path(".zhishou/fuzz.json"))
    asked = parser.parse_args()
    told = asyncio.run(fuzz(asked.minutes * 60, asked.seed))
    asked.json.parent.mkdir(parents=True, exist_ok=True)
    asked.json.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    sys.stdout.write(
        "\n".join([*told["findings"], "", f"{len(told['findings'])} findings; {told['counts']}", ""])
    )
    sys.exit(1 if told["findings"] else 0)


async def fuzz(for_s: float, seed: int) -> dict[str, Any]:
    """Run round after round."""
    until = time.monotonic() + for_s
    counts: Counter[str] = Counter()
    findings: list[str] = []
    document = json.loads(CONTRACT.read_text(encoding="utf-8"))
    async with house() as service:
        round_ = 0
        while time.monotonic() < until:
            found = await asyncio.to_thread(_round, service, document, seed + round_, until, counts)
            findings += [line for line in found if line not in findings]
            round_ += 1
    counts["rounds"] = round_
    return {
        "seed": seed,
        "minutes": for_s / 60,
        "guided": available(),
        "counts": dict(counts),
        "findings": findings,
    }


def _round(
    service: Service, document: dict[str, Any], seed: int, until: float, counts: Counter[str]
) -> list[str]:
    api = ApiFuzzer(service.address, lambda who: login(service.address, who), document, seed)
    found = api.run(api.names(), 2, 2, until)
    api.close()
    counts["requests"] += sum(found.statuses.values())
    for status, count in found.statuses.items():
        counts[f"answered {status}"] += count
    screens = ScreenFuzzer(service.port, login(service.address, "chenjie"), seed).run(100)
    counts["attacks on the WebSocket"] += sum(screens.ends.values())
    every = list(readers().values())
    fed, weighed = feed(every, 500, seed, until), weigh(every, 5, seed)
    counts["inputs of readers"] += sum(fed.inputs.values()) + sum(weighed.inputs.values())
    lines = [f"{what}: {how}" for one in (fed, weighed) for what, how in one.findings.items()]
    if available():
        for reader in every:
            if time.monotonic() < until:
                inputs, crashed = search(reader.name, GUIDED_S, seed)
                counts["inputs by coverage"] += inputs
                lines += [crashed] if crashed else []
    return [*found.lines(), *screens.findings, *lines]


if __name__ == "__main__":
    main()
