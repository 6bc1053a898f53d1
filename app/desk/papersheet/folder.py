"""The folder of hourly sheets: DAY/HOUR.pdf in the county's time."""

from __future__ import annotations

from pathlib import Path

MOST = 200


def kept(folder: Path) -> list[tuple[str, str, int]]:
    """Return day, hour and size in bytes of the sheets that lie there, the latest first."""
    found = sorted(folder.glob("????-??-??/??.pdf"), reverse=True)[:MOST]
    return [(path.parent.name, path.stem, path.stat().st_size) for path in found]


def read(folder: Path, day: str, hour: str) -> bytes | None:
    """Return the sheet of an hour or None. `day` and `hour` were checked: there is no path in them."""
    path = folder / day / f"{hour}.pdf"
    return path.read_bytes() if path.is_file() else None
