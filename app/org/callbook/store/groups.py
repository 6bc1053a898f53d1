"""Every SQL statement about groups that are addressed as one, and about the people of teams."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, text
from sqlmodel import col, select

from app.db import Tx
from app.org.callbook.facts import GroupFact, GroupMemberFact, TeamMemberFact
from app.org.callbook.tables import GroupMember, RecipientGroup, TeamMember
from app.org.store import people
from app.org.tables import Team

_MEMBERS = """
SELECT m.group_id, m.unit_id, m.office_id, coalesce(u.name_zh, o.title, p.name_zh) AS name,
       CASE WHEN p.active THEN p.id END AS person_id
  FROM group_member m
  LEFT JOIN org_unit u ON u.id = m.unit_id
  LEFT JOIN office o ON o.id = m.office_id
  LEFT JOIN person p ON p.id = coalesce(m.person_id, o.person_id)
 WHERE m.group_id = ANY(:groups) ORDER BY m.group_id, m.ordinal, m.id
"""


async def _facts(tx: Tx, stream: str, groups: Sequence[RecipientGroup]) -> list[GroupFact]:
    rows = (await tx.execute(text(_MEMBERS), {"groups": [group.id for group in groups]})).mappings().all()
    known = await people.facts(tx, stream, [row["person_id"] for row in rows if row["person_id"]])
    found = []
    for group in groups:
        members = [
            GroupMemberFact(
                unit_id=row["unit_id"],
                office_id=row["office_id"],
                name=row["name"],
                person=known.get(row["person_id"]),
            )
            for row in rows
            if row["group_id"] == group.id
        ]
        reached = {member.person.id for member in members if member.person is not None}
        found.append(GroupFact(**group.model_dump(exclude={"stream"}), people=len(reached), members=members))
    return found


async def in_scope(tx: Tx, stream: str, scope: str) -> list[GroupFact]:
    """Return the groups of a scope with their members."""
    rows = await tx.execute(
        select(RecipientGroup)
        .where(col(RecipientGroup.stream) == stream, col(RecipientGroup.region_code).startswith(scope))
        .order_by("region_code", "id")
    )
    return await _facts(tx, stream, list(rows.scalars()))


async def fact(tx: Tx, group: RecipientGroup) -> GroupFact:
    """Return one group with its members."""
    (found,) = await _facts(tx, group.stream, [group])
    return found


async def locked(tx: Tx, stream: str, group_id: int) -> RecipientGroup | None:
    """Return the row, locked until commit; None if it is not in this county."""
    found = await tx.execute(
        select(RecipientGroup)
        .where(col(RecipientGroup.id) == group_id, col(RecipientGroup.stream) == stream)
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def replace_members(tx: Tx, group_id: int, members: Sequence[GroupMember]) -> None:
    """Let a group have these members and no others."""
    await tx.execute(delete(GroupMember).where(col(GroupMember.group_id) == group_id))
    tx.add_all(members)
    await tx.flush()


async def forget(tx: Tx, group: RecipientGroup) -> None:
    """Delete a group that has no members any more."""
    await tx.delete(group)
    await tx.flush()


async def unknown(
    tx: Tx, stream: str, units: Sequence[int], persons: Sequence[int], offices: Sequence[int]
) -> list[tuple[str, int]]:
    """Return which of these are not in the county or not in service: ("unit_id", 7)."""
    rows = await tx.execute(
        text(
            "SELECT 'unit_id' AS what, w.id FROM unnest(CAST(:units AS bigint[])) AS w(id) WHERE NOT EXISTS"
            " (SELECT 1 FROM org_unit u WHERE u.id = w.id AND u.active AND u.region_code LIKE :s || '%')"
            " UNION ALL"
            " SELECT 'person_id', w.id FROM unnest(CAST(:persons AS bigint[])) AS w(id) WHERE NOT EXISTS"
            " (SELECT 1 FROM person p WHERE p.id = w.id AND p.active AND p.region_code LIKE :s || '%')"
            " UNION ALL"
            " SELECT 'office_id', w.id FROM unnest(CAST(:offices AS bigint[])) AS w(id) WHERE NOT EXISTS"
            " (SELECT 1 FROM office o WHERE o.id = w.id AND o.stream = :s)"
        ),
        {"s": stream, "units": list(units), "persons": list(persons), "offices": list(offices)},
    )
    return [(row.what, row.id) for row in rows]


async def team(tx: Tx, stream: str, team_id: int, *, lock: bool) -> Team | None:
    """Return a team of the county, locked until commit if asked."""
    wanted = select(Team).where(col(Team.id) == team_id, col(Team.stream) == stream)
    found = await tx.execute(wanted.with_for_update(key_share=True) if lock else wanted)
    return found.scalar_one_or_none()


async def team_members(tx: Tx, stream: str, team_id: int) -> list[TeamMemberFact]:
    """Return the people of a team: its leader, deputies, members."""
    rows = (
        await tx.execute(
            text(
                "SELECT m.person_id, m.role, (SELECT count(*) FROM team_member o"
                " WHERE o.person_id = m.person_id AND o.team_id <> m.team_id) AS other_teams"
                " FROM team_member m WHERE m.team_id = :team"
                " ORDER BY array_position(ARRAY['leader', 'deputy', 'member'], m.role), m.person_id"
            ),
            {"team": team_id},
        )
    ).all()
    known = await people.facts(tx, stream, [row.person_id for row in rows])
    return [
        TeamMemberFact(role=row.role, other_teams=row.other_teams, person=known[row.person_id])
        for row in rows
        if row.person_id in known
    ]


async def replace_team_members(tx: Tx, team_id: int, members: Sequence[TeamMember]) -> None:
    """Let a team have these people and no others."""
    await tx.execute(delete(TeamMember).where(col(TeamMember.team_id) == team_id))
    tx.add_all(members)
    await tx.flush()
