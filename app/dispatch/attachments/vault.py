"""The files themselves: one a hash below the data folder, written whole or not at all."""

from __future__ import annotations

import hashlib
import io
import os
import warnings
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

THUMBNAIL_PX = 320
MOST_PIXELS = 80_000_000  # a photo of 80 megapixels; beyond it is a bomb


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
    """Return a small JPEG of a photo, made once; None when it cannot be read as a picture."""
    path = path_of(folder, digest).with_suffix(".thumb.jpg")
    with suppress(FileNotFoundError):
        return path.read_bytes()
    content = read(folder, digest)
    small = _shrunk(content) if content is not None else None
    if small is not None:
        _write(path, small)
    return small


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


def _shrunk(content: bytes) -> bytes | None:
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP"))
            if image.width * image.height > MOST_PIXELS:
                return None
            image.draft("RGB", (THUMBNAIL_PX * 2, THUMBNAIL_PX * 2))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX))
            out = io.BytesIO()
            upright.convert("RGB").save(out, "JPEG", quality=80)
            return out.getvalue()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return None
