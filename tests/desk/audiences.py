"""Which sockets hear which kind of event: docs/audiences.tsv and the table in docs/security.md, against rows.

The expectation is read from the documents alone; what is received comes out of a screen's own session.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import get_args

from app.journal import store as journal
from app.journal.store import JournalRow
from app.org.rules.access import Role, Viewer
from app.realtime.audience import Audience
from app.realtime.frames import texts
from app.realtime.ring import Framed
from app.realtime.session import Limits, Send, Session
from tests.world import STREAM, WEST, World

DOCS = Path(__file__).parents[2] / "docs"
_STRANGER = 90_000  # accounts that nobody named


@cache
def kinds() -> Mapping[str, frozenset[str]]:
    """Return for each kind of event the audiences it may be for."""
    lines = (DOCS / "audiences.tsv").read_text(encoding="utf-8").splitlines()
    told = [line.split("\t") for line in lines if line and not line.startswith("#")]
    assert [kind for kind, _ in told] == sorted({kind for kind, _ in told})
    return {kind: frozenset(words.split("|")) for kind, words in told}


@cache
def hearers() -> Mapping[str, frozenset[str]]:
    """Return for each audience the roles whose sockets hear it when the place is theirs."""
    lines = (DOCS / "security.md").read_text(encoding="utf-8").splitlines()
    head = next(line for line in lines if line.startswith("| audience |"))
    roles = [cell.strip(" `") for cell in head.split("|")[2:-1]]
    assert roles == list(get_args(Role))
    found = {}
    for line in lines[lines.index(head) + 2 :]:
        if not line.startswith("| `"):
            break
        name, *marks = [cell.strip() for cell in line.split("|")[1:-1]]
        found[name.strip("`")] = frozenset(
            role for role, mark in zip(roles, marks, strict=True) if mark == "●"
        )
    return found


def audience_of(row: JournalRow) -> str:
    """Return the word of the documents for whom a row is."""
    concern = row.concern
    if concern.readers:
        return "left" if concern.audience == "outside" else "named"
    if concern.audience == "desk":
        return "restricted" if concern.restricted else "desk"
    return "left" if concern.audience == "outside" else concern.audience


def _kind_of(row: JournalRow) -> str:
    """Return the word of docs/audiences.tsv: whoever the incident is narrowed to, it is the desk's."""
    word = audience_of(row)
    return "desk" if word in ("restricted", "named") else word


async def agree(world: World) -> list[str]:
    """Return where what sockets receive of everything that happened is not what the documents say."""
    rows = await world.do(lambda tx: journal.read_after(tx, STREAM, 0, 1_000_000))
    wrong = [
        f"{row.type} is for {_kind_of(row)}, docs/audiences.tsv says {sorted(kinds().get(row.type, ()))}"
        for row in rows
        if _kind_of(row) not in kinds().get(row.type, ())
    ]
    framed = [Framed.of(row) for row in rows]
    for role in get_args(Role):
        for n, scope in enumerate((STREAM, WEST[:9])):
            viewer = Viewer(_STRANGER + n, "某人", role, STREAM, scope)
            heard = _heard(viewer, framed)
            wrong += [
                f"{role} of {scope} {'hears' if row.seq in heard else 'does not hear'} {row.type} {row.seq}"
                for row in rows
                if (row.seq in heard) != _expected(role, scope, row)
            ]
    return [*wrong, *_of_teams(rows, framed)]


def _expected(role: str, scope: str, row: JournalRow) -> bool:
    there = any(code.startswith(scope) for code in row.concern.region_codes)
    word = audience_of(row)
    if word == "left" and row.concern.readers:  # who saw it until somebody else was named
        return there and role in hearers()["restricted" if row.concern.restricted else "desk"]
    return there and role in hearers()[word]


def _of_teams(rows: Iterable[JournalRow], framed: list[Framed]) -> list[str]:
    """A responder hears what concerns his teams, wherever it is, and nothing else."""
    teams = sorted({team for row in rows for team in row.concern.team_ids})
    wrong = []
    for team in teams:
        heard = _heard(Viewer(_STRANGER, "队员", "responder", STREAM, WEST, frozenset({team})), framed)
        for row in rows:
            meant = team in row.concern.team_ids and row.concern.audience == "desk"
            if (row.seq in heard) != meant:
                wrong.append(f"a responder of team {team}: {row.type} {row.seq}, heard {row.seq in heard}")
    return wrong


def _heard(viewer: Viewer, rows: list[Framed]) -> set[int]:
    session = Session(0, Limits())
    outputs = session.catch_up(rows, Audience.of(viewer))
    frames = b"".join(one.frames for one in outputs if isinstance(one, Send))
    return {json.loads(text)["seq"] for text in texts(frames)}
