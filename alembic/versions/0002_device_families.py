"""Device families: what a device is, where heard, its health, its last test; radio log; kinds of alarm."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "radio_talk",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("via", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("talker", sa.String(), nullable=False),
        sa.Column("device_id", sa.BigInteger(), nullable=True),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("target_kind", sa.String(), nullable=False),
        sa.Column("emergency", sa.Boolean(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cut", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"],
            ["device.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "one_unfinished_talk_per_ref",
        "radio_talk",
        ["stream", "via", "ref"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("radio_talk_at", "radio_talk", ["stream", "started_at"], unique=False)
    op.add_column("alarm", sa.Column("subject", sa.String(), server_default="", nullable=False))
    op.drop_index("one_unsettled_alarm_per_device", table_name="alarm")
    op.create_index(
        "one_unsettled_alarm_per_device_and_kind",
        "alarm",
        ["device_id", "kind", "subject"],
        unique=True,
        postgresql_where=sa.text("state IN ('open', 'acknowledged')"),
    )
    op.add_column("device", sa.Column("kind", sa.String(), server_default="other", nullable=False))
    op.add_column("device", sa.Column("printed_number", sa.String(), server_default="", nullable=False))
    op.add_column("device", sa.Column("lon", sa.Float(), nullable=True))
    op.add_column("device", sa.Column("lat", sa.Float(), nullable=True))
    op.add_column("device", sa.Column("coverage_km", sa.Float(), nullable=True))
    op.add_column(
        "device", sa.Column("talk_groups", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False)
    )
    op.add_column("device", sa.Column("note", sa.String(), server_default="", nullable=False))
    op.add_column("device", sa.Column("heard_via", sa.String(), nullable=True))
    op.add_column("device", sa.Column("battery_pct", sa.Float(), nullable=True))
    op.add_column("device", sa.Column("signal_pct", sa.Float(), nullable=True))
    op.add_column("device", sa.Column("firmware", sa.String(), nullable=True))
    op.add_column("device", sa.Column("health_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("device", sa.Column("tested_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("device", sa.Column("test_passed", sa.Boolean(), nullable=True))
    op.create_index(op.f("ix_device_heard_via"), "device", ["heard_via"], unique=False)
    op.drop_index("heard_signal_calls", table_name="heard_signal")
    op.create_index(
        "heard_signal_calls", "heard_signal", ["alarm_id"], postgresql_where=sa.text("kind <> 'text'")
    )
    op.execute(
        """
        UPDATE device SET kind = CASE
          WHEN family IN ('rdss21', 'rdss40', 'rsmc') THEN 'beidou_terminal'
          WHEN family = 'jt808' THEN 'vehicle_terminal'
          WHEN family = 'hdap' THEN 'radio_370'
          WHEN family = 'satphone' THEN 'satellite_phone'
          WHEN family = 'app' THEN 'field_phone'
          WHEN family = 'broadcast' THEN 'broadcast_terminal'
          ELSE family END
        """
    )
