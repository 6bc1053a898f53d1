"""Offices and who holds them, who answers for which place, recipient groups, the people of teams."""

import sqlalchemy as sa

from alembic import op

revision = "0041_offices"
down_revision = "0040_people"
branch_labels = None
depends_on = None


def _one(table: str, *, nullable: bool = True, index: bool = False) -> sa.Column:
    name = {"org_unit": "unit_id"}.get(table, f"{table}_id")
    return sa.Column(name, sa.BigInteger(), sa.ForeignKey(f"{table}.id"), nullable=nullable, index=index)


def _place() -> sa.Column:
    return sa.Column("region_code", sa.String(), sa.ForeignKey("region.code"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "office",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        _place(),
        _one("person", index=True),
    )
    op.create_index(
        "one_office_of_a_kind_in_a_village",
        "office",
        ["region_code", "kind"],
        unique=True,
        postgresql_where=sa.text("kind IN ('village_head', 'contact_a', 'contact_b')"),
    )
    op.create_table(
        "responsibility",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        _place(),
        sa.Column("point", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        _one("person", index=True),
        _one("office", index=True),
        sa.CheckConstraint("num_nonnulls(person_id, office_id) = 1", name="responsibility_is_one_s"),
    )
    op.create_index(
        "responsibility_once",
        "responsibility",
        ["region_code", "point", "kind", sa.text("coalesce(person_id, -office_id)")],
        unique=True,
    )
    op.create_table(
        "recipient_group",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        _place(),
        sa.UniqueConstraint("stream", "region_code", "name_zh", name="group_name_is_unique"),
    )
    op.create_table(
        "group_member",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column(
            "group_id", sa.BigInteger(), sa.ForeignKey("recipient_group.id"), nullable=False, index=True
        ),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        _one("org_unit"),
        _one("person"),
        _one("office"),
        sa.CheckConstraint("num_nonnulls(unit_id, person_id, office_id) = 1", name="group_member_is_one"),
    )
    op.create_table(
        "team_member",
        sa.Column("team_id", sa.BigInteger(), sa.ForeignKey("team.id"), primary_key=True),
        sa.Column("person_id", sa.BigInteger(), sa.ForeignKey("person.id"), primary_key=True, index=True),
        sa.Column("role", sa.String(), nullable=False),
    )
