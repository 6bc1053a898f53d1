"""What a sheet that leaves says of itself, and by which sum its rows are told. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

SHEET = "导出证明"
"""The last worksheet of a workbook; the first cell of the trailer of a CSV file."""
_HEAD = "zhishou-export/1"
LABELS = {
    "exported_at": "导出时间 exported at",
    "exported_by": "导出人 exported by",
    "asked": "内容和筛选 what, and the filter",
    "rows": "行数(含表头) rows, headers too",
    "journal": "日志位置 place in the journal",
    "journal_hash": "该处日志校验值 the journal's hash there",
    "rows_sha256": "各行校验值 sum of the rows (SHA-256)",
    "signed_by": "签名算法 signature by",
    "public_key": "公钥 public key",
    "signature": "签名 signature",
}
"""Of each part what people read, in the order in which they are written and signed."""
SIGNED = tuple(LABELS)[:-1]
NOTE = (
    "核对:zhishou check-export 文件名。改动任何一行、任何一项都会被发现;未签名的证明只防误改。"
    " Check it by `zhishou check-export FILE`."
)

Table = tuple[str, Sequence[Sequence[Any]]]


@dataclass(frozen=True, slots=True)
class Summed:
    """The rows of a file: how many, and their SHA-256 in hex."""

    rows: int
    sha256: str


def summed(tables: Iterable[Table]) -> Summed:
    """Sum the rows of each worksheet, by its name.

    A row is a JSON array of texts, without what is empty at its end, and empty rows at the end are none: so
    a file that a program of tables saved again has the same sum as long as nobody changed a value.
    """
    sha256, count = hashlib.sha256(), 0
    for name, rows in tables:
        told = [_row(row) for row in rows]
        while told and not told[-1]:
            told.pop()
        count += len(told)
        for one in ([name], *told):
            sha256.update(json.dumps(one, ensure_ascii=False).encode() + b"\n")
    return Summed(count, sha256.hexdigest())


def _row(row: Sequence[Any]) -> list[str]:
    told = [_text(value) for value in row]
    while told and not told[-1]:
        told.pop()
    return told


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value).replace("\r\n", "\n").replace("\r", "\n")


def statement(parts: Mapping[str, str]) -> bytes:
    """Return what is signed: each part in a line of its own."""
    return "\n".join((_HEAD, *(f"{key} {json.dumps(parts.get(key, ''))}" for key in SIGNED))).encode()


def parts_of(rows: Iterable[Sequence[Any]]) -> dict[str, str]:
    """Read back what stands in the lines of a proof, by the words of its labels."""
    keys = {label: key for key, label in LABELS.items()}
    return {keys[row[0]]: str(row[1] or "") for row in rows if len(row) > 1 and row[0] in keys}
