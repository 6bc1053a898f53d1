"""Is a file a good message? What `zhishou check-message` prints, one object a file.

`{"file": …, "valid": true|false, "findings": [{"layer", "code", "detail"}]}`; `layer` is security, schema or
rule, and advice for what makes nothing invalid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from app.codecs import cap, cn12379
from app.codecs.ebm import packet, signature
from app.codecs.ebm.archive import ROOM
from app.codecs.ebm.certificate import Trust
from app.codecs.ebm.receive import receive
from app.codecs.findings import Finding, Refused, schema
from app.codecs.markup.reader import LIMITS, parse

Verdict = tuple[bool, tuple[Finding, ...]]
Result = dict[str, Any]

_MOST = {"ebm": ROOM.size}
_MARK = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def check_files(kind: str, files: Iterable[Path], trust: Trust) -> Iterator[Result]:
    """Check files one after the other. Never raises for what they hold, nor for one that cannot be read.

    `kind` is cap, 12379 or ebm (else KeyError, before the first file); `trust` is for archives of EBM.
    """
    return _check(checks(trust)[kind], files, _MOST.get(kind, LIMITS.size))


def checks(trust: Trust) -> Mapping[str, Callable[[bytes], Verdict]]:
    """Return how each kind of message is checked."""
    return {"cap": _cap, "12379": _cn12379, "ebm": lambda data: _ebm(data, trust)}


def _check(check: Callable[[bytes], Verdict], files: Iterable[Path], most: int) -> Iterator[Result]:
    for file in files:
        try:
            with file.open("rb") as opened:
                valid, findings = check(opened.read(most + 1))
        except OSError as error:
            why = error.strerror or type(error).__name__
            valid, findings = False, (_unread(why),)
        yield {"file": str(file), "valid": valid, "findings": [finding.out() for finding in findings]}


def _cap(data: bytes) -> Verdict:
    found = cap.read(data)
    return found.valid, found.findings


def _cn12379(data: bytes) -> Verdict:
    found = cn12379.read(data)
    return found.valid, found.findings


def _ebm(data: bytes, trust: Trust) -> Verdict:
    """Check an EBD, a signature file, or an archive of them; what is no XML is taken for an archive."""
    if not data.startswith(_UTF16) and data.removeprefix(_MARK).lstrip()[:1] != b"<":
        received = receive(data, trust)
        return received.valid, received.findings
    try:
        root = parse(data, packet.LISTS)
    except Refused as refused:
        return False, (refused.finding,)
    if root.name == "Signature":
        signed = signature.of_tree(root)
        return signed.valid, signed.findings
    read = packet.of_tree(root, marked=data.startswith(_MARK))
    return read.valid, read.findings


def _unread(why: str) -> Finding:
    return schema("FILE_UNREADABLE", f"文件无法读取:{why}", f"the file cannot be read: {why}")
