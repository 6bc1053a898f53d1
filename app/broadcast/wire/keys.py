"""The keys this house signs with, from a file: in no database, log or answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.codecs.ebm import sm, trial
from app.codecs.ebm.certificate import BadCertificate, certificate_of
from app.codecs.ebm.signature import Signer, SoftwareSigner

MOST_BYTES = 64 * 1024
_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
_LINE = re.compile(r"([0-9a-fA-F]{64})\s+([0-9a-fA-F]{286})")


@dataclass(frozen=True, slots=True)
class Key:
    """A private key and the certificate of its public one, which peers know by its serial."""

    private: bytes
    certificate: bytes

    def __repr__(self) -> str:
        """Tell nothing of what it holds."""
        return "Key(…)"

    @property
    def serial(self) -> str:
        """The certificate's serial, twelve hex digits."""
        return self.certificate[7:13].hex()


def read_keys(told: str, where: str, *, trials: bool = False) -> dict[str, Key]:
    """Read lines `name = private certificate`, both in hex; `#` begins a remark.

    The certificate must be of the private key. The trial key, which is public, is taken only with `trials`.
    Raises ValueError that names the line and no secret.
    """
    found: dict[str, Key] = {}
    for number, line in enumerate(told.splitlines(), start=1):
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        name, _, rest = (part.strip() for part in bare.partition("="))
        pair = _LINE.fullmatch(rest)
        if not _NAME.fullmatch(name) or name in found or pair is None:
            raise ValueError(
                f"{where} 第{number}行:应为“名称 = 64 位十六进制私钥 286 位十六进制证书”,名称不重复"
                f" / line {number}: write name = 64 hex digits (key) 286 (certificate), each name once"
            )
        found[name] = _key(bytes.fromhex(pair[1]), bytes.fromhex(pair[2]), f"{where}:{number}", trials=trials)
    return found


def _key(private: bytes, certificate: bytes, where: str, *, trials: bool) -> Key:
    try:
        told = certificate_of(certificate)
    except BadCertificate as error:
        raise ValueError(f"{where} {error}") from None
    if told.public != sm.public_key(private):
        raise ValueError(f"{where} 证书不是该私钥的 / the certificate is not of this key")
    if told.public == certificate_of(trial.PLATFORM).public and not trials:
        raise ValueError(
            f"{where} 这是公开的测试密钥,谁都能冒用,不得在运行中使用"
            " / this is the trial key, which everybody knows: a running centre may not sign with it"
        )
    return Key(private, certificate)


class Keys:
    """Keys by name. A file that was changed is read again; a bad one changes nothing: see `trouble`."""

    def __init__(self, file: Path | None = None, *, trials: bool = False) -> None:
        """Read the file. Raises ValueError for what cannot be meant."""
        self._file, self._trials = file, trials
        self._stamp: tuple[int, int] | None = None
        self._keys: Mapping[str, Key] = {}
        self.trouble = ""
        if file is not None:
            self._stamp, self._keys = self._read(file)

    def __repr__(self) -> str:
        """Tell nothing of what it holds."""
        return "Keys(…)"

    def hold(self, name: str, key: Key) -> None:
        """Hold a key that is in no file, until the file changes."""
        self._keys = {**self._keys, name: key}

    def knows(self, name: str) -> bool:
        """Whether there is a key under this name."""
        return self._key(name) is not None

    def serial(self, name: str) -> str:
        """Return the serial of a key's certificate, "" without the key."""
        key = self._key(name)
        return key.serial if key else ""

    def signer(self, name: str, *, append_time: bool) -> Signer | None:
        """Return who signs under a name, None where there is no such key here.

        In earnest the key lies in a cipher machine, which then stands here behind the same `Signer`.
        """
        key = self._key(name)
        return None if key is None else SoftwareSigner(key.private, key.serial, append_time)

    def _key(self, name: str) -> Key | None:
        if self._file is not None:
            try:
                told = self._file.stat()
                if (told.st_mtime_ns, told.st_size) != self._stamp:
                    self._stamp, self._keys = self._read(self._file)
                    self.trouble = ""
            except (OSError, ValueError) as error:
                self.trouble = str(error)
        return self._keys.get(name)

    def _read(self, file: Path) -> tuple[tuple[int, int], Mapping[str, Key]]:
        try:
            told = file.stat()
            with file.open(encoding="utf-8") as opened:
                text = opened.read(MOST_BYTES + 1)
        except (OSError, UnicodeDecodeError) as error:
            raise ValueError(f"密钥文件 {file} 无法读取 / cannot be read: {type(error).__name__}") from error
        if len(text) > MOST_BYTES:
            raise ValueError(f"密钥文件 {file} 过大 / too large")
        return (told.st_mtime_ns, told.st_size), read_keys(text, str(file), trials=self._trials)
