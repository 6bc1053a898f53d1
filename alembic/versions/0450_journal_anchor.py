"""The end of each journal, written down once a day."""

import sqlalchemy as sa

from alembic import op

revision = "0450_journal_anchor"
down_revision = "0400_mqtt_session"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "journal_anchor",
        sa.Column("stream", sa.String(), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
    )
    op.execute(
        "CREATE TRIGGER journal_anchor_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_anchor "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_journal_change()"
    )


def downgrade() -> None:
    op.drop_table("journal_anchor")
