"""The secrets shared with peers, from a file or the environment: in no database, log or answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

LEAST_SECRET, MOST_BYTES = 24, 256 * 1024
_KEY = re.compile(r"^[A-Za-z0-9._-]{1,64}$")


def read_keys(told: str, where: str) -> dict[str, str]:
    """Read lines (or comma separated pairs) `key = secret`; `#` begins a remark.

    Raises ValueError that names the line and no secret.
    """
    found: dict[str, str] = {}
    for number, line in enumerate(re.split(r"[\n,]", told), start=1):
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        key, _, secret = (part.strip() for part in bare.partition("="))
        if not _KEY.match(key) or key in found:
            raise ValueError(
                f"{where} 第{number}行:密钥编号须为字母、数字、点、横线且不重复"
                f" / line {number}: the key's name must be letters, digits, dots and dashes, each once"
            )
        if len(secret) < LEAST_SECRET or not secret.isascii():
            raise ValueError(
                f"{where} 第{number}行:密钥至少{LEAST_SECRET}个字符 / line {number}: a secret has at least"
                f" {LEAST_SECRET} ASCII characters"
            )
        found[key] = secret
    return found


class Keyring:
    """Secrets by the name of their key. A file that was changed is read again; a bad one changes nothing."""

    def __init__(self, file: Path | None = None, told: str = "") -> None:
        """Read both. Raises ValueError for what cannot be meant."""
        self._file = file
        self._told = read_keys(told, "ZHISHOU_EXCHANGE_KEYS") if told else {}
        self._stamp: tuple[int, int] | None = None
        self._from_file: Mapping[str, str] = {}
        self.trouble = ""
        if file is not None:
            self._stamp = self._stamp_of(file)
            self._from_file = self._read(file)

    def __repr__(self) -> str:
        """Tell nothing of what it holds."""
        return "Keyring(…)"

    def secret(self, key_id: str) -> str | None:
        """Return the secret of a key, None where there is none here."""
        self._look_again()
        return self._from_file.get(key_id) or self._told.get(key_id)

    def knows(self, key_id: str) -> bool:
        """Whether there is a secret under this name."""
        return bool(key_id) and self.secret(key_id) is not None

    def _look_again(self) -> None:
        if self._file is None:
            return
        try:
            stamp = self._stamp_of(self._file)
            if stamp != self._stamp:
                self._stamp = stamp
                self._from_file = self._read(self._file)
                self.trouble = ""
        except ValueError as error:
            self.trouble = str(error)

    @staticmethod
    def _stamp_of(file: Path) -> tuple[int, int]:
        try:
            told = file.stat()
        except OSError as error:
            raise ValueError(_unreadable(file, error)) from error
        return told.st_mtime_ns, told.st_size

    @staticmethod
    def _read(file: Path) -> dict[str, str]:
        try:
            with file.open(encoding="utf-8") as opened:
                text = opened.read(MOST_BYTES + 1)
        except (OSError, UnicodeDecodeError) as error:
            raise ValueError(_unreadable(file, error)) from error
        if len(text) > MOST_BYTES:
            raise ValueError(f"密钥文件 {file} 过大 / too large")
        return read_keys(text, str(file))


def _unreadable(file: Path, error: Exception) -> str:
    return f"密钥文件 {file} 无法读取 / cannot be read: {type(error).__name__}"
