"""The service's database role (数据库服务角色): it writes everything, alters nothing that was written down.

The owner of the tables migrates; the service logs in as another role, which may append to the journal and its
anchors and neither update, delete nor truncate them. The triggers that refuse the same stand besides: a role
that owns a table could take them away.
"""

from __future__ import annotations

import asyncio

import asyncpg
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

NAME = "zhishou_service"  # … of the embedded database; elsewhere the administrator names it
APPEND_ONLY = ("journal", "journal_anchor")
_LISTED = ", ".join(APPEND_ONLY)
# What each statement grants, it grants for tables of later migrations too.
_GRANTS = f"""
GRANT USAGE ON SCHEMA public TO {{role}};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {{role}};
GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {{role}};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {{role}};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO {{role}};
REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON {_LISTED} FROM {{role}};
REVOKE DELETE, TRUNCATE ON journal_head FROM {{role}};
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON alembic_version FROM {{role}};
"""
_TRACKS = """
SELECT quote_ident(relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = 'public' AND relkind IN ('r', 'p') AND relname ~ '^track($|_)'
"""
_MAKE = """
DO $$ BEGIN
  CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$
"""
_STANDS = """
SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = $1)
   AND to_regclass('public.journal') IS NOT NULL
   AND has_table_privilege($1, 'public.journal', 'INSERT')
"""
_POWERS = """
SELECT current_user AS role, rolsuper, pg_has_role(current_user, c.relowner, 'USAGE') AS owns,
       has_table_privilege('public.journal', 'UPDATE') OR has_table_privilege('public.journal', 'DELETE')
       OR has_table_privilege('public.journal', 'TRUNCATE') AS alters
  FROM pg_roles, pg_class c WHERE rolname = current_user AND c.oid = to_regclass('public.journal')
"""


class RoleIsOwner(ValueError):
    """The role that should only serve owns the tables, or may do everything."""


async def make(owner_url: str, role: str, password: str | None = None) -> None:
    """Make a role that may serve, or give one that stands its rights anew. Safe to repeat.

    Raises RoleIsOwner, and what PostgreSQL says when the owner may not do it.
    """
    connection = await asyncpg.connect(owner_url, timeout=10)
    try:
        async with connection.transaction():
            name = await connection.fetchval("SELECT quote_ident($1)", role)
            await connection.execute(_MAKE.format(role=name))
            if password is not None:
                told = await connection.fetchval("SELECT quote_literal($1)", password)
                await connection.execute(f"ALTER ROLE {name} PASSWORD {told}")
            owns = await connection.fetchval(
                "SELECT rolsuper OR pg_has_role($1, c.relowner, 'USAGE') FROM pg_roles, pg_class c"
                " WHERE rolname = $1 AND c.oid = to_regclass('public.journal')",
                role,
            )
            if owns or owns is None:
                raise RoleIsOwner(role)
            await connection.execute(_GRANTS.format(role=name))
            # Tables of positions by day come and go while the service runs: these alone it owns.
            await connection.execute(f"GRANT {name} TO CURRENT_USER; GRANT CREATE ON SCHEMA public TO {name}")
            for table in await connection.fetch(_TRACKS):
                await connection.execute(f"ALTER TABLE {table['name']} OWNER TO {name}")
    finally:
        await connection.close()


def as_role(url: str, role: str) -> str:
    """Return the URL of the same database for another role."""
    return make_url(url).set(username=role).render_as_string(hide_password=False)


def role_of(url: str) -> str | None:
    """Return who logs in by a URL, None when it does not say."""
    try:
        return make_url(url).username
    except ArgumentError:
        return None


def embedded_service(owner_url: str) -> str:
    """Return the URL by which the service uses the embedded database: by its role, once `migrate` made it."""
    return as_role(owner_url, NAME) if asyncio.run(_stands(owner_url)) else owner_url


async def _stands(owner_url: str) -> bool:
    connection = await asyncpg.connect(owner_url, timeout=10)
    try:
        if not await connection.fetchval("SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = $1)", NAME):
            return False
        return bool(await connection.fetchval(_STANDS, NAME))
    finally:
        await connection.close()


async def may_alter(connection: asyncpg.Connection) -> str | None:
    """Return the role in use if it could change the journal: by grant, as owner, as superuser; else None."""
    row = await connection.fetchrow(_POWERS)
    powerful = row is not None and (row["rolsuper"] or row["owns"] or row["alters"])
    return str(row["role"]) if powerful else None
