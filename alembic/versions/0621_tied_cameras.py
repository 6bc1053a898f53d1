"""Cameras tied to what they follow, their old views; one open task of a cause."""

import sqlalchemy as sa

from alembic import op

revision = "0621_tied_cameras"
down_revision = "0620_drill_parties"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "camera", sa.Column("tracker_id", sa.BigInteger(), sa.ForeignKey("device.id"), nullable=True)
    )
    op.add_column("camera", sa.Column("team_id", sa.BigInteger(), sa.ForeignKey("team.id"), nullable=True))
    op.create_check_constraint(  # expand: both columns are new and empty, every row satisfies it
        "only_what_is_carried_is_tracked",
        "camera",
        "num_nonnulls(tracker_id, team_id) = 0"
        " OR (num_nonnulls(tracker_id, team_id) = 1 AND kind IN ('backpack', 'drone'))",
    )
    op.create_table(
        "camera_view",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("camera_id", sa.BigInteger(), sa.ForeignKey("camera.id"), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("bearing_deg", sa.Float(), nullable=True),
        sa.Column("angle_deg", sa.Float(), nullable=True),
        sa.Column("range_m", sa.Float(), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.String(), nullable=False),
    )
    op.create_index("ix_camera_view_camera_id", "camera_view", ["camera_id"])
    op.create_index(
        "one_open_task_of_a_cause",
        "task",
        ["source_kind", "source_id"],
        unique=True,
        postgresql_where=sa.text(
            "source_kind IN ('device', 'spot_finding') AND state NOT IN ('closed', 'dropped', 'converted')"
        ),
    )


def downgrade() -> None:
    op.drop_index("one_open_task_of_a_cause", "task")
    op.drop_table("camera_view")
    op.drop_constraint("only_what_is_carried_is_tracked", "camera")
    op.drop_column("camera", "team_id")
    op.drop_column("camera", "tracker_id")
