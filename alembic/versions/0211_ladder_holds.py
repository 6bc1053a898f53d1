"""Contacts in maintenance, and why a ladder waits: nothing is sent and nothing escalates through them."""

import sqlalchemy as sa

from alembic import op

revision = "0211_ladder_holds"
down_revision = "0210_replacement"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contact_maintenance",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("team_id", sa.BigInteger(), sa.ForeignKey("team.id"), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("begun_by", sa.String(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("num_nonnulls(channel, team_id) = 1", name="maintenance_is_of_one"),
        sa.CheckConstraint("until > begun_at", name="maintenance_has_a_length"),
    )
    standing = sa.text("ended_at IS NULL")
    columns = {"one_maintenance_per_channel": ["stream", "channel"], "one_maintenance_per_team": ["team_id"]}
    for name, of in columns.items():
        op.create_index(name, "contact_maintenance", of, unique=True, postgresql_where=standing)
    op.add_column("assignment", sa.Column("escalation_rung", sa.String(), nullable=True))
    op.add_column("assignment", sa.Column("escalation_held", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("assignment", "escalation_held")
    op.drop_column("assignment", "escalation_rung")
    op.drop_table("contact_maintenance")
