"""Nothing changes: programs from here on read the columns they know, so that columns may be added.

Those of before refuse an incident with a column they do not know.
"""

revision = "0503_named_columns"
down_revision = "0502_break_glass"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Mark the place."""


def downgrade() -> None:
    """Mark the place."""
