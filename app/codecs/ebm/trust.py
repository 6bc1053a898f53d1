"""Which certificates a house trusts, from a folder."""

from __future__ import annotations

from pathlib import Path

from app.codecs.ebm.certificate import BadCertificate, Trust, trusted
from app.codecs.ebm.trial import trial_trust

_MOST = 64 * 1024


def trust_of(folder: Path | None) -> Trust:
    """Trust the certificates of a folder: `*.ca` are authorities, `*.cert` are signed by one of them.

    A file holds 143 bytes, or those in hex. Without a folder the trial certificates are trusted, for samples.
    Raises BadCertificate, also for a folder without an authority, and OSError for what cannot be read.
    """
    if folder is None:
        return trial_trust()
    anchors = [_certificate(file) for file in sorted(folder.glob("*.ca"))]
    if not anchors:
        raise BadCertificate(f"{folder} 中没有 *.ca / there is no *.ca in {folder}")
    return trusted(anchors, [_certificate(file) for file in sorted(folder.glob("*.cert"))])


def _certificate(file: Path) -> bytes:
    with file.open("rb") as opened:
        raw = opened.read(_MOST)
    try:
        return bytes.fromhex(raw.decode("ascii"))
    except ValueError:
        return raw
