"""Tables of the call book: offices and who holds them, who answers for a place, groups, teams' people."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel


class Office(SQLModel, table=True):
    """An office a person holds for a place (职务): what points to it follows when its holder changes.

    `kind`: village_head, contact_a, contact_b (A1.4), township_leader, county_leader, other.
    """

    __tablename__ = "office"
    __table_args__ = (
        Index(
            "one_office_of_a_kind_in_a_village",
            "region_code",
            "kind",
            unique=True,
            postgresql_where=text("kind IN ('village_head', 'contact_a', 'contact_b')"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    kind: str
    title: str
    region_code: str = Field(foreign_key="region.code")
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BigInteger, index=True)


class Responsibility(SQLModel, table=True):
    """Who must be called for a place, or for one point in it: a dam, a slope (A1.15 包干责任).

    It names an office, or a person who holds none. `kind`: county_leader, township_leader, contact.
    """

    __tablename__ = "responsibility"
    __table_args__ = (
        CheckConstraint("num_nonnulls(person_id, office_id) = 1", name="responsibility_is_one_s"),
        Index(
            "responsibility_once",
            "region_code",
            "point",
            "kind",
            text("coalesce(person_id, -office_id)"),
            unique=True,
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    kind: str
    region_code: str = Field(foreign_key="region.code")
    point: str = ""
    ordinal: int = 0
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BigInteger, index=True)
    office_id: int | None = Field(default=None, foreign_key="office.id", sa_type=BigInteger, index=True)


class RecipientGroup(SQLModel, table=True):
    """A list that is addressed as one, e.g. 防指成员 (A1.14)."""

    __tablename__ = "recipient_group"
    __table_args__ = (UniqueConstraint("stream", "region_code", "name_zh", name="group_name_is_unique"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    name_zh: str
    name_en: str = ""
    region_code: str = Field(foreign_key="region.code")


class GroupMember(SQLModel, table=True):
    """A member of a group: a unit, a person, or whoever holds an office."""

    __tablename__ = "group_member"
    __table_args__ = (
        CheckConstraint("num_nonnulls(unit_id, person_id, office_id) = 1", name="group_member_is_one"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    group_id: int = Field(foreign_key="recipient_group.id", sa_type=BigInteger, index=True)
    ordinal: int = 0
    unit_id: int | None = Field(default=None, foreign_key="org_unit.id", sa_type=BigInteger)
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BigInteger)
    office_id: int | None = Field(default=None, foreign_key="office.id", sa_type=BigInteger)


class TeamMember(SQLModel, table=True):
    """A person in a team: leader, deputy or member. One person may be in several (A4.1)."""

    __tablename__ = "team_member"

    team_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("team.id"), primary_key=True, autoincrement=False)
    )
    person_id: int = Field(
        sa_column=Column(
            BigInteger, ForeignKey("person.id"), primary_key=True, autoincrement=False, index=True
        )
    )
    role: str = "member"
