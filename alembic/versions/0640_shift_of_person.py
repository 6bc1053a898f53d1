"""Who is on duty under which post is asked before every request: by person, not by walking the roster."""

from alembic import op

revision = "0640_shift_of_person"
down_revision = "0591_oidc_logins"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("shift_of_person", "shift", ["person_id", "ends_at"])


def downgrade() -> None:
    op.drop_index("shift_of_person", table_name="shift")
