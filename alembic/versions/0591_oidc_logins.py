"""Logins that an identity provider vouched for."""

import sqlalchemy as sa

from alembic import op

revision = "0591_oidc_logins"
down_revision = "0590_position_in_place"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "oidc_login",
        sa.Column("flow_hash", sa.String(), primary_key=True),
        sa.Column("account_id", sa.BigInteger(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spent", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_oidc_login_account_id", "oidc_login", ["account_id"])


def downgrade() -> None:
    op.drop_table("oidc_login")
