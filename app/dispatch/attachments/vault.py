"""The files themselves: one a hash below the data folder, written whole or not at all."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from app.pictures import PICTURE_PX, redrawn

THUMBNAIL_PX = 320
DRAWN = (".small.jpg", ".picture.jpg", ".thumb.jpg")  # endings of what can be drawn anew; the last of old


def put(folder: Path, content: bytes) -> str:
    """Keep content under its SHA-256 and return that in hex; what is there already stays untouched."""
    digest = hashlib.sha256(content).hexdigest()
    path = path_of(folder, digest)
    if not path.exists():
        _write(path, content)
    return digest


def read(folder: Path, digest: str) -> bytes | None:
    """Return the content, None when it is lost or its bytes are no longer those of the hash."""
    try:
        content = path_of(folder, digest).read_bytes()
    except FileNotFoundError:
        return None
    return content if hashlib.sha256(content).hexdigest() == digest else None


def thumbnail(folder: Path, digest: str) -> bytes | None:
    """Return a small JPEG of a photo, drawn anew once; None when it cannot be read as a picture."""
    return _drawn(folder, digest, ".small.jpg", THUMBNAIL_PX)


def picture(folder: Path, digest: str) -> bytes | None:
    """Return a photo to be looked at, drawn anew once: the original is evidence and never shown itself."""
    return _drawn(folder, digest, ".picture.jpg", PICTURE_PX)


def _drawn(folder: Path, digest: str, ending: str, most_px: int) -> bytes | None:
    path = path_of(folder, digest).with_suffix(ending)
    with suppress(FileNotFoundError):
        return path.read_bytes()
    content = read(folder, digest)
    drawn = redrawn(content, most_px) if content is not None else None
    if drawn is not None:
        _write(path, drawn)
    return drawn


def path_of(folder: Path, digest: str) -> Path:
    """Return where a hash is kept: attachments/ab/abcdef…"""
    return folder / "attachments" / digest[:2] / digest


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            os.replace(file.name, path)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(file.name)
            raise
