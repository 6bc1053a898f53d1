"""Flights of drones, and what docks were asked."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from alembic import op

revision = "0550_drones"
down_revision = "0540_meetings"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "drone_mission",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False, server_default="false"),
        sa.Column("device_id", sa.BigInteger(), sa.ForeignKey("device.id"), nullable=False),
        sa.Column("incident_id", sa.BigInteger(), sa.ForeignKey("incident.id"), nullable=True),
        sa.Column("region_code", sa.String(), sa.ForeignKey("region.code"), nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("purpose", "pilot", "observer", "airspace_kind", "airspace")
        ),
        sa.Column("launched_at", INSTANT, nullable=True),
        sa.Column("launch_pct", sa.Float(), nullable=True),
        sa.Column("landed_at", INSTANT, nullable=True),
        sa.Column("landing_pct", sa.Float(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("attachment_ids", ARRAY(sa.BigInteger()), nullable=False, server_default="{}"),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.UniqueConstraint("stream", "number", name="a_flight_number_is_given_once"),
        sa.CheckConstraint(
            "landed_at IS NULL OR (launched_at IS NOT NULL AND landed_at >= launched_at)",
            name="a_drone_lands_after_its_launch",
        ),
    )
    op.create_index("drone_mission_of_device", "drone_mission", ["device_id", "id"])
    op.create_index("drone_mission_of_incident", "drone_mission", ["incident_id"])
    op.create_table(
        "drone_live",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("device_id", sa.BigInteger(), sa.ForeignKey("device.id"), nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("gateway", "verb", "video_id", "url", "outcome")
        ),
        sa.Column("code", sa.BigInteger(), nullable=True),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
    )
    op.create_index("drone_live_of_device", "drone_live", ["device_id", "id"])


def downgrade() -> None:
    op.drop_table("drone_live")
    op.drop_table("drone_mission")
