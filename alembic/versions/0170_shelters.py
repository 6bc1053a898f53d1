"""Shelters, their openings and head-counts, who goes where, evacuation lists."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from alembic import op

revision = "0170_shelters"
down_revision = "0160_lifecycle"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "evacuation",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("incident_id", sa.BigInteger(), nullable=True),
        sa.Column("incident_number", sa.String(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("readers", ARRAY(sa.Text()), nullable=False, server_default="{}"),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("deadline", INSTANT, nullable=True),
        sa.Column("ordered_at", INSTANT, nullable=False),
        sa.Column("told_at", INSTANT, nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("voucher", sa.String(), nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("ended_by", sa.String(), nullable=False),
        sa.Column("end_reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_evacuation_incident_id", "evacuation", ["incident_id"])
    op.create_table(
        "evacuation_resident",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("village_code", sa.String(), nullable=False),
        sa.Column("household", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("needs", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["village_code"],
            ["region.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint(
            "stream", "village_code", "household", "name", name="evacuation_resident_once_a_household"
        ),
    )
    op.create_table(
        "shelter",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("legacy_class", sa.String(), nullable=False),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("duration", sa.String(), nullable=False),
        sa.Column("space", sa.String(), nullable=False),
        sa.Column("function", sa.String(), nullable=False),
        sa.Column("specific", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("facilities", JSONB, nullable=False),
        sa.Column("opener", sa.String(), nullable=False),
        sa.Column("opener_phone", sa.String(), nullable=False),
        sa.Column("maintainer", sa.String(), nullable=False),
        sa.Column("inspected_on", sa.Date(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("elevation_m", sa.Float(), nullable=True),
        sa.CheckConstraint("legacy_class IN ('', 'I', 'II', 'III')", name="shelter_class_is_known"),
        sa.CheckConstraint("level IN ('city', 'township', 'village')", name="shelter_level_is_known"),
        sa.CheckConstraint("capacity > 0", name="shelter_takes_somebody"),
        sa.ForeignKeyConstraint(
            ["region_code"],
            ["region.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("stream", "name_zh", name="shelter_name_once"),
    )
    op.create_table(
        "evacuation_village",
        sa.Column("evacuation_id", sa.BigInteger(), nullable=False),
        sa.Column("village_code", sa.String(), nullable=False),
        sa.Column("shelter_id", sa.BigInteger(), nullable=True),
        sa.Column("alternative_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["alternative_id"],
            ["shelter.id"],
        ),
        sa.ForeignKeyConstraint(
            ["evacuation_id"],
            ["evacuation.id"],
        ),
        sa.ForeignKeyConstraint(
            ["shelter_id"],
            ["shelter.id"],
        ),
        sa.ForeignKeyConstraint(
            ["village_code"],
            ["region.code"],
        ),
        sa.PrimaryKeyConstraint("evacuation_id", "village_code"),
    )
    op.create_table(
        "shelter_opening",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("shelter_id", sa.BigInteger(), nullable=False),
        sa.Column("incident_id", sa.BigInteger(), nullable=True),
        sa.Column("incident_number", sa.String(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("readers", ARRAY(sa.Text()), nullable=False, server_default="{}"),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("told_at", INSTANT, nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("voucher", sa.String(), nullable=False),
        sa.Column("warned_at", INSTANT, nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("closed_told_at", INSTANT, nullable=True),
        sa.Column("closed_entered_at", INSTANT, nullable=True),
        sa.Column("closed_by", sa.String(), nullable=False),
        sa.Column("close_reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shelter_id"],
            ["shelter.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_shelter_opening_shelter_id", "shelter_opening", ["shelter_id"])
    op.create_index(
        "shelter_is_open_once",
        "shelter_opening",
        ["shelter_id"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "village_shelter",
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("village_code", sa.String(), nullable=False),
        sa.Column("shelter_id", sa.BigInteger(), nullable=False),
        sa.Column("alternative_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["alternative_id"],
            ["shelter.id"],
        ),
        sa.ForeignKeyConstraint(
            ["shelter_id"],
            ["shelter.id"],
        ),
        sa.ForeignKeyConstraint(
            ["village_code"],
            ["region.code"],
        ),
        sa.PrimaryKeyConstraint("stream", "village_code"),
    )
    op.create_table(
        "evacuee",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("evacuation_id", sa.BigInteger(), nullable=False),
        sa.Column("village_code", sa.String(), nullable=False),
        sa.Column("household", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("needs", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opening_id", sa.BigInteger(), nullable=True),
        sa.Column("means", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("witness", sa.String(), nullable=False),
        sa.Column("attachment", sa.String(), nullable=False),
        sa.Column("happened_at", INSTANT, nullable=True),
        sa.Column("told_at", INSTANT, nullable=True),
        sa.Column("entered_at", INSTANT, nullable=True),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("voucher", sa.String(), nullable=False),
        sa.Column("back", sa.String(), nullable=False),
        sa.Column("back_note", sa.String(), nullable=False),
        sa.Column("back_at", INSTANT, nullable=True),
        sa.Column("back_told_at", INSTANT, nullable=True),
        sa.Column("back_entered_at", INSTANT, nullable=True),
        sa.Column("back_entered_by", sa.String(), nullable=False),
        sa.CheckConstraint("back = '' OR state = 'moved'", name="evacuee_returns_who_was_moved"),
        sa.CheckConstraint("back IN ('', 'home', 'missing')", name="evacuee_return_is_known"),
        sa.CheckConstraint(
            "state <> 'refused' OR (reason <> '' AND witness <> '')", name="evacuee_refusal_has_evidence"
        ),
        sa.CheckConstraint("state IN ('waiting', 'moved', 'refused')", name="evacuee_state_is_known"),
        sa.ForeignKeyConstraint(
            ["evacuation_id"],
            ["evacuation.id"],
        ),
        sa.ForeignKeyConstraint(
            ["opening_id"],
            ["shelter_opening.id"],
        ),
        sa.ForeignKeyConstraint(
            ["village_code"],
            ["region.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("evacuee_in_opening", "evacuee", ["opening_id"])
    op.create_index("evacuee_of_village", "evacuee", ["evacuation_id", "village_code"])
    op.create_table(
        "shelter_count",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("opening_id", sa.BigInteger(), nullable=False),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.Column("counted_at", INSTANT, nullable=False),
        sa.Column("told_at", INSTANT, nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("voucher", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["opening_id"],
            ["shelter_opening.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("shelter_count_of_opening", "shelter_count", ["opening_id", "counted_at", "id"])
