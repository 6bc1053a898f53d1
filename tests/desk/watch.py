"""Everybody who looks at the desk, each with the picture they would have by events alone."""

from __future__ import annotations

import json

from app.desk import snapshot as desk
from app.desk.events import payload_of
from app.desk.snapshot import Picture
from app.journal import store as journal
from app.org.rules.access import Viewer, may_see
from tests.world import LAKE, STREAM, WEST, World

# A township officer who also answers for a team of another township.
_BOTH = Viewer(99, "东镇兼湖队", "township_officer", STREAM, "990181100", frozenset({LAKE}))
_VILLAGE = Viewer(98, "西湖村主任", "township_officer", STREAM, "990181200201")
_WEST_CREW = Viewer(97, "林队队员", "responder", STREAM, WEST[:9], frozenset({4, 2}))


class Watch:
    """Each viewer's picture, kept true by events, compared with a new snapshot after every action."""

    def __init__(self, world: World) -> None:
        self._world = world
        everybody = (*world.people.values(), _BOTH, _VILLAGE, _WEST_CREW)
        # Equal visibility sees equal things: one of each kind is enough.
        equal = ("lead", "leader", "second")
        self.viewers = [viewer for viewer in everybody if viewer.username not in equal]
        self.seq = 0
        self.pictures: dict[int, Picture] = {}
        self.first: dict[int, Picture] = {}
        self.types: set[str] = set()

    async def begin(self) -> None:
        """Load everybody's first snapshot."""
        self.seq, self.pictures = await self._snapshots()
        self.first = dict(self.pictures)

    async def check(self, what: str) -> None:
        """Apply what happened since the last check; every picture must equal its new snapshot."""
        rows = await self._world.do(lambda tx: journal.read_after(tx, STREAM, self.seq, 1000))
        seq, fresh = await self._snapshots()
        for row in rows:
            self.types.add(row.type)
            event = payload_of(json.loads(row.wire))
            for viewer in self.viewers:
                if may_see(viewer, row.concern):
                    key = viewer.account_id
                    self.pictures[key] = desk.apply(self.pictures[key], event)
        happened = [row.type for row in rows]
        for viewer in self.viewers:
            wrong = differences(self.pictures[viewer.account_id], fresh[viewer.account_id])
            assert not wrong, f"after {what} {happened}, for {viewer.name}: " + "; ".join(wrong)
        assert seq == self.seq + len(rows)
        self.seq = seq

    async def check_from_the_start(self) -> None:
        """A screen that slept all night catches up by events alone."""
        rows = await self._world.do(lambda tx: journal.read_after(tx, STREAM, 0, 100_000))
        for viewer in self.viewers:
            picture = self.first[viewer.account_id]
            for row in rows:
                if may_see(viewer, row.concern):
                    picture = desk.apply(picture, payload_of(json.loads(row.wire)))
            assert not differences(picture, self.pictures[viewer.account_id])

    async def _snapshots(self) -> tuple[int, dict[int, Picture]]:
        async with self._world.database.snapshot() as tx:
            found = {viewer.account_id: await desk.take(tx, viewer) for viewer in self.viewers}
        (seq,) = {seq for seq, _, _ in found.values()}
        return seq, {key: picture for key, (_, picture, _) in found.items()}


def differences(events: Picture, snapshot: Picture) -> list[str]:
    """Say where two pictures differ, in words."""
    wrong = []
    for name in Picture.model_fields:
        by_events = {row.id: row for row in getattr(events, name)}
        by_snapshot = {row.id: row for row in getattr(snapshot, name)}
        for key in by_events.keys() | by_snapshot.keys():
            if key not in by_snapshot:
                wrong.append(f"{name} {key} should be gone")
            elif key not in by_events:
                wrong.append(f"{name} {key} was never told")
            elif by_events[key] != by_snapshot[key]:
                old, new = by_events[key].model_dump(), by_snapshot[key].model_dump()
                changed = {k: (old[k], new[k]) for k in new if old[k] != new[k]}
                wrong.append(f"{name} {key} says {changed}")
    return wrong
