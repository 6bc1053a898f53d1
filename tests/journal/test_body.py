"""What the journal writes is the event, whole, however its parts were put into words."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import ClassVar

import pytest

from app.db import Database
from app.journal.concern import Concern
from app.journal.store import Entry, append, open_stream, read_after
from app.wire import Actor, Fact

STREAM = "990181"
AT = datetime(2026, 7, 1, 18, 13, tzinfo=UTC)


class Part(Fact):
    """Something that is told again and again."""

    id: int
    word: str


class Whole(Fact):
    """An event with lists that are told again and again, one in the middle of its fields."""

    again: ClassVar = ("parts", "others")

    type: str = "test.whole"
    before: int
    parts: list[Part]
    after: str
    others: list[Part] = []


class Bare(Fact):
    """An event of a type alone."""

    type: str = "test.bare"


PARTS = [Part(id=1, word='引"号'), Part(id=2, word="𠮷🚤\n")]


@pytest.mark.database
@pytest.mark.parametrize(
    "payload",
    [
        Whole(before=1, parts=PARTS, after="尾"),
        Whole(before=1, parts=[], after="", others=PARTS[:1]),
        Bare(),
    ],
)
@pytest.mark.parametrize("actor", [None, Actor(id=7, name="王军", role="duty_officer")])
async def test_the_body_is_the_event_with_its_envelope(
    database: Database, payload: Whole | Bare, actor: Actor | None
) -> None:
    async with database.transaction() as tx:
        await open_stream(tx, STREAM)
        (seq,) = await append(tx, STREAM, AT, [Entry(payload, Concern((STREAM,)))], actor)
    async with database.transaction() as tx:
        (row,) = await read_after(tx, STREAM, seq - 1, 1)
    told = json.loads(row.body)
    assert list(told)[:3] == ["type", "at", "actor"]
    assert told == {
        **payload.model_dump(mode="json"),
        "at": AT.isoformat(),
        "actor": actor.model_dump(mode="json") if actor else None,
    }


def test_a_changed_copy_of_a_part_is_put_into_words_anew() -> None:
    part = PARTS[0]
    assert json.loads(part.json_text) == part.model_dump(mode="json")
    copied = part.model_copy(update={"word": "改"})
    assert json.loads(copied.json_text) == {"id": 1, "word": "改"}
    assert part == Part(id=1, word=part.word)
    assert part.model_dump() == {"id": 1, "word": part.word}
