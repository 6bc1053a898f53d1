"""`python -m chaos.check FOLDER --database URL`: one JSON object; exit status 1 if there are findings."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path

from chaos.check import stored, told
from chaos.check.findings import counts, judged


def main() -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(prog="python -m chaos.check", description=__doc__)
    parser.add_argument("folder", type=Path, help="the transcripts")
    parser.add_argument("--database", required=True)
    parser.add_argument("--stream", default="990181")
    asked = parser.parse_args()
    said = told.read(asked.folder)
    kept = asyncio.run(stored.read(asked.database, asked.stream))
    found = judged(said, kept)
    told_all = {"findings": [one.told() for one in found], "counts": counts(said, kept)}
    sys.stdout.write(json.dumps(told_all, ensure_ascii=False) + "\n")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
