"""Wire shapes of the late-report sheet (迟报核查)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.commands import Command
from app.dispatch.attachments.facts import AttachmentKind
from app.dispatch.facts import ReportKind, ReportNode, TellingFact
from app.reporting.facts import ReportCapFact, ReportKnownFact, ReportLateFact, ReportMeans
from app.reporting.report.rules.steps import ReportState
from app.wire import Fact


class LateSheetIn(Command):
    """Make the sheet of an incident: of all addressees, or of one."""

    receiver: ReportNode | None = None


class SheetDueFact(Fact):
    """What was due and whether it was made: the rule with its anchor and limit, late by `late_minutes`.

    `state` open: not made yet, then `late_minutes` are those so far. `disputed`: a correction of the facts
    contradicts the flag, which stays.
    """

    id: int
    sender: ReportNode
    receiver: ReportNode
    channel: ReportMeans
    kind: ReportKind
    round: int
    due_at: datetime
    rule_id: str
    profile: str
    mark: str
    rules_version: str
    grade: str
    anchor: str
    anchor_at: datetime
    limit_zh: str
    limit_en: str
    why_zh: str
    why_en: str
    cap: ReportCapFact | None
    state: Literal["open", "done", "dropped"]
    done_at: datetime | None
    done_version: int | None
    late_minutes: int
    flagged: bool
    disputed: bool
    late: list[ReportLateFact]


class SheetCallerFact(Fact):
    """Who told of the incident, with the number he gave."""

    name: str
    phone: str


class SheetRecordingFact(Fact):
    """A recording or another file kept with the incident, by its hash; its content is not in the sheet."""

    id: int
    kind: AttachmentKind
    name: str
    caption: str
    sha256: str
    happened_at: datetime | None
    told_at: datetime
    added_at: datetime
    added_by: str
    withdrawn: bool


class SheetReceiptFact(Fact):
    """One addressee of a version: when it went there, how and by whom it was received."""

    node: ReportNode
    name: str
    is_copy: bool
    sent_at: datetime | None
    sent_by: str
    channel: str
    confirmed_as: Literal["receipt", "call"] | None
    confirmed_at: datetime | None
    confirmed_by: str
    confirmed_number: str


class SheetVersionFact(Fact):
    """A written version: number, who signed it and when, how often it was returned, its papers' hashes."""

    id: int
    version: int
    number: str | None
    title: str
    kind: str
    state: ReportState
    drafted_by: str
    drafted_at: datetime
    returns: int
    signed_as: Literal["leader", "oral_consent"] | None
    signed_by: str | None
    consent_of: str
    signed_at: datetime | None
    sent_at: datetime | None
    to: list[SheetReceiptFact]
    papers: list[str]


class SheetEntryFact(Fact):
    """An entry of the journal that the sheet rests on, with its number and hash in hex."""

    seq: int
    at: datetime
    type: str
    actor: str | None
    hash: str


class SheetProofFact(Fact):
    """The chain of the journal at the moment of the export: its end, and the first entry that is not whole.

    `last_hash` is by `last_algorithm` (`sha256`, `sm3`). `broken_type` is "" for an entry that is gone.
    `rewritten_upto`: an earlier edition kept the hash of this entry, and the journal holds another
    now: the chain was written anew, even where it is whole in itself.
    """

    last_seq: int
    last_hash: str
    whole: int
    broken_seq: int | None
    broken_type: str
    rewritten_upto: int | None
    ok: bool
    proved_at: datetime
    last_algorithm: str = "sha256"


class LateSheet(Fact):
    """What the sheet says, but the proof. Equal sheets are equal text."""

    incident_id: int
    number: str
    title: str
    event_name_zh: str
    event_name_en: str
    initial_level: int
    place: str
    state: str
    occurred_at: datetime | None
    received_at: datetime
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    receiver: ReportNode | None
    dues: list[SheetDueFact]
    known: list[ReportKnownFact]
    tellings: list[TellingFact]
    callers: list[SheetCallerFact]
    recordings: list[SheetRecordingFact]
    versions: list[SheetVersionFact]
    entries: list[SheetEntryFact]
    entries_left_out: bool


class SheetPaperFact(Fact):
    """One form of an edition as it is kept, by its hash."""

    form: Literal["json", "pdf", "docx"]
    sha256: str


class LateSheetFact(Fact):
    """An edition: made when something of the sheet is new, kept as it was printed."""

    id: int
    incident_id: int
    receiver: ReportNode | None
    edition: int
    made_at: datetime
    made_by: str
    content_sha256: str
    proof: SheetProofFact
    papers: list[SheetPaperFact]


class LateSheetMade(Fact):
    """An export: the edition that says it, whether it is new, what it says, and the proof of this moment."""

    sheet: LateSheetFact
    fresh: bool
    content: LateSheet
    proof: SheetProofFact
