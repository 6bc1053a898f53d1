"""Who may see an entry of the journal, written a second time from docs/security.md. Pure."""

from __future__ import annotations

from chaos.check.stored import Account, Entry

_DESK = frozenset(
    {
        "centre_leader",
        "shift_lead",
        "duty_officer",
        "township_leader",
        "township_officer",
        "auditor",
        "wall",
    }
)
_RESTRICTED = frozenset({"centre_leader", "shift_lead", "duty_officer", "auditor"})


def sees(account: Account, entry: Entry) -> bool | None:
    """Whether a screen of this account shows the entry; None where it depends on who is on duty at a post."""
    covered = any(code.startswith(account.scope) for code in entry.regions)
    if entry.audience == "audit":
        return account.role == "auditor" and covered
    if entry.audience == "register":
        return covered and (account.role in _DESK or account.role == "device_admin")
    if account.teams & entry.teams:
        return entry.audience != "outside"
    if entry.readers:
        return _named(account, entry, covered=covered)
    if account.role not in _DESK or not covered:
        return False
    return entry.audience != "outside" if account.role in _RESTRICTED else not entry.restricted


def _named(account: Account, entry: Entry, *, covered: bool) -> bool | None:
    named = bool(account.names & entry.readers)
    if not named and any(reader.startswith("post:") for reader in entry.readers):
        return None
    if entry.audience != "outside":
        return named
    saw = account.role in _DESK and (account.role in _RESTRICTED or not entry.restricted)
    return saw and covered and not named
