"""The body of a POST between platforms (GD/J 083 §5.1, annex A) ↔ the TAR in it.

Form parsers of web frameworks refuse or silently lose bodies that real peers send: line feeds alone, no name,
no last boundary, printed quotes, names in GBK. So the body is split here, by its boundary and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.codecs.findings import Refused, schema

_BOUNDARY = re.compile(r"boundary\s*=\s*(?:\"([^\"]{1,200})\"|([^\s;\"]{1,200}))", re.IGNORECASE)
_FILE = re.compile(r"filename\s*=\s*(?:[\"”“]([^\"”“\r\n]{0,400})[\"”“]|([^;\"”“\s]{1,400}))", re.IGNORECASE)
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_MOST_HEAD = 8 * 1024
_MOST_PARTS = 16
_RAW = ("application/x-tar", "application/tar", "application/octet-stream")
_OUR_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")


@dataclass(frozen=True, slots=True)
class Upload:
    """The file of a body; `name` is what the peer calls it, "" for a bare body. Do not trust it."""

    name: str
    content: bytes


def upload_of(body: bytes, content_type: str) -> Upload:
    """Return the first part with a file name, or the whole body when it is sent bare as a TAR.

    A last boundary may be missing: whether the file is whole, its archive says. Raises `Refused` (layer
    schema) when there is no file.
    """
    found = _BOUNDARY.search(content_type)
    if not content_type.lower().lstrip().startswith("multipart/"):
        if content_type.split(";")[0].strip().lower() in _RAW:
            return Upload("", body)
        raise Refused(
            schema(
                "CONTENT_TYPE",
                "Content-Type 应为 multipart/form-data 或 application/x-tar",
                "Content-Type must be multipart/form-data or application/x-tar",
            )
        )
    if found is None:
        raise Refused(schema("BOUNDARY", "Content-Type 中没有 boundary", "no boundary in Content-Type"))
    boundary = b"--" + (found[1] or found[2]).encode("utf-8", "replace")
    for head, content in _parts(body, boundary):
        named = _FILE.search(_decoded(head))
        if named is not None:
            return Upload(named[1] or named[2] or "", content)
    raise Refused(schema("NO_FILE", "请求中没有带文件名的部分", "no part of the body has a file name"))


def body_of(name: str, content: bytes, *, field: str = "field1") -> tuple[bytes, str]:
    """Return the body and the Content-Type that carry a TAR as annex A has it.

    The boundary occurs nowhere in the content. Raises ValueError for a name that is not plain ASCII.
    """
    if not (_OUR_NAME.fullmatch(name) and _OUR_NAME.fullmatch(field)):
        raise ValueError(f"not a plain name: {name!r} or {field!r}")
    number = 0
    while (boundary := f"----zhishou{number:08d}").encode() in content:
        number += 1
    head = (
        f"--{boundary}\r\n"
        f'Content-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
        "Content-Type: application/x-tar\r\n\r\n"
    )
    body = head.encode("ascii") + content + f"\r\n--{boundary}--\r\n".encode("ascii")
    return body, f"multipart/form-data; boundary={boundary}"


def _parts(body: bytes, boundary: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield head and content of each part; the last one may end with the body."""
    at = _next(body, boundary, 0)
    for _ in range(_MOST_PARTS):
        if at < 0:
            return
        start = body.find(b"\n", at) + 1
        if body.startswith(b"--", at + len(boundary)) or not start:
            return
        after = _next(body, boundary, start)
        end = len(body) if after < 0 else after
        split = _HEAD_END.search(body, start, min(end, start + _MOST_HEAD))
        if split is not None:
            content = body[split.end() : end]
            yield body[start : split.start()], content if after < 0 else _without_line_end(content)
        at = after


def _next(body: bytes, boundary: bytes, start: int) -> int:
    """Return where the next boundary stands that begins a line, -1 without one."""
    at = body.find(boundary, start)
    while at > 0 and body[at - 1 : at] != b"\n":
        at = body.find(boundary, at + 1)
    return at


def _without_line_end(content: bytes) -> bytes:
    return content.removesuffix(b"\n").removesuffix(b"\r")


def _decoded(head: bytes) -> str:
    try:
        return head.decode("utf-8")
    except UnicodeDecodeError:
        return head.decode("gbk", "replace")
