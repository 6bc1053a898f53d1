"""The recorded frames, and how to compare what we decode with what their records expect."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet

from app.devices.adapter import Codec, Garbage, Reading

VECTORS = Path(__file__).parent.parent / "vectors"
Record = dict[str, Any]


def records(name: str) -> list[Record]:
    """Return the records of one vector file."""
    found: list[Record] = json.loads((VECTORS / f"{name}.json").read_text("utf-8"))
    return found


def cases(found: list[Record]) -> list[ParameterSet]:
    """Return one test case a record, named by its place and its first words."""
    return [
        pytest.param(record, id=f"{number}-{(record.get('ascii') or record['hex'])[:14]}")
        for number, record in enumerate(found)
    ]


def read(codec: Codec, data: bytes) -> list[Reading | Garbage]:
    """Feed all that comes before the line falls silent."""
    return [*codec.feed(data), *codec.idle()]


def only(codec: Codec, data: bytes) -> Reading:
    """Return the one reading that the data must give."""
    (reading,) = read(codec, data)
    assert isinstance(reading, Reading), reading
    return reading


def differences(expected: Any, got: Any, path: str = "") -> list[str]:
    """Return where `got` says something else than `expected`; it may say more. Texts may end in "..."."""
    if isinstance(expected, dict):
        missing = [f"{path}.{key} is missing" for key in expected if key not in got]
        return missing + [
            text
            for key in expected
            if key in got
            for text in differences(expected[key], got[key], f"{path}.{key}")
        ]
    if isinstance(expected, list):
        if len(expected) != len(got):
            return [f"{path} has {len(got)} items, not {len(expected)}"]
        pairs = enumerate(zip(expected, got, strict=True))
        return [text for at, (one, other) in pairs for text in differences(one, other, f"{path}[{at}]")]
    if isinstance(expected, str) and expected.endswith("...") and isinstance(got, str):
        same = got.startswith(expected[:-3]) or got == expected
    else:
        same = type(expected) is type(got) and expected == got
    return [] if same else [f"{path}: {got!r} is not {expected!r}"]


def position(**values: int) -> bytes:
    """Pack a position report from its bit fields (§1.2)."""
    widths = {
        "h": 5, "m": 6, "s": 6, "cs": 7,
        "lon_d": 8, "lon_m": 6, "lon_s": 6, "lon_ds": 4,
        "lat_d": 6, "lat_m": 6, "lat_s": 6, "lat_ds": 4,
        "type": 2, "sign": 1, "height": 14, "anomaly_sign": 1, "anomaly": 8,
    }  # fmt: skip
    bits = 0
    for name, width in widths.items():
        bits = bits << width | values.get(name, 0)
    return b"\xa0" + bits.to_bytes(12, "big")
