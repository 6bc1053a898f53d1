"""Releases: sectors, measured values, countersigned lifting."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op

revision = "0562_releases"
down_revision = "0561_outside_teams"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _of_incident() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("incident_id", sa.BigInteger(), sa.ForeignKey("incident.id"), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "release_sector",
        *_of_incident(),
        *_words("substance", "size", "basis"),
        *(
            sa.Column(name, sa.Float(), nullable=False)
            for name in ("lon", "lat", "wind_from_deg", "wind_mps")
        ),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("isolate_m", "evacuate_m", "protect_m")),
        sa.Column("ring", JSONB(), nullable=False),
        sa.Column("places", JSONB(), nullable=False),
        sa.Column("area_id", sa.BigInteger(), nullable=True),
        *_words("drawn_by"),
        sa.Column("drawn_at", INSTANT, nullable=False),
        sa.CheckConstraint("isolate_m <= evacuate_m AND evacuate_m <= protect_m", name="distances_grow"),
    )
    op.create_index(op.f("ix_release_sector_incident_id"), "release_sector", ["incident_id"])
    op.create_table(
        "release_reading",
        *_of_incident(),
        *_words("point", "substance"),
        sa.Column("value", sa.Float(), nullable=False),
        *_words("unit"),
        sa.Column("normal_to", sa.Float(), nullable=False),
        sa.Column("measured_at", INSTANT, nullable=False),
        *_words("source", "entered_by"),
        sa.Column("entered_at", INSTANT, nullable=False),
    )
    op.create_index("release_reading_of_incident", "release_reading", ["incident_id", "measured_at"])
    op.create_table(
        "release_lifting",
        *_of_incident(),
        *_words("proposed_by"),
        sa.Column("proposed_at", INSTANT, nullable=False),
        *_words("words"),
        sa.Column("lifted_by", sa.String(), nullable=True),
        sa.Column("lifted_at", INSTANT, nullable=True),
        *_words("commander", "reason"),
        sa.CheckConstraint("commander = '' OR reason <> ''", name="who_overrules_says_why"),
    )
    op.create_index(op.f("ix_release_lifting_incident_id"), "release_lifting", ["incident_id"])
    op.create_index(
        "one_open_lifting_of_an_incident",
        "release_lifting",
        ["incident_id"],
        unique=True,
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.create_table(
        "release_signature",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("lifting_id", sa.BigInteger(), sa.ForeignKey("release_lifting.id"), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), sa.ForeignKey("org_unit.id"), nullable=False),
        sa.Column("verdict", sa.String(), nullable=True),
        *_words("name", "words"),
        sa.Column("told_by", sa.String(), nullable=True),
        sa.Column("signed_at", INSTANT, nullable=True),
        sa.UniqueConstraint("lifting_id", "unit_id", name="a_department_signs_once"),
        sa.CheckConstraint("verdict IS DISTINCT FROM 'objected' OR words <> ''", name="who_objects_says_why"),
        sa.CheckConstraint("(verdict IS NULL) = (signed_at IS NULL)", name="a_verdict_has_its_time"),
    )


def downgrade() -> None:
    for name in ("release_signature", "release_lifting", "release_reading", "release_sector"):
        op.drop_table(name)
