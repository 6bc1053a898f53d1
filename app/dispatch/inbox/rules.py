"""Signatures of partners and the reading of files of notices. Pure."""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

REPLAY_WINDOW = timedelta(minutes=5)
MOST_BYTES = 64 * 1024
MOST_ROWS = 500
PREFIX = "sha256="
# What the heads of a CSV file may be called.
HEADS: Mapping[str, str] = {
    "编号": "their_id",
    "标题": "title",
    "内容": "text",
    "事件类型": "event_code",
    "区划代码": "region_code",
    "地点": "address",
    "经度": "lon",
    "纬度": "lat",
    "发生时间": "happened_at",
    "来源": "from_name",
    "电话": "from_phone",
}


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return the signature of a body sent at a time stamp (seconds since 1970, in digits)."""
    signed = timestamp.encode() + b"." + body
    return PREFIX + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def signed_by(secret: str, timestamp: str, body: bytes, told: str) -> bool:
    """Whether the signature told is that of the body, compared in constant time."""
    return hmac.compare_digest(signature(secret, timestamp, body).encode(), told.encode())


def fresh(timestamp: str, now: datetime) -> bool:
    """Whether a time stamp lies within the replay window."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    return abs(datetime.fromtimestamp(int(timestamp), UTC) - now) <= REPLAY_WINDOW


def rows_in(content: bytes) -> list[dict[str, object]]:
    """Return the notices of a file, JSON (a list, or an object with `notices`) or CSV with a head line.

    Raises ValueError with words for people.
    """
    try:
        words = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        words = content.decode("gb18030", errors="replace")
    start = words.lstrip()[:1]
    rows = _json_rows(words) if start in ("[", "{") else _csv_rows(words)
    if not rows:
        raise ValueError("文件里没有来报 / the file holds no notice")
    if len(rows) > MOST_ROWS:
        raise ValueError(f"一个文件最多{MOST_ROWS}条 / {MOST_ROWS} notices at most")
    return rows


def _json_rows(words: str) -> list[dict[str, object]]:
    try:
        told = json.loads(words)
    except (ValueError, RecursionError) as error:
        raise ValueError("不是有效的 JSON 文件 / not valid JSON") from error
    rows = told.get("notices", [told]) if isinstance(told, dict) else told
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("JSON 应为来报对象的列表 / JSON must be a list of notices")
    return rows


def _csv_rows(words: str) -> list[dict[str, object]]:
    try:
        lines = [line for line in csv.reader(io.StringIO(words)) if any(cell.strip() for cell in line)]
    except csv.Error as error:
        raise ValueError("CSV 文件有误 / the CSV file cannot be read") from error
    if not lines:
        return []
    heads = [HEADS.get(head.strip(), head.strip()) for head in lines[0]]
    if "title" not in heads and "text" not in heads:
        raise ValueError("CSV 首行应为表头,含“标题”或“内容” / the first line must name the columns")
    return [_csv_row(heads, line) for line in lines[1:]]


def _csv_row(heads: Sequence[str], line: Sequence[str]) -> dict[str, object]:
    return {head: cell.strip() for head, cell in zip(heads, line, strict=False) if cell.strip()}


_KINDS_OF_PLACE = re.compile(r"(街道|社区|镇|乡|场|村)$")


def place_named(words: str, places: Mapping[str, str]) -> str | None:
    """Return the code of the place a text begins with: its name, with or without its kind (洲尾, 洲尾乡).

    `places` are names by code. The longest name wins; two places of one name are none.
    """
    said = words.lstrip("【[( ")
    found: dict[str, list[str]] = {}
    for code, name in places.items():
        for way in {name, _KINDS_OF_PLACE.sub("", name)}:
            if len(way) >= 2 and said.startswith(way):
                found.setdefault(way, []).append(code)
    if not found:
        return None
    codes = found[max(found, key=len)]
    return codes[0] if len(codes) == 1 else None


def receipt_words(number: int, now: datetime, zone: ZoneInfo) -> str:
    """Return the receipt of a text over a thin channel: short enough for one message of any card."""
    return f"值守收到 {now.astimezone(zone):%H:%M} 来报{number}号"
