"""Positions are updated in place: no index holds a time that every update changes."""

from alembic import op

revision = "0590_position_in_place"
down_revision = "0580_notice_in_english"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("position_heard", "position")  # expand: whoever asks reads a table of one row a device
    op.drop_index("position_team", "position")  # expand: the index below finds the same rows
    op.create_index("position_of_team", "position", ["team_id"])


def downgrade() -> None:
    op.drop_index("position_of_team", "position")
    op.create_index("position_team", "position", ["team_id", "true_at"])
    op.create_index("position_heard", "position", ["stream", "heard_at"])
