"""The table of tests per township and kind, counted from the register."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from app.devices.ledger.facts import DeviceOut
from app.devices.testing.facts import TestTableRow


def tabulate(devices: Iterable[DeviceOut], names: Mapping[str, str]) -> list[TestTableRow]:
    """Count devices by township and kind; a device that is switched off is nobody's to test.

    `names` maps region codes to names. The county's own devices stand under the county's code.
    """
    cells: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for device in devices:
        if device.active:
            cells[township_of(device.region_code), device.kind][device.test.state] += 1
    return [
        TestTableRow(
            region_code=code,
            region_name=names.get(code, code),
            kind=kind,
            total=sum(count.values()),
            ok=count["ok"],
            due=count["due"],
            overdue=count["overdue"],
            failed=count["failed"],
            running=count["running"],
            untested=count["untested"],
            exempt=count["exempt"],
        )
        for (code, kind), count in sorted(cells.items())
    ]


def township_of(region_code: str) -> str:
    """Return the 12-digit code of the township a place lies in; the county's for the county itself."""
    return region_code[:9] + "000"
