"""A sheet that leaves carries its proof: a change in it is found, saving it again is none."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from app.journal.anchor.seal import Seal, new_seal
from app.journal.export.files import tables_of
from app.journal.export.proof import check, proved
from app.journal.export.rules import SHEET, SIGNED, parts_of, statement, summed
from app.sheets import write_book
from tests.zygote import ROOT

TOLD = {
    "exported_at": "2025-06-18T02:13:20+08:00",
    "exported_by": "陈洁 (chenjie)",
    "asked": "/api/people.xlsx?text=a&b",
    "journal": "990181 7",
    "journal_hash": "sm3 0102",
}
ROWS: list[list[Any]] = [
    ["东岸村", 3, 2.5, None, True],
    ["=1+1", "两行\n字 <&>", 0, "", None],
    [datetime(2025, 6, 18, tzinfo=UTC).date()],
]
BOOK = write_book(
    "人员",
    ("村", "户", "数", "备注", "是"),
    (20,) * 5,
    [[str(c) if not isinstance(c, (str, int, float, type(None))) else c for c in row] for row in ROWS],
)
CSV = '\ufeff指标,数\r\n接报,3\r\n"两\n行",\r\n'.encode()
SM2, EDWARDS = new_seal(), new_seal("ed25519")


def saved_again(data: bytes, change: tuple[str, str, str | int] | None = None) -> bytes:
    """As another program of tables writes the file anew, with one cell changed."""
    book = load_workbook(io.BytesIO(data))
    if change is not None:
        sheet, cell, value = change
        book[sheet][cell] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("seal", [None, SM2, EDWARDS], ids=["unsigned", "SM2", "Ed25519"])
def test_a_sheet_is_whole_until_somebody_changes_a_cell_a_row_or_its_proof(seal: Seal | None) -> None:
    made = proved(BOOK, TOLD, seal)
    found = check(made)
    assert (found.verdict, found.rows, bool(found.key)) == ("whole", 4, seal is not None)
    assert {key: found.parts[key] for key in TOLD} == TOLD
    assert load_workbook(io.BytesIO(made)).sheetnames == ["人员", SHEET]
    assert check(saved_again(made)).verdict == "whole"
    assert check(saved_again(made, ("人员", "B2", 4))).verdict == "altered"
    assert check(saved_again(made, ("人员", "A9", "再加一行"))).verdict == "altered"
    proof = list(load_workbook(io.BytesIO(made))[SHEET].iter_rows(values_only=True))
    by = next(n for n, row in enumerate(proof, start=1) if row[1] == TOLD["exported_by"])
    renamed = check(saved_again(made, (SHEET, f"B{by}", "别人")))
    assert renamed.verdict == ("whole" if seal is None else "forged")  # what only a signature shows
    assert check(BOOK).verdict == "unproved"


def test_a_csv_file_carries_it_in_its_last_lines() -> None:
    made = proved(CSV, TOLD, EDWARDS)
    assert made.startswith(CSV)
    assert check(made).verdict == "whole"
    assert check(made.replace(b"\r\n", b"\n")).verdict == "whole"
    assert check(made.replace("接报,3".encode(), "接报,4".encode())).verdict == "altered"
    assert check(made.replace("陈洁".encode(), "别人".encode())).verdict == "forged"
    assert check(CSV).verdict == "unproved"


CELLS = st.one_of(
    st.none(),
    st.integers(-(10**9), 10**9),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), max_size=8),
)


@settings(deadline=None, max_examples=25)  # openpyxl takes its time
@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=6))
def test_whatever_stands_in_the_cells_the_sum_holds(rows: list[list[object]]) -> None:
    data = write_book("表", ("甲", "乙"), (9, 9), rows)  # type: ignore[arg-type]
    made = proved(data, TOLD, None)
    assert check(made).verdict == "whole"
    assert tables_of(made)[0] == tables_of(data)[0]


def test_the_sum_knows_a_moved_word_and_forgives_what_is_empty() -> None:
    assert summed([("表", [["ab", "c"]])]) != summed([("表", [["a", "bc"]])])
    assert summed([("表", [["a"], ["b"]])]) != summed([("表", [["a", "b"]])])
    assert summed([("表", [["a"]])]) != summed([("另", [["a"]])])
    assert summed([("表", [[3.0, None], [None], []])]) == summed([("表", [[3]])])


def test_no_two_proofs_are_one_statement() -> None:
    split = {"exported_by": "a\nasked b"}
    assert statement(split) != statement({"exported_by": "a", "asked": "b"})
    assert all(statement({key: "x"}) != statement({}) for key in SIGNED)
    assert parts_of([["别的", "x"], ["短"]]) == {}


def test_the_command_tells_a_clerk(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text(EDWARDS.written)
    whole, altered = tmp_path / "whole.xlsx", tmp_path / "altered.xlsx"
    whole.write_bytes(proved(BOOK, TOLD, EDWARDS))
    altered.write_bytes(saved_again(whole.read_bytes(), ("人员", "A2", "西岸村")))

    def checked(file: Path) -> subprocess.CompletedProcess[str]:
        told = {"ZHISHOU_ANCHOR_KEY_FILE": str(key), "ZHISHOU_ANCHOR_SIGNATURE": "ed25519"}
        command = [sys.executable, "-m", "app.cli", "check-export", str(file)]
        return subprocess.run(
            command, env={**os.environ, **told}, cwd=ROOT, capture_output=True, text=True, check=False
        )

    good, bad, none = checked(whole), checked(altered), checked(key)
    assert good.returncode == 0, good.stderr
    assert "完整" in good.stdout and "陈洁 (chenjie)" in good.stdout and "本中心的密钥" in good.stdout
    assert bad.returncode == 1 and "被改动:各行与证明不符" in bad.stderr
    assert none.returncode == 1 and "没有导出证明" in none.stderr
