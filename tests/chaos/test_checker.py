"""The checker of `make chaos`: it knows nothing of the service, passes an honest night, fails a false one."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.journal.chain import link
from chaos.check import told as transcripts
from chaos.check.findings import judged
from chaos.check.stored import Account, Entry, Stored
from chaos.check.told import Told

ROOT = Path(__file__).parents[2]
AT = datetime(2026, 7, 1, tzinfo=UTC)
Lines = dict[str, list[dict[str, Any]]]


def test_the_checker_shares_no_code_with_the_service() -> None:
    program = (
        "import sys, chaos.check.__main__\n"
        "print([m for m in sys.modules if m.split('.')[0] in ('app', 'tests', 'benchmarks')"
        " or (m.startswith('chaos.') and not m.startswith('chaos.check'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def _assignment(id_: int, state: str, team: int = 7, text: str = "") -> dict[str, Any]:
    return {"assignment": {"id": id_, "team_id": team, "state": state, "text": text}}


BODIES: list[tuple[str, dict[str, Any]]] = [
    ("incident.opened", {"incident": {"id": 1, "description": "desk-1"}}),
    ("assignment.dispatched", _assignment(5, "dispatched", text="desk-2")),
    ("assignment.changed", _assignment(5, "cancelled")),
    ("assignment.dispatched", _assignment(6, "dispatched", text="desk-3")),
    ("alarm.raised", {"alarm": {"id": 9}}),
    ("text.received", {"text": {"text": "gw-1"}}),
]


def _journal(bodies: list[tuple[str, dict[str, Any]]]) -> list[Entry]:
    digest, rows = b"", []
    for seq, (kind, told) in enumerate(bodies, start=1):
        body = json.dumps({"type": kind, **told})
        algorithm = "sm3" if seq > 2 else "sha256"  # a county that changed over
        digest = link(algorithm, digest, body.encode()) or b""
        restricted = kind == "alarm.raised"
        rows.append(
            Entry(seq, kind, body, digest, ("990181100000",), restricted=restricted, algorithm=algorithm)
        )
    return rows


def stored() -> Stored:
    """What an honest night leaves behind."""
    journal = _journal(BODIES)
    assignment = {"incident_id": 1, "team_id": 7}
    return Stored(
        journal=journal,
        head=(len(journal), journal[-1].hash),
        accounts={
            "chenjie": Account("duty_officer", "990181", frozenset(), frozenset()),
            "linxi": Account("township_officer", "990181100", frozenset(), frozenset()),
        },
        incidents=[{"id": 1, "state": "open", "title": "", "description": "desk-1", "close_reason": None}],
        assignments=[
            {"id": 5, "state": "cancelled", "text": "desk-2", **assignment},
            {"id": 6, "state": "dispatched", "text": "desk-3", **assignment},
        ],
        steps=[{"assignment_id": 5, "step": "cancel", "reason": "desk-4"}],
        alarms=[_alarm(9)],
        signals=[_signal(9, "sos-1")],
        deliveries={3: "delivered"},
        gateway_events={"uuid-1"},
    )


def _alarm(id_: int) -> dict[str, Any]:
    known = {"state": "open", "kind": "sos", "subject": "", "device_id": 4, "dismiss_reason": None}
    return {"id": id_, "acknowledged_at": AT, **known}


def _signal(alarm: int, ref: str) -> dict[str, Any]:
    of_device = {"device_id": 4, "number": "19900010006", "family": "jt808", "text": ""}
    return {"kind": "distress", "dedup_key": ref, "sent_at": AT, "alarm_id": alarm, **of_device}


def lines() -> Lines:
    """What the clients of that night wrote down."""
    journal = _journal(BODIES)

    def seen(seq: int) -> dict[str, Any]:
        wire = f'{{"seq":{seq},{journal[seq - 1].body[1:]}'
        return {"did": "event", "seq": seq, "sha256": hashlib.sha256(wire.encode()).hexdigest()}

    def done(kind: str, key: str, **told: Any) -> dict[str, Any]:
        return {"did": "command", "kind": kind, "key": key, "outcome": "acknowledged", "tries": 1, **told}

    everything, in_sight = range(1, 7), (1, 2, 3, 4, 6)
    return {
        "screen-chenjie": [
            {"did": "is", "account": "chenjie"},
            {"did": "begin", "after": 0},
            *map(seen, everything),
        ],
        "screen-linxi": [
            {"did": "is", "account": "linxi"},
            {"did": "begin", "after": 0},
            *map(seen, in_sight),
        ],
        "desk": [
            done("incident.open", "desk-1", id=1),
            done("assign", "desk-2", id=5),
            done("step", "desk-4", assignment=5, step="cancel"),
            done("assign", "desk-3", id=6),
            done("receipt", "desk-5", delivery=3),
            done("alarm.acknowledge", "desk-6", alarm=9),
            {"did": "command", "kind": "assign", "key": "desk-7", "outcome": "refused", "tries": 1},
            {"did": "race", "winners": [5]},
        ],
        "devices": [
            {
                "did": "frame",
                "family": "jt808",
                "number": "19900010006",
                "pressed": (AT - timedelta(seconds=1)).isoformat(),
                "confirmed": (AT + timedelta(seconds=1)).isoformat(),
            },
            {"did": "frame", "family": "gateway", "id": "uuid-1", "type": "text", "text": "gw-1"},
        ],
    }


def _read(folder: Path, written: Lines) -> Told:
    for who, notes in written.items():
        text = "".join(json.dumps({"who": who, **note}) + "\n" for note in notes)
        (folder / f"{who}.jsonl").write_text(text)
    return transcripts.read(folder)


def test_an_honest_night_has_no_finding(tmp_path: Path) -> None:
    assert judged(_read(tmp_path, lines()), stored()) == []


def _lost(told: Lines, _: Stored) -> None:
    del told["screen-linxi"][4]


def _doubled(told: Lines, _: Stored) -> None:
    told["screen-linxi"].append(told["screen-linxi"][-1])


def _reordered(told: Lines, _: Stored) -> None:
    notes = told["screen-chenjie"]
    notes[3], notes[4] = notes[4], notes[3]


def _changed(told: Lines, _: Stored) -> None:
    told["screen-chenjie"][2]["sha256"] = "0" * 64


def _other_eyes(told: Lines, _: Stored) -> None:
    told["screen-linxi"].insert(6, told["screen-chenjie"][6])


def _not_stored(_: Lines, kept: Stored) -> None:
    kept.incidents.clear()


def _stored_twice(_: Lines, kept: Stored) -> None:
    kept.steps *= 2


def _refused_and_done(told: Lines, _: Stored) -> None:
    told["desk"][6]["key"] = "desk-3"


def _team_sent_twice(_: Lines, kept: Stored) -> None:
    bodies = [
        (kind, _assignment(5, "en_route") if "cancelled" in str(body) else body) for kind, body in BODIES
    ]
    kept.journal = _journal(bodies)
    kept.head = (len(bodies), kept.journal[-1].hash)


def _two_told_that_they_won(told: Lines, _: Stored) -> None:
    told["desk"][-1]["winners"] = [5, 6]


def _two_took_one_step(told: Lines, kept: Stored) -> None:
    told["desk"].append({**told["desk"][2], "key": "other-1"})
    kept.steps.append({**kept.steps[0], "reason": "other-1"})


def _done_in_another_order(told: Lines, _: Stored) -> None:
    told["desk"][1], told["desk"][3] = told["desk"][3], told["desk"][1]


def _altered(_: Lines, kept: Stored) -> None:
    one = kept.journal[2]
    kept.journal[2] = Entry(3, one.type, one.body + " ", one.hash, algorithm=one.algorithm)


def _relabelled(_: Lines, kept: Stored) -> None:
    kept.journal[2] = replace(kept.journal[2], algorithm="sha256")


def _without_alarm(_: Lines, kept: Stored) -> None:
    kept.signals.clear()


def _call_twice(_: Lines, kept: Stored) -> None:
    kept.signals.append(_signal(10, "sos-1"))
    kept.alarms.append(_alarm(10))


def _event_of_gateway_gone(_: Lines, kept: Stored) -> None:
    kept.gateway_events.clear()


def _receipt_gone(_: Lines, kept: Stored) -> None:
    kept.deliveries[3] = "queued"


def _left_behind(told: Lines, _: Stored) -> None:
    del told["screen-chenjie"][5:]


@pytest.mark.parametrize(
    ("tamper", "expected"),
    [
        (_lost, {"event lost"}),
        (_doubled, {"event doubled"}),
        (_reordered, {"order broken"}),
        (_changed, {"event changed"}),
        (_other_eyes, {"event for other eyes"}),
        (_not_stored, {"command lost"}),
        (_stored_twice, {"command doubled"}),
        (_refused_and_done, {"refused command carried out"}),
        (_team_sent_twice, {"two winners", "event changed"}),
        (_two_told_that_they_won, {"two winners"}),
        (_two_took_one_step, {"two winners"}),
        (_done_in_another_order, {"order broken"}),
        (_relabelled, {"journal broken"}),
        (_altered, {"journal broken", "event changed", "event for other eyes"}),
        (_without_alarm, {"alarm lost"}),
        (_call_twice, {"alarm doubled"}),
        (_event_of_gateway_gone, {"gateway event lost"}),
        (_receipt_gone, {"receipt lost"}),
        (_left_behind, {"screen behind"}),
    ],
)
def test_a_false_night_is_found_out(
    tamper: Callable[[Lines, Stored], None], expected: set[str], tmp_path: Path
) -> None:
    written, kept = lines(), stored()
    tamper(written, kept)
    assert {finding.what for finding in judged(_read(tmp_path, written), kept)} == expected
