"""Who is behind a session: the statement that every request and every screen asks."""

from __future__ import annotations

ONE_SESSION = "held.token_hash = :token_hash"
# The account behind a session that holds, if it works as `serves` says.
SESSION_OF = """
SELECT account.id, account.username, account.name_zh, account.role, account.stream, account.scope,
       account.person_id, account.team_ids {more}
  FROM login_session held JOIN account ON account.id = held.account_id
 WHERE {which} AND held.expires_at > :now AND account.active
   AND coalesce((SELECT person.active FROM person WHERE person.id = account.person_id), true)
"""
