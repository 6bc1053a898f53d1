"""What makes a copy unlike its archive, and which archives may go."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.backup.rules import (
    Contents,
    Difference,
    FileSum,
    Manifest,
    TableSum,
    differences,
    expired,
    made_at,
    name_of,
)

INSTANTS = st.datetimes(timezones=st.just(UTC)).filter(lambda at: at.year > 1900)
AT = datetime(2025, 6, 17, 18, 13, 20, tzinfo=UTC)
DUMP = FileSum(10, "d" * 64)
CONTENTS = Contents("0400", {"990181": (7, "ab")}, {"incident": TableSum(2, "5"), "unit": TableSum(0, "0")})
FILES = {"attachments/ab/abc": FileSum(3, "c" * 64)}
MANIFEST = Manifest(AT, "990181", "18.1", CONTENTS, DUMP, FILES)


def test_a_copy_with_the_same_sums_is_equal() -> None:
    assert differences(MANIFEST, CONTENTS, dict(FILES), DUMP) == []


@pytest.mark.parametrize(
    ("contents", "files", "dump", "found"),
    [
        (replace(CONTENTS, schema="0390"), FILES, DUMP, [Difference("schema", "", "0400", "0390")]),
        (replace(CONTENTS, heads={}), FILES, DUMP, [Difference("stream", "990181", "7 ab", "—")]),
        (
            replace(CONTENTS, tables={**CONTENTS.tables, "incident": TableSum(2, "6")}),
            FILES,
            DUMP,
            [Difference("table", "incident", "2 (5)", "2 (6)")],
        ),
        (
            replace(CONTENTS, tables={**CONTENTS.tables, "more": TableSum(1, "1")}),
            FILES,
            DUMP,
            [Difference("table", "more", "—", "1 (1)")],
        ),
        (CONTENTS, {}, DUMP, [Difference("file", "attachments/ab/abc", f"3 B {'c' * 12}", "—")]),
        (
            CONTENTS,
            FILES,
            FileSum(9, "e" * 64),
            [Difference("dump", "", f"10 B {'d' * 12}", f"9 B {'e' * 12}")],
        ),
    ],
)
def test_every_kind_of_difference_is_named(
    contents: Contents, files: dict[str, FileSum], dump: FileSum, found: list[Difference]
) -> None:
    assert differences(MANIFEST, contents, files, dump) == found


@given(INSTANTS)
def test_a_name_tells_its_second(at: datetime) -> None:
    assert made_at(name_of("990181", at), "990181") == at.replace(microsecond=0)
    assert made_at(name_of("990182", at), "990181") is None


@given(
    st.lists(INSTANTS, max_size=9),
    st.integers(1, 5),
)
def test_only_the_oldest_of_our_own_archives_go(instants: list[datetime], keep: int) -> None:
    ours = sorted({name_of("990181", at) for at in instants})
    others = ["letter.pdf", "zhishou-990182-20200101T000000Z.age", ours[0] + ".part" if ours else "x"]
    gone = expired([*others, *reversed(ours)], "990181", keep)
    assert gone == ours[: max(0, len(ours) - keep)]


def test_the_last_archive_is_never_let_go() -> None:
    with pytest.raises(ValueError, match="at least one"):
        expired([], "990181", 0)
