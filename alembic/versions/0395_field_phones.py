"""Field phones: one-time links and the logins they opened."""

import sqlalchemy as sa

from alembic import op

revision = "0395_field_phones"
down_revision = "0390_walls"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "field_phone",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("account_id", sa.BigInteger(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("link_hash", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("key_hash", sa.String(), nullable=True),
        sa.Column("session_hash", sa.String(), nullable=True),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(), nullable=True),
        sa.Column("revoke_reason", sa.String(), nullable=False),
        sa.UniqueConstraint("link_hash", name="field_phone_link_hash_key"),
        sa.CheckConstraint("(used_at IS NULL) = (key_hash IS NULL)", name="a_used_link_knows_its_phone"),
        sa.CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="a_revocation_has_a_name"),
    )
    op.create_index("ix_field_phone_person_id", "field_phone", ["person_id"])
    op.create_index("ix_field_phone_session_hash", "field_phone", ["session_hash"])


def downgrade() -> None:
    op.drop_table("field_phone")
