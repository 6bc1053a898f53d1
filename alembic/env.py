"""Alembic's entry: runs inside `app.migrations.upgrade`, which hands over an open connection."""

from sqlmodel import SQLModel

import app.tables  # noqa: F401  registers every table
from alembic import context


def ours(name: str | None, kind: str, _: object) -> bool:
    """Whether a new migration looks at it: the days of the history come and go by themselves."""
    return kind != "table" or name is None or not name.startswith(("track_before_", "track_other", "track_2"))


connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=SQLModel.metadata, compare_type=True, include_name=ours
)
with context.begin_transaction():
    context.run_migrations()
