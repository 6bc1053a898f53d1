"""What a report must say to count (domain/rules B5, engine semantics 3 and 4)."""

from __future__ import annotations

from app.dispatch.commands import TellingIn
from app.refusals import FieldFault

CALLED = frozenset({"telephone", "satellite_phone"})
SPOKEN = CALLED | {"radio", "video", "in_person"}
WRITTEN = frozenset({"written", "fax", "email"})
SYSTEM = frozenset({"system"})


def missing_of(told: TellingIn) -> list[FieldFault]:
    """Return what is missing of a report: a call has a number, a written one a receipt."""
    if told.channel not in SPOKEN | WRITTEN | SYSTEM:
        known = sorted(SPOKEN | WRITTEN | SYSTEM)
        names = ", ".join(known)
        return [FieldFault("channel", f"报送方式须为以下之一:{names}", f"the channel is one of {names}")]
    faults = []
    if told.sender == told.receiver:
        faults.append(FieldFault("receiver", "报送单位与接收单位不能相同", "nobody reports to himself"))
    if told.channel in CALLED and told.receiver != "L" and not told.number:
        faults.append(FieldFault("number", "电话报送须填写拨打的号码", "give the number that was called"))
    if told.channel in WRITTEN and not told.receipt:
        faults.append(
            FieldFault("receipt", "书面报送须填写回执或电话确认人", "say who confirmed the receipt")
        )
    return faults
