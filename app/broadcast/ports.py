"""Where the wire meets the business: what the wire reads and tells; each call in its own transaction.

A message that is approved and due is issued in one transaction: it gets its EBMID, and one row of
`broadcast_handover` is written for each platform (`broadcast_peer`) that is to play it. The wire then

1. takes what is due: `for one in await take_handovers(tx, stream, now)`; each row is held by a lease
   (`next_at` lies LEASE ahead and `attempts` has grown) so that it is sent by one node, and again if
   that node dies. COMMIT before anything is sent;
2. makes the EBM from `Payload.model_validate(one.payload)`, sends it, and
3. tells how it went, in a second transaction: `note_handover(tx, id, outcome, words, now)`. `"receipted"`
   (ResultCode 0 or 1) and `"refused"` (2 to 5) end it; `"failed"` is tried again, later and later, until
   `give_up_at`, then the desk is told. `"sent"`: it is out, and no receipt came: tried again like a failure.

A row that was `withdrawn` meanwhile (somebody pressed stop) is never sent again. A stop is a message like
any other (`msg_type` 2, `related_ebmid`), is handed over at once and only to those peers that were given,
or may have been given, what it stops.

What platforms say comes back by

* `note_terminals(tx, stream, rows, now)`: their register (EBRDTInfo), by resource code;
* `note_terminal_states(tx, stream, rows, now)`: EBRDTState; an older word never undoes a newer one;
* `note_results(tx, ebmid, rows, reported_at, now=…)`: results of terminals (ResBrdItem, EBMBrdLog, 089 0x15);
* `note_message_state(tx, ebmid, code, words, at, peer_id=…, now=…)`: the BrdStateCode of the whole message.

`reported_at` and `at` are the peer's times, `now` is our clock's: give both, clocks of peers go wrong.

All of them may be called again with the same rows: nothing changes and nothing is told twice. What names
an EBMID or a terminal nobody knows comes back in `Noted.unknown`, and is not an error: a county's platform
has more loudspeakers than our register. State 4 (failed) of a whole message means all, a part, or not as
asked: it is judged by the results of its terminals, never taken for the whole.
"""

from __future__ import annotations

from app.broadcast.actions.wire import (
    LEASE,
    Noted,
    note_handover,
    note_message_state,
    note_results,
    note_terminal_states,
    note_terminals,
    take_handovers,
)
from app.broadcast.shapes import (
    Outcome,
    Payload,
    PayloadContent,
    PayloadVoice,
    TerminalEntry,
    TerminalResult,
    TerminalState,
)
from app.broadcast.store.files import voice

__all__ = [
    "LEASE",
    "Noted",
    "Outcome",
    "Payload",
    "PayloadContent",
    "PayloadVoice",
    "TerminalEntry",
    "TerminalResult",
    "TerminalState",
    "note_handover",
    "note_message_state",
    "note_results",
    "note_terminal_states",
    "note_terminals",
    "take_handovers",
    "voice",
]
