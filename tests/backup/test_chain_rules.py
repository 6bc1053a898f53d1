"""Names of pieces: which bring a moment back, what is missing, and that nothing needed is ever let go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.backup.chain.rules import (
    Missing,
    chain_of,
    files_name,
    gaps,
    going,
    log_file,
    piece_name,
    pieces_in,
    plan,
)
from app.backup.chain.scan import ManifestScan, start_in
from app.doctor.chains import judged, kept

AT = datetime(2026, 11, 28, 2, 13, tzinfo=UTC)
HOUR = timedelta(hours=1)
B0 = piece_name(AT, log_file(1, 3 << 24), None)
I1 = piece_name(AT + HOUR, log_file(1, 5 << 24), AT)
I2 = piece_name(AT + 2 * HOUR, log_file(1, 6 << 24), AT + HOUR)
B3 = piece_name(AT + 3 * HOUR, log_file(1, 8 << 24), None)
LOG = [f"{log_file(1, number << 24)}.age" for number in range(3, 9)] + [f"{log_file(1, 9 << 24)}.partial.age"]
FILES = "files-20261128T053000Z.age"


def test_a_piece_is_named_by_when_it_was_finished_and_what_it_needs() -> None:
    assert B0 == "20261128T021300Z-000000010000000000000003.base.age"
    assert I1 == "20261128T031300Z-000000010000000000000005-after-20261128T021300Z.increment.age"
    assert log_file(2, 300 << 24) == "00000002000000010000002C"
    assert [one.name for one in pieces_in([I1, B0, "letter.pdf", B0 + ".part"])] == [B0, I1]


@pytest.mark.parametrize(
    ("until", "start", "pieces", "first"),
    [
        (None, None, [B3], 8),
        (AT + 2.5 * HOUR, None, [B0, I1, I2], 6),
        (AT + 1.5 * HOUR, None, [B0, I1], 5),
        (None, B0, [B0], 3),  # the log makes up for the increments
        (AT, None, [B0], 3),
    ],
)
def test_a_moment_is_brought_back_from_the_piece_before_it(
    until: datetime | None, start: str | None, pieces: list[str], first: int
) -> None:
    found = plan([B0, I1, I2, B3], [*LOG, FILES], until, start)
    assert [one.name for one in found.pieces] == pieces
    assert found.log == tuple(LOG[first - 3 :]) and found.missing == () and found.files == (FILES,)


@given(st.lists(st.sampled_from([0, 0, 0.4, 1, -3]), min_size=1, max_size=6), st.integers(0, 3))
def test_files_are_needed_by_every_piece_before_them_and_none_takes_the_name_of_another(
    steps: list[float], ahead: int
) -> None:
    now, wal = AT, list[str]()
    pieces = [B0, piece_name(AT + timedelta(seconds=ahead), log_file(1, 3 << 24), AT)]  # of one second
    for step in steps:  # the clock stands, goes on, is set back
        now += timedelta(seconds=step)
        wal.append(files_name(now, pieces, wal))
    assert len(set(wal)) == len(wal) and wal == sorted(wal)
    assert plan(pieces[: 2 if ahead else 1], wal).files == tuple(wal)


def test_what_is_missing_is_named_and_nothing_is_skipped() -> None:
    with pytest.raises(Missing, match="20261128T031300Z"):
        plan([B0, I2], LOG)
    with pytest.raises(Missing):
        plan([B0], LOG, AT - HOUR)
    broken = [name for name in LOG if not name.startswith(log_file(1, 6 << 24))]
    found = plan([B0], broken)
    assert found.log == tuple(LOG[:3]) and found.missing == (log_file(1, 6 << 24),)
    assert gaps(pieces_in([B0, I2]), broken) == [f"20261128T031300Z-….age ← {I2}", log_file(1, 6 << 24)]
    assert gaps(pieces_in([B0, I1, I2, B3]), LOG) == []
    assert plan([B0], []).log == ()


@given(st.lists(st.booleans(), min_size=1, max_size=12), st.integers(1, 4), st.integers(0, 11))
def test_what_stays_can_still_be_brought_back(bases: list[bool], keep: int, second: int) -> None:
    """Of any two lives of bases and increments, the newest bases stay with all that stands upon them."""
    lives: dict[str, tuple[list[str], list[str]]] = {"one": ([], []), "two": ([], [])}
    last: dict[str, datetime | None] = {"one": None, "two": None}
    for number, base in enumerate(bases):
        life = "one" if number < second else "two"
        at = AT + number * HOUR
        lives[life][0].append(piece_name(at, log_file(1, number << 24), None if base else last[life]))
        lives[life][1].append(f"{log_file(1, number << 24)}.age")
        last[life] = at
    gone = going(lives, keep)
    left = 0
    for life, (names, wal) in lives.items():
        out = gone.get(life)
        stay = [] if out and out.whole else [one for one in names if not out or one not in out.pieces]
        log = [] if out and out.whole else [one for one in wal if not out or one not in out.wal]
        pieces = pieces_in(stay)
        left += sum(one.is_base for one in pieces)
        for one in pieces:
            assert chain_of(one, pieces)[0].is_base and f"{one.start}.age" in log
    assert left == min(keep, sum(one.is_base for names, _ in lives.values() for one in pieces_in(names)))


def test_the_last_base_is_never_let_go() -> None:
    with pytest.raises(ValueError, match="at least one"):
        going({}, 0)


@pytest.mark.parametrize("step", [1, 7, 512, 5000])
def test_the_manifest_is_found_in_a_tar_cut_anywhere(step: int) -> None:
    import io
    import tarfile

    manifest = b'{"WAL-Ranges": [{ "Timeline": 2, "Start-LSN": "1/2C000028", "End-LSN": "1/2C000120" }]}'
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, content in (("base/1/2", b"backup_manifest\0" * 90), ("backup_manifest", manifest)):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    scan, told = ManifestScan(), packed.getvalue()
    for at in range(0, len(told), step):
        scan.feed(told[at : at + step])
    assert scan.found() == manifest and start_in(manifest) == "00000002000000010000002C"
    with pytest.raises(ValueError, match="backup_manifest"):
        ManifestScan().found()


@pytest.mark.parametrize(
    ("lives", "log", "states"),
    [
        ({}, None, []),
        ({"one": ([B0], LOG)}, AT + HOUR, ["ok"]),
        ({"one": ([B0], LOG)}, AT + HOUR - timedelta(minutes=11), ["warn"]),
        ({"one": ([B0], LOG)}, AT - 2 * HOUR, ["bad"]),
        ({"one": ([B0], [])}, None, ["bad"]),
        ({"one": ([B0, I2], LOG)}, AT + HOUR, ["ok", "bad"]),
    ],
)
def test_the_doctor_sees_an_old_log_and_a_gap(
    lives: dict[str, tuple[list[str], list[str]]], log: datetime | None, states: list[str]
) -> None:
    assert [one.state for one in judged(lives, log, AT + HOUR)] == states


def test_the_doctor_sees_a_log_that_nobody_fetches() -> None:
    assert kept(None, lost=False) == []
    told = [(0, False), (2 << 30, False), (7 << 30, False), (0, True)]
    assert [kept(behind, lost=lost)[0].state for behind, lost in told] == ["ok", "warn", "bad", "bad"]
