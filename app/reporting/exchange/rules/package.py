"""A report as a file: a ZIP with the message, its papers and a manifest of their SHA-256. Pure; bounded."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

FORMAT = "zhishou.package/1"
REPORT, MANIFEST, SIGNATURE = "report.json", "manifest.json", "signature.json"
PAPERS: Mapping[str, str] = {"pdf": "report.pdf", "docx": "report.docx"}
ALLOWED = frozenset({REPORT, MANIFEST, SIGNATURE, *PAPERS.values()})
MOST_ENTRY, MOST_ALL = 6 * 1024 * 1024, 12 * 1024 * 1024
_EPOCH = (1980, 1, 1, 0, 0, 0)


class Unreadable(ValueError):
    """What a file lacks to be a package, in Chinese and English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en = zh, en


class Altered(ValueError):
    """A file of the package is not what the manifest says; the name of the file."""


@dataclass(frozen=True, slots=True)
class Package:
    """What a package holds; `key` and `signature` are "" where nobody signed it."""

    report: bytes
    papers: Mapping[str, bytes]
    manifest: bytes
    key: str
    signature: str


def manifest_of(files: Mapping[str, bytes]) -> bytes:
    """Return the manifest of files: their SHA-256 and length in bytes."""
    listed = {
        name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
        for name, data in sorted(files.items())
    }
    return json.dumps({"format": FORMAT, "files": listed}, indent=1, sort_keys=True).encode()


def pack(report: bytes, papers: Mapping[str, bytes], key: str = "", signed: str = "") -> bytes:
    """Return the ZIP of a report; the same bytes for the same content. `signed` is of the manifest."""
    files = {REPORT: report, **{PAPERS[form]: data for form, data in papers.items()}}
    files = {**files, MANIFEST: manifest_of(files)}
    if key:
        files[SIGNATURE] = json.dumps({"key": key, "signature": signed}, indent=1).encode()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def unpack(data: bytes) -> Package:
    """Read a package. Raises Unreadable, Altered; no more is unpacked than a package may hold."""
    files = _files(data)
    for name in (REPORT, MANIFEST):
        if name not in files:
            raise Unreadable(f"缺少 {name}", f"{name} is missing")
    _prove(files)
    key, signed = _signature(files.get(SIGNATURE))
    papers = {form: files[name] for form, name in PAPERS.items() if name in files}
    return Package(files[REPORT], papers, files[MANIFEST], key, signed)


def _files(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            entries = packed.infolist()
            names = [one.filename for one in entries]
            if not set(names) <= ALLOWED or len(set(names)) < len(names):
                raise Unreadable("含有不认识的文件", "it holds files that belong to no package")
            sizes = [one.file_size for one in entries]
            if any(one.flag_bits & 1 for one in entries):
                raise Unreadable("文件已加密", "it is encrypted")
            if max(sizes, default=0) > MOST_ENTRY or sum(sizes) > MOST_ALL:
                raise Unreadable("内容过大", "its content is too large")
            return {one.filename: _read(packed, one) for one in entries}
    except Unreadable:
        raise
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        OSError,
        ValueError,
        NotImplementedError,
        EOFError,
    ) as error:
        raise Unreadable("不是 ZIP 文件或已损坏", "no ZIP, or a damaged one") from error


def _read(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Unpack no more than the head of the entry promised: a liar is cut off."""
    with packed.open(entry) as opened:
        found = opened.read(MOST_ENTRY + 1)
    if len(found) > MOST_ENTRY:
        raise Unreadable("内容过大", "its content is too large")
    return found


def _prove(files: Mapping[str, bytes]) -> None:
    try:
        told = json.loads(files[MANIFEST])
        listed = told["files"]
        right = told["format"] == FORMAT and isinstance(listed, dict)
        said = {str(name): str(one["sha256"]) for name, one in listed.items()} if right else {}
    except (ValueError, RecursionError, KeyError, TypeError) as error:
        raise Unreadable("清单 manifest.json 无法识别", "manifest.json cannot be read") from error
    if not right:
        raise Unreadable("清单 manifest.json 无法识别", "manifest.json cannot be read")
    there = files.keys() - {MANIFEST, SIGNATURE}
    for name in sorted(there | said.keys()):
        if name not in files or hashlib.sha256(files[name]).hexdigest() != said.get(name):
            raise Altered(name)


def _signature(told: bytes | None) -> tuple[str, str]:
    if told is None:
        return "", ""
    try:
        said = json.loads(told)
        return str(said["key"])[:64], str(said["signature"])[:200]
    except (ValueError, RecursionError, KeyError, TypeError) as error:
        raise Unreadable("签名 signature.json 无法识别", "signature.json cannot be read") from error
