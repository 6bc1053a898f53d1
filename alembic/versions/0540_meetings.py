"""Meetings and roll calls by video: who was called, who came, and what the screens signal for a moment."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from alembic import op

revision = "0540_meetings"
down_revision = "0530_cameras"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False, server_default="false"),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("incident_id", sa.BigInteger(), sa.ForeignKey("incident.id"), nullable=True),
        sa.Column("region_codes", ARRAY(sa.Text()), nullable=False),
        sa.Column("team_ids", ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name="a_closed_meeting_has_its_end"
        ),
    )
    op.create_index("meeting_open", "meeting", ["stream"], postgresql_where=sa.text("state = 'open'"))
    op.create_index("ix_meeting_incident_id", "meeting", ["incident_id"])
    op.create_table(
        "meeting_member",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("meeting_id", sa.BigInteger(), sa.ForeignKey("meeting.id"), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ref_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("rang_at", INSTANT, nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("answered_by", sa.String(), nullable=False),
        sa.Column("connected_at", INSTANT, nullable=True),
        sa.Column("video_at", INSTANT, nullable=True),
        sa.Column("left_at", INSTANT, nullable=True),
        sa.Column("camera", sa.Boolean(), nullable=True),
        sa.Column("microphone", sa.Boolean(), nullable=True),
        sa.UniqueConstraint("meeting_id", "kind", "ref_id", name="nobody_is_called_twice"),
    )
    op.create_table(
        "meeting_peer",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("meeting_id", sa.BigInteger(), sa.ForeignKey("meeting.id"), nullable=False),
        sa.Column("member_id", sa.BigInteger(), sa.ForeignKey("meeting_member.id"), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("camera", sa.Boolean(), nullable=False),
        sa.Column("microphone", sa.Boolean(), nullable=False),
        sa.Column("joined_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.UniqueConstraint("member_id", name="one_screen_a_seat"),
    )
    op.create_index("ix_meeting_peer_meeting_id", "meeting_peer", ["meeting_id"])
    op.create_table(
        "meeting_signal",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("peer_id", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        prefixes=["UNLOGGED"],
    )
    op.create_index("meeting_signal_of", "meeting_signal", ["peer_id", "id"])


def downgrade() -> None:
    for table in ("meeting_signal", "meeting_peer", "meeting_member", "meeting"):
        op.drop_table(table)
