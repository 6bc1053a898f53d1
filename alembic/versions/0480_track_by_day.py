"""The history of positions: a table for each day, and one for what belongs to no day yet."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from alembic import op

revision = "0480_track_by_day"
down_revision = "0490_named_areas"
branch_labels = None
depends_on = None

_COLUMNS = """
    device_id bigint NOT NULL, true_at timestamptz NOT NULL, lon float8 NOT NULL, lat float8 NOT NULL,
    altitude_m float8, speed_mps float8, course_deg float8, fixed_at timestamptz,
    heard_at timestamptz NOT NULL,
    CONSTRAINT track_pkey PRIMARY KEY (device_id, true_at)
"""
_FIRST = "2025-01-01T00:00:00+00:00"
_PUT_OUTSIDE = """
WITH moved AS (DELETE FROM track_before WHERE true_at < '{}' OR true_at >= '{}' RETURNING *)
INSERT INTO track_other SELECT * FROM moved
"""


def upgrade() -> None:
    """What is there becomes the first table as it is: however long the history, nothing is copied.

    It takes everything up to its newest row's midnight; only what a broken clock wrote is put outside.
    """
    op.execute("ALTER TABLE track RENAME TO track_before")
    op.execute("ALTER INDEX track_pkey RENAME TO track_before_pkey")
    op.execute("DROP INDEX track_heard_brin")  # days find the rows now
    op.execute(f"CREATE TABLE track ({_COLUMNS}) PARTITION BY RANGE (true_at)")
    op.execute("CREATE TABLE track_other PARTITION OF track DEFAULT")
    end = _end()
    op.execute(_PUT_OUTSIDE.format(_FIRST, end.isoformat()))
    if not op.get_bind().execute(sa.text("SELECT EXISTS (SELECT 1 FROM track_before)")).scalar():
        op.execute("DROP TABLE track_before")
        return
    name = f"track_before_{end:%Y%m%d}"
    op.execute(f"ALTER TABLE track_before RENAME TO {name}")
    op.execute(f"ALTER INDEX track_before_pkey RENAME TO {name}_pkey")
    op.execute(
        f"ALTER TABLE track ATTACH PARTITION {name} FOR VALUES FROM ('{_FIRST}') TO ('{end.isoformat()}')"
    )


def _end() -> datetime:
    """Return the midnight (UTC) after the newest row, which is no later than the one after tomorrow."""
    found = op.get_bind().execute(
        sa.text("SELECT least(max(true_at), now() + interval '1 day') FROM track_before")
    )
    newest = found.scalar() or datetime.now(UTC)
    return newest.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def downgrade() -> None:
    op.execute("ALTER TABLE track RENAME TO track_days")
    op.execute("ALTER INDEX track_pkey RENAME TO track_days_pkey")
    op.execute(f"CREATE TABLE track ({_COLUMNS})")
    op.execute("INSERT INTO track SELECT * FROM track_days")
    op.execute("DROP TABLE track_days")
    op.create_index("track_heard_brin", "track", ["heard_at"], unique=False, postgresql_using="brin")
