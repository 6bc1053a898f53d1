"""People are told what changes of their own duty; those of shifts that stand already know them."""

import sqlalchemy as sa

from alembic import op

revision = "0240_duty_told"
down_revision = "0170_shelters"
branch_labels = None
depends_on = None

COLUMNS = ("told_at", "withdrawal_told_at", "reminded_at")


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("shift", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE shift SET told_at = made_at, withdrawal_told_at = cancelled_at")
    op.create_index(
        "shift_untold",
        "shift",
        ["stream", "starts_at"],
        postgresql_where=sa.text(
            "(state = 'planned' AND told_at IS NULL)"
            " OR (state = 'cancelled' AND told_at IS NOT NULL AND withdrawal_told_at IS NULL)"
        ),
    )


def downgrade() -> None:
    op.drop_index("shift_untold", "shift")
    for name in reversed(COLUMNS):
        op.drop_column("shift", name)
