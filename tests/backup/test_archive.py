"""The file: only its key opens it, and what was cut, altered or made by a stranger's hand is refused."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
from pathlib import Path

import pyrage
import pytest

from app.backup.archive import BadArchive, identities_in, new_identity, opened, sealing
from app.backup.rules import FileSum

SECRET, RECIPIENT = new_identity()
BIG = os.urandom(17 * 1024 * 1024)  # more than one part


def sealed(path: Path) -> Path:
    (path / "photo").write_bytes(b"photo")
    with sealing(path / "one.age", [RECIPIENT]) as packer:
        assert packer.stream("database", io.BytesIO(BIG).read).size == len(BIG)
        photo = FileSum(5, hashlib.sha256(b"photo").hexdigest())
        assert packer.file("attachments/photo", path / "photo") == photo
        packer.content("manifest.json", b"{}")
    return path / "one.age"


def read(path: Path, secret: str = SECRET) -> list[tuple[str, bytes]]:
    with opened(path, [secret]) as entries:
        return [(name, content.read()) for name, content in entries]


def test_what_goes_in_comes_out_in_order_and_nothing_of_it_stands_in_the_file(tmp_path: Path) -> None:
    path = sealed(tmp_path)
    found = read(path)
    names = ["database/00000000", "database/00000001", "attachments/photo", "manifest.json"]
    assert [name for name, _ in found] == names
    assert b"".join(content for name, content in found if name.startswith("database/")) == BIG
    assert found[2][1] == b"photo"
    assert b"photo" not in path.read_bytes() and b"manifest" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600


def test_another_key_does_not_open_it(tmp_path: Path) -> None:
    path = sealed(tmp_path)
    with pytest.raises(BadArchive):
        read(path, new_identity()[0])


@pytest.mark.parametrize("left", [0, 10, 200, 5_000, 17_000_000, -20])
def test_a_file_cut_short_is_refused(tmp_path: Path, left: int) -> None:
    path = sealed(tmp_path)
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(BadArchive):
        read(path)


def test_one_altered_bit_is_noticed(tmp_path: Path) -> None:
    path = sealed(tmp_path)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(BadArchive):
        read(path)


@pytest.mark.parametrize("name", ["../escape", "/etc/passwd", "attachments/../../x", "attachments\\x"])
def test_an_entry_that_leads_out_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    inner = io.BytesIO()
    with tarfile.open(fileobj=inner, mode="w|") as tar:
        info = tarfile.TarInfo(name)
        info.size = 1
        tar.addfile(info, io.BytesIO(b"x"))
    path = tmp_path / "evil.age"
    path.write_bytes(pyrage.encrypt(inner.getvalue(), [pyrage.x25519.Recipient.from_str(RECIPIENT)]))
    with pytest.raises(BadArchive):
        read(path)


def test_a_symbolic_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with tarfile.open(fileobj=inner, mode="w|") as tar:
        info = tarfile.TarInfo("attachments/link")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc"
        tar.addfile(info)
    path = tmp_path / "evil.age"
    path.write_bytes(pyrage.encrypt(inner.getvalue(), [pyrage.x25519.Recipient.from_str(RECIPIENT)]))
    with pytest.raises(BadArchive):
        read(path)


def test_an_archive_that_could_not_be_finished_leaves_nothing(tmp_path: Path) -> None:
    def fail(_: int) -> bytes:
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError), sealing(tmp_path / "one.age", [RECIPIENT]) as packer:
        packer.stream("database", fail)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_an_error_of_the_system_and_no_archive(tmp_path: Path) -> None:
    (tmp_path / "one.age.part").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space"), sealing(tmp_path / "one.age", [RECIPIENT]) as packer:
        packer.stream("database", io.BytesIO(BIG).read)
    assert list(tmp_path.iterdir()) == []


def test_a_recipient_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="age1nobody"), sealing(tmp_path / "one.age", ["age1nobody"]):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_key_file_may_hold_remarks_and_must_hold_a_key() -> None:
    assert identities_in(f"# mine\n{SECRET}\n") == [SECRET]
    for text in ("", "# only a remark\n", "AGE-SECRET-KEY-1NONSENSE\n"):
        with pytest.raises(ValueError):  # noqa: PT011
            identities_in(text)
