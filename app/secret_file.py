"""A new file that only its owner can read, and that never replaces another."""

from __future__ import annotations

import os
from pathlib import Path

from app.preflight import CannotStart


def write_secret(file: Path, text: str) -> None:
    """Write a key into a file of mode 600. Raises CannotStart when that fails, or when one lies there."""
    try:
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as sink:
            sink.write(text)
    except OSError as error:
        raise CannotStart(
            f"密钥文件 {file} 写不进去({error.strerror}),已有的密钥不会被覆盖,请换一个文件名。\n"
            f"The key file {file} cannot be written ({error.strerror}): a key is never overwritten, "
            "choose another name."
        ) from error
