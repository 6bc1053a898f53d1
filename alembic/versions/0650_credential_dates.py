"""Since when a device has the password or code by which it proves itself, and who renewed it."""

import sqlalchemy as sa

from alembic import op

revision = "0650_credential_dates"
down_revision = "0640_shift_of_person"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("device", sa.Column("credential_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("device", sa.Column("credential_by", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("device", "credential_by")
    op.drop_column("device", "credential_at")
