"""A catalogue of cameras; an attachment may say through which of them it was taken."""

import sqlalchemy as sa

from alembic import op

revision = "0530_cameras"
down_revision = "0512_drills"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "camera",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in (
                "stream",
                "kind",
                "name_zh",
                "name_en",
                "stream_path",
                "source_url",
                "source_user",
                "source_password",
                "gb_id",
                "note",
                "changed_by",
            )
        ),
        sa.Column("region_code", sa.String(), sa.ForeignKey("region.code"), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), sa.ForeignKey("org_unit.id"), nullable=True),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        *(
            sa.Column(name, sa.Float(), nullable=True)
            for name in ("height_m", "bearing_deg", "angle_deg", "range_m")
        ),
        sa.Column("moved_at", INSTANT, nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "kind IN ('tower', 'village', 'backpack', 'drone', 'other')", name="camera_kind_is_known"
        ),
    )
    in_use = sa.text("active")
    op.create_index(
        "camera_stream_path_once", "camera", ["stream", "stream_path"], unique=True, postgresql_where=in_use
    )
    op.create_index("camera_of_region", "camera", ["stream", "region_code"], postgresql_where=in_use)
    op.add_column(
        "attachment", sa.Column("camera_id", sa.BigInteger(), sa.ForeignKey("camera.id"), nullable=True)
    )
    op.add_column("attachment", sa.Column("camera_name", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("attachment", "camera_name")
    op.drop_column("attachment", "camera_id")
    op.drop_table("camera")
