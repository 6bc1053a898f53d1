"""Let a phone in by a one-time link, and end it when it is lost."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from app.db import Tx
from app.journal import store as journal
from app.org import accounts
from app.org.accounts import LoggedIn, token_hash
from app.org.passwords import no_password
from app.org.phones import store
from app.org.phones.commands import LinkLoginIn, PhoneLinkIn
from app.org.phones.events import FieldPhoneChanged
from app.org.phones.facts import FieldPhoneFact
from app.org.phones.rules import may_let_in, scope_of
from app.org.phones.tables import FieldPhone
from app.org.rules.access import Concern, Viewer, actor, require
from app.org.store import people
from app.org.tables import Account, Person
from app.refusals import NotFound, NotPermitted, Refusal


class LinkSpent(Refusal):
    """The link is unknown, lapsed, revoked, or another phone used it; which of them is not told."""

    code = "link_spent"

    def __init__(self) -> None:
        super().__init__(
            "登录链接无效、已过期或已被使用,请向值班员要一个新的",
            "this login link is wrong, has lapsed or was used: ask the duty officer for a new one",
        )


@dataclass(frozen=True, slots=True)
class MadeLink:
    """A phone whose link was made; the token leaves the house once and is kept only as a hash."""

    phone: FieldPhoneFact
    token: str


@dataclass(frozen=True, slots=True)
class Revoked:
    """A phone that was ended, and whose it was."""

    phone: FieldPhoneFact
    account_id: int
    team_ids: frozenset[int]


async def make_link(tx: Tx, by: Viewer, person_id: int, told: PhoneLinkIn, now: datetime) -> MadeLink:
    """Make a one-time link for a person. Who has no account gets one as a responder of his teams.

    Raises NotFound; NotPermitted for an account that may do more than who makes the link.
    """
    person = await _person_for(tx, by, person_id, lock=True)
    account = await store.account_of(tx, by.stream, person_id)
    if account is None:
        account = _responder(person, by.stream)
        tx.add(account)
    if not may_let_in(by, person_id, person.region_code, accounts.viewer_of(account).role, account.scope):
        raise NotPermitted
    if account.username == _username(person_id):  # follows the register, having no other master
        account.team_ids = await store.teams_of(tx, by.stream, person_id)
        account.name_zh = person.name_zh
    await tx.flush()
    assert account.id is not None
    token = secrets.token_urlsafe(32)
    row = FieldPhone(
        stream=by.stream,
        person_id=person_id,
        account_id=account.id,
        link_hash=token_hash(token),
        made_by=by.name,
        made_at=now,
        expires_at=now + timedelta(minutes=told.minutes),
    )
    tx.add(row)
    fact = await _tell(tx, by, row, person, "field_phone.link_made", now)
    return MadeLink(fact, token)


async def log_in(tx: Tx, told: LinkLoginIn, address: str, now: datetime, lifetime: timedelta) -> LoggedIn:
    """Log a phone in with its link, once. Raises LinkSpent.

    On a bad network the answer may be lost after the link was used: the same phone, known by the key it made,
    may ask again until the link lapses, and has one session all the same.
    """
    found = await store.by_link(tx, token_hash(told.token))
    if found is None:
        raise LinkSpent
    row, account = found
    key_hash = token_hash(told.key)
    if row.revoked_at is not None or now >= row.expires_at or row.key_hash not in (None, key_hash):
        raise LinkSpent
    if row.session_hash is not None:
        await store.end_session(tx, row.session_hash)
    opened = await accounts.open_session(tx, account, address, now, lifetime)
    row.used_at, row.key_hash, row.label = row.used_at or now, key_hash, told.label
    row.session_hash = token_hash(opened.token)
    person = await tx.get(Person, row.person_id)
    assert person is not None
    await _tell(tx, opened.viewer, row, person, "field_phone.linked", now)
    return opened


async def revoke(tx: Tx, by: Viewer, person_id: int, phone_id: int, reason: str, now: datetime) -> Revoked:
    """End a phone at once: its login, or its link before it was used. Raises NotFound, NotPermitted.

    Whoever commands where the person is may take a lost phone out of use, whatever its account may do.
    """
    person = await _person_for(tx, by, person_id, lock=True)
    row = await store.locked(tx, by.stream, phone_id)
    if row is None or row.person_id != person_id:
        raise NotFound("该手机", "phone")
    account = await tx.get(Account, row.account_id)
    assert account is not None
    teams = frozenset(account.team_ids)
    if row.revoked_at is not None:
        return Revoked(await store.fact(tx, phone_id, now), row.account_id, teams)
    if row.session_hash is not None:
        await store.end_session(tx, row.session_hash)
    row.revoked_at, row.revoked_by, row.revoke_reason = now, by.name, reason
    fact = await _tell(tx, by, row, person, "field_phone.revoked", now)
    return Revoked(fact, row.account_id, teams)


async def listed(tx: Tx, by: Viewer, person_id: int, now: datetime) -> list[FieldPhoneFact]:
    """Return the phones of a person. Raises NotFound, NotPermitted."""
    await _person_for(tx, by, person_id, lock=False)
    return await store.listed(tx, by.stream, person_id, now)


async def _person_for(tx: Tx, by: Viewer, person_id: int, *, lock: bool) -> Person:
    if by.person_id != person_id:
        require(by, "command")
    row = next(iter(await people.of_numbers(tx, by.stream, [person_id], lock=lock)), None)
    if row is None or not row.active or not (by.covers(row.region_code) or by.person_id == person_id):
        raise NotFound("该人员", "person")
    return row


def _username(person_id: int) -> str:
    return f"phone-{person_id}"


def _responder(person: Person, stream: str) -> Account:
    assert person.id is not None
    return Account(
        username=_username(person.id),
        password_hash=no_password(),
        name_zh=person.name_zh,
        role="responder",
        stream=stream,
        scope=scope_of(person.region_code, stream),
        person_id=person.id,
        team_ids=[],
    )


async def _tell(
    tx: Tx,
    by: Viewer,
    row: FieldPhone,
    person: Person,
    event_type: Literal["field_phone.link_made", "field_phone.linked", "field_phone.revoked"],
    now: datetime,
) -> FieldPhoneFact:
    await tx.flush()
    assert row.id is not None
    fact = await store.fact(tx, row.id, now)
    event = FieldPhoneChanged(type=event_type, phone=fact, account_id=row.account_id)
    concern = Concern((person.region_code,), audience="audit")
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern)], actor(by))
    return fact
