"""Alembic's entry: runs inside `app.migrations.upgrade`, which hands over an open connection."""

from sqlmodel import SQLModel

import app.tables  # noqa: F401  registers every table
from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=SQLModel.metadata, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
