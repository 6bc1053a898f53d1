"""Teams of others that come to help."""

import sqlalchemy as sa

from alembic import op

revision = "0561_outside_teams"
down_revision = "0560_whistles"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "outside_team",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), sa.ForeignKey("team.id"), nullable=False, unique=True),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("partner_id", sa.BigInteger(), sa.ForeignKey("mutual_aid_partner.id"), nullable=True),
        sa.Column("incident_id", sa.BigInteger(), sa.ForeignKey("incident.id"), nullable=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("leader_name", "leader_phone")),
        sa.Column("strength", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("equipment", "state")),
        *(sa.Column(name, INSTANT, nullable=True) for name in ("expected_at", "arrived_at")),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("released_at", INSTANT, nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "(state IN ('arrived', 'released')) = (arrived_at IS NOT NULL)", name="who_is_here_came"
        ),
        sa.CheckConstraint("(state = 'released') = (released_at IS NOT NULL)", name="who_left_was_released"),
        sa.CheckConstraint("released_at >= arrived_at", name="nobody_leaves_before_he_came"),
    )
    op.create_index("outside_team_by_arrival", "outside_team", ["stream", "arrived_at"])
    op.create_index(op.f("ix_outside_team_incident_id"), "outside_team", ["incident_id"])


def downgrade() -> None:
    op.drop_table("outside_team")
