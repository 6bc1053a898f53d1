"""A published version of the rules may be withdrawn until it holds; what has held stays for ever."""

import sqlalchemy as sa

from alembic import op

revision = "0301_rules_withdrawn"
down_revision = "0300_documents"
branch_labels = None
depends_on = None

_STAY = (
    "CREATE OR REPLACE FUNCTION refuse_rules_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN IF OLD.state = 'published' {unless} THEN "
    "RAISE EXCEPTION 'published rules are append-only'; END IF; "
    "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
)
_CHANGES = "ARRAY['state', 'revision', 'dropped_by', 'dropped_at']"


def upgrade() -> None:
    op.add_column("reporting_rules", sa.Column("dropped_by", sa.String(), nullable=True))
    op.add_column("reporting_rules", sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        _STAY.format(
            unless="AND NOT (TG_OP = 'UPDATE' AND NEW.state = 'dropped' AND NEW.dropped_at < OLD.holds_from "
            f"AND to_jsonb(NEW) - {_CHANGES} = to_jsonb(OLD) - {_CHANGES})"
        )
    )


def downgrade() -> None:
    op.execute(_STAY.format(unless=""))
    op.drop_column("reporting_rules", "dropped_at")
    op.drop_column("reporting_rules", "dropped_by")
