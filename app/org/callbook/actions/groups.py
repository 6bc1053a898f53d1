"""Groups that are addressed as one, and the people of teams."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy.exc import IntegrityError

from app.db import Tx
from app.journal import store as journal
from app.org.actions.people import tell_leaders
from app.org.callbook.actions.offices import missing_fault, require_place
from app.org.callbook.commands import GroupIn, TeamMembersIn
from app.org.callbook.events import GroupChanged, MembershipSet
from app.org.callbook.facts import GroupFact, TeamMembersOut
from app.org.callbook.store import groups as store
from app.org.callbook.tables import GroupMember, RecipientGroup, TeamMember
from app.org.rules.access import Concern, Viewer, actor, require
from app.refusals import InvalidInput, NotFound, Refusal


class GroupNameTaken(Refusal):
    """Another group of the place is called so."""

    code = "group_name_taken"

    def __init__(self, name: str) -> None:
        super().__init__(f"已有名为“{name}”的名单", f"there is a group called {name} already")


async def make(tx: Tx, by: Viewer, told: GroupIn, now: datetime) -> GroupFact:
    """Make a group with its members. Raises GroupNameTaken, InvalidInput, NotPermitted."""
    require(by, "manage_people")
    await require_place(tx, by, told.region_code)
    await _require_members(tx, by, told)
    row = RecipientGroup(stream=by.stream, **told.model_dump(exclude={"members"}))
    tx.add(row)
    await _write(tx, row, told)
    return await _tell(tx, by, row, "group.registered", now)


async def amend(tx: Tx, by: Viewer, group_id: int, told: GroupIn, now: datetime) -> GroupFact:
    """Put a whole group in the place of what it was. Raises NotFound, GroupNameTaken, InvalidInput."""
    row = await _group_for(tx, by, group_id)
    await require_place(tx, by, told.region_code)
    await _require_members(tx, by, told)
    before = row.region_code
    row.name_zh, row.name_en, row.region_code = told.name_zh, told.name_en, told.region_code
    await _write(tx, row, told)
    return await _tell(tx, by, row, "group.amended", now, (before,))


async def delete(tx: Tx, by: Viewer, group_id: int, now: datetime) -> None:
    """Delete a group; its members stay who they are. Raises NotFound."""
    row = await _group_for(tx, by, group_id)
    fact = await store.fact(tx, row)
    await store.replace_members(tx, group_id, [])
    await store.forget(tx, row)
    event = GroupChanged(type="group.deleted", group=fact)
    await journal.append(tx, by.stream, now, [journal.Entry(event, Concern((fact.region_code,)))], actor(by))


async def set_team(tx: Tx, by: Viewer, team_id: int, told: TeamMembersIn, now: datetime) -> TeamMembersOut:
    """Say who is in a team; the leader among them leads it from now on. Raises NotFound, InvalidInput."""
    require(by, "manage_people")
    team = await store.team(tx, by.stream, team_id, lock=True)
    if team is None or not by.covers(team.region_code):
        raise NotFound("该队伍", "team")
    await _require_known(tx, by, persons=[member.person_id for member in told.members])
    rows = [TeamMember(team_id=team_id, **member.model_dump()) for member in told.members]
    await store.replace_team_members(tx, team_id, rows)
    leader = next((member.person_id for member in told.members if member.role == "leader"), None)
    led_anew = leader is not None and leader != team.leader_id
    if led_anew:
        # A form of the team that was opened before is stale now.
        team.leader_id, team.revision = leader, team.revision + 1
        team.changed_by, team.changed_at = by.name, now
        await tx.flush()
    event = MembershipSet(
        type="membership.set",
        team_id=team_id,
        team_name=team.name_zh,
        person_ids=[member.person_id for member in told.members],
    )
    await journal.append(tx, by.stream, now, [journal.Entry(event, Concern((team.region_code,)))], actor(by))
    if led_anew and leader is not None:
        await tell_leaders(tx, by, [leader], now)
    members = await store.team_members(tx, by.stream, team_id)
    return TeamMembersOut(team_id=team_id, team_name=team.name_zh, members=members)


async def _group_for(tx: Tx, by: Viewer, group_id: int) -> RecipientGroup:
    require(by, "manage_people")
    row = await store.locked(tx, by.stream, group_id)
    if row is None or not by.covers(row.region_code):
        raise NotFound("该名单", "group")
    return row


async def _require_members(tx: Tx, by: Viewer, told: GroupIn) -> None:
    await _require_known(
        tx,
        by,
        units=[m.unit_id for m in told.members if m.unit_id is not None],
        persons=[m.person_id for m in told.members if m.person_id is not None],
        offices=[m.office_id for m in told.members if m.office_id is not None],
    )


async def _write(tx: Tx, row: RecipientGroup, told: GroupIn) -> None:
    try:
        await tx.flush()
    except IntegrityError as error:
        if "group_name_is_unique" in str(error):
            raise GroupNameTaken(told.name_zh) from error
        raise
    assert row.id is not None
    once = dict.fromkeys((m.unit_id, m.person_id, m.office_id) for m in told.members)
    members = [
        GroupMember(group_id=row.id, ordinal=n, unit_id=unit, person_id=person, office_id=office)
        for n, (unit, person, office) in enumerate(once)
    ]
    await store.replace_members(tx, row.id, members)


async def _require_known(
    tx: Tx,
    by: Viewer,
    *,
    units: Sequence[int] = (),
    persons: Sequence[int] = (),
    offices: Sequence[int] = (),
) -> None:
    if missing := await store.unknown(tx, by.stream, units, persons, offices):
        raise InvalidInput(*(missing_fault(f"members.{what}.{id_}", what) for what, id_ in missing[:50]))


async def _tell(
    tx: Tx,
    by: Viewer,
    row: RecipientGroup,
    event_type: Literal["group.registered", "group.amended"],
    now: datetime,
    regions: tuple[str, ...] = (),
) -> GroupFact:
    fact = await store.fact(tx, row)
    event = GroupChanged(type=event_type, group=fact)
    concern = Concern(tuple(dict.fromkeys((*regions, fact.region_code))))
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern)], actor(by))
    return fact
