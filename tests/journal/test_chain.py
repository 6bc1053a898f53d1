"""The chain of the journal by SHA-256 and by SM3, and a county that changes from one to the other."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.codecs.ebm.sm import sm3
from app.db import Database
from app.journal import store
from app.journal.chain import ALGORITHMS, Algorithm, End, link
from app.journal.concern import Concern
from app.journal.ends import store as ends
from app.journal.proof import prove
from app.journal.store import JournalRow, first_broken
from tests.journal.test_anchors import verify
from tests.journal.test_journal import AT, STREAM, noted, opened, write

STANDARD = {  # GB/T 32905-2016, annex A
    b"abc": "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
    b"abcd" * 16: "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
}


def rows_of(told: Sequence[tuple[str, str]]) -> list[JournalRow]:
    """Rows chained as each says."""
    rows, before = [], b""
    for seq, (algorithm, body) in enumerate(told, start=1):
        before = link(algorithm, before, body.encode()) or b""
        rows.append(JournalRow(STREAM, seq, AT, "x", Concern(()), body, before, None, algorithm))
    return rows


BODIES = st.lists(
    st.tuples(st.sampled_from(ALGORITHMS), st.text(st.characters(codec="utf-8"), max_size=90)),
    min_size=1,
    max_size=12,
)


@given(BODIES, st.data())
def test_any_mixture_holds_and_whatever_is_altered_is_named(
    told: list[tuple[str, str]], data: st.DataObject
) -> None:
    rows = rows_of(told)
    assert first_broken(rows) is None
    at = data.draw(st.integers(0, len(rows) - 1))
    one = rows[at]
    other = next(name for name in ALGORITHMS if name != one.algorithm)
    for altered in (
        replace(one, body=one.body + "x"),
        replace(one, algorithm=other),
        replace(one, algorithm="md5"),
        replace(one, hash=one.hash[::-1]),
    ):
        assert first_broken([*rows[:at], altered, *rows[at + 1 :]]) == at + 1 or altered == one


def test_the_links_are_what_the_documents_say() -> None:
    before, body = b"\x07" * 32, b'{"type":"x"}'
    assert link("sha256", before, body) == hashlib.sha256(before + body).digest()
    inner = hashlib.new("sm3", b"zhishou-journal/sm3\n" + body).digest()
    assert link("sm3", before, body) == hashlib.new("sm3", before + inner).digest()
    assert link("md5", before, body) is None


@pytest.mark.database
async def test_the_database_digests_by_sm3_as_the_standard_does(database: Database) -> None:
    async with database.snapshot() as tx:
        for data, digest in STANDARD.items():
            assert sm3(data).hex() == digest
            found = await tx.scalar(text("SELECT journal_sm3(:data)"), {"data": data})
            assert found.hex() == digest
        # Every length around the padding, and bytes of every value.
        found = await tx.execute(
            text(
                "SELECT d, journal_sm3(d) FROM (SELECT"
                " decode(string_agg(lpad(to_hex((i * 7 + n) % 256), 2, '0'), ''), 'hex') AS d"
                " FROM generate_series(0, 130) n, generate_series(0, n) i GROUP BY n) t"
            )
        )
        told = [(bytes(data), bytes(digest)) for data, digest in found]
    assert len(told) == 131
    assert all(digest == sm3(data) for data, digest in told)


async def go_on_by(database: Database, algorithm: Algorithm) -> bool:
    async with database.transaction() as tx:
        return await ends.chain_by(tx, STREAM, algorithm)


async def many(database: Database, count: int) -> None:
    async with database.transaction() as tx:
        await store.append(tx, STREAM, AT, [noted(1, number) for number in range(count)])


@pytest.mark.database
async def test_a_journal_of_thousands_of_rows_changes_over_and_back_and_is_whole(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    await opened(database)
    await many(database, 1_500)
    assert await go_on_by(database, "sm3")
    assert not await go_on_by(database, "sm3")
    async with database.snapshot() as tx:
        assert (await ends.streams(tx))[STREAM].algorithm == "sha256"  # as its last row was chained
    await many(database, 700)
    with suppress(RuntimeError):
        async with database.transaction() as tx:
            await store.append(tx, STREAM, AT, [noted(1, 9)])
            raise RuntimeError("changed my mind")
    async with database.snapshot() as tx:
        end = (await ends.streams(tx))[STREAM]
        (last,) = await store.read_after(tx, STREAM, 2_199, 10)
    assert end == End(2_200, last.hash, "sm3")
    assert await go_on_by(database, "sha256")
    await many(database, 3)
    (proof,) = await prove(database)
    assert (proof.whole, proof.broken_seq, proof.algorithm) == (2_203, None, "sha256")
    assert proof.by == {"sha256": 1_503, "sm3": 700}
    said = verify(database_url, tmp_path)
    assert said.returncode == 0, said.stderr
    assert "2203 条完整 / 2203 rows whole (SHA-256 1503, SM3 700)" in said.stdout
    with pytest.raises(IntegrityError):
        await go_on_by(database, "md5")  # type: ignore[arg-type]


@pytest.mark.database
@pytest.mark.parametrize(
    "altered",
    [
        "body = replace(body::text, '水库', '山塘')::json",
        "algorithm = 'sha256'",
        "algorithm = 'none'",
        "algorithm = 'sha256', hash = sha256(body::text::bytea)",
    ],
    ids=["body", "relabelled", "no algorithm", "chained anew"],
)
async def test_an_altered_row_chained_by_sm3_is_named(database: Database, altered: str) -> None:
    await opened(database)
    await write(database, 1, range(2))
    await go_on_by(database, "sm3")
    await write(database, 1, range(4))
    async with database.transaction() as tx:
        await tx.execute(text("ALTER TABLE journal DISABLE TRIGGER USER"))
        await tx.execute(text(f"UPDATE journal SET {altered} WHERE seq = 4"))
    (proof,) = await prove(database)
    assert (proof.whole, proof.broken_seq, proof.broken_type) == (3, 4, "test.noted")
    assert proof.by == {"sha256": 2, "sm3": 1}


@pytest.mark.database
async def test_many_who_write_by_sm3_make_one_chain(database: Database) -> None:
    await opened(database)
    await go_on_by(database, "sm3")
    await asyncio.gather(*(write(database, writer, range(5)) for writer in range(8)))
    (proof,) = await prove(database)
    assert (proof.whole, proof.broken_seq, proof.by) == (40, None, {"sm3": 40})
