"""Sessions of nodes at the broker, so that one node can hear what another was given."""

import sqlalchemy as sa

from alembic import op

revision = "0400_mqtt_session"
down_revision = "0395_field_phones"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mqtt_session",
        sa.Column("stream", sa.String(), primary_key=True),
        sa.Column("client_id", sa.String(), primary_key=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_by", sa.String(), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
    )


def downgrade() -> None:
    op.drop_table("mqtt_session")
