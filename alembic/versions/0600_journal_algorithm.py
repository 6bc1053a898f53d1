"""Each row of the journal says by which hash it is chained; the database can SM3, for the link."""

import sqlalchemy as sa

from alembic import op

revision = "0600_journal_algorithm"
down_revision = "0591_oidc_logins"
branch_labels = None
depends_on = None

_MASK = 0xFFFFFFFF


def _turned(word: int, by: int) -> int:
    return (word << by | word >> (32 - by)) & _MASK


# GB/T 32905-2016, 5.3: T of each round, turned left by its number.
_T = ", ".join(str(_turned(0x79CC4519 if j < 16 else 0x7A879D8A, j % 32)) for j in range(64))


def _round(one: str, other: str) -> str:
    """A round of the compression: `one` and `other` are the functions FF and GG."""
    return f"""
      s2 := ((a << 12) | (a >> 20)) & m;
      s1 := (s2 + e + t[j]) & m;
      s1 := ((s1 << 7) | (s1 >> 25)) & m;
      s2 := (({one}) + d + (s1 # s2) + (w[j] # w[j + 4])) & m;
      d := c; c := ((b << 9) | (b >> 23)) & m; b := a; a := s2;
      s2 := (({other}) + h + s1 + w[j]) & m;
      h := g; g := ((f << 19) | (f >> 13)) & m; f := e;
      e := s2 # (((s2 << 9) | (s2 >> 23)) & m) # (((s2 << 17) | (s2 >> 15)) & m);"""


_SM3 = f"""
CREATE FUNCTION journal_sm3(data bytea) RETURNS bytea LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  m CONSTANT bigint := {_MASK};
  t CONSTANT bigint[] := '{{{_T}}}';
  padded bytea;
  blocks int;
  w bigint[];
  s1 bigint; s2 bigint;
  a bigint; b bigint; c bigint; d bigint; e bigint; f bigint; g bigint; h bigint;
  v0 bigint := 1937774191; v1 bigint := 1226093241; v2 bigint := 388252375; v3 bigint := 3666478592;
  v4 bigint := 2842636476; v5 bigint := 372324522; v6 bigint := 3817729613; v7 bigint := 2969243214;
BEGIN
  padded := data || '\\x80'::bytea
    || decode(repeat('00', (119 - length(data) % 64) % 64), 'hex') || int8send(length(data) * 8::bigint);
  blocks := length(padded) / 64;
  FOR block IN 0 .. blocks - 1 LOOP
    w := '{{}}';
    FOR j IN 1 .. 16 LOOP
      s1 := block * 64 + j * 4 - 4;
      w[j] := (get_byte(padded, s1::int)::bigint << 24) | (get_byte(padded, s1::int + 1) << 16)
            | (get_byte(padded, s1::int + 2) << 8) | get_byte(padded, s1::int + 3);
    END LOOP;
    FOR j IN 17 .. 68 LOOP
      s1 := w[j - 16] # w[j - 9] # (((w[j - 3] << 15) | (w[j - 3] >> 17)) & m);
      w[j] := s1 # (((s1 << 15) | (s1 >> 17)) & m) # (((s1 << 23) | (s1 >> 9)) & m)
            # (((w[j - 13] << 7) | (w[j - 13] >> 25)) & m) # w[j - 6];
    END LOOP;
    a := v0; b := v1; c := v2; d := v3; e := v4; f := v5; g := v6; h := v7;
    FOR j IN 1 .. 16 LOOP{_round("a # b # c", "e # f # g")}
    END LOOP;
    FOR j IN 17 .. 64 LOOP{_round("(a & b) | (a & c) | (b & c)", "(e & f) | ((e # m) & g)")}
    END LOOP;
    v0 := v0 # a; v1 := v1 # b; v2 := v2 # c; v3 := v3 # d;
    v4 := v4 # e; v5 := v5 # f; v6 := v6 # g; v7 := v7 # h;
  END LOOP;
  RETURN int8send((v0 << 32) | v1) || int8send((v2 << 32) | v3)
      || int8send((v4 << 32) | v5) || int8send((v6 << 32) | v7);
END $$"""

_CHAINED_BY_SM3 = """
DO $$ BEGIN
  IF EXISTS (SELECT 1 FROM journal WHERE algorithm <> 'sha256') THEN
    RAISE EXCEPTION 'the journal has rows chained by SM3: a program of before cannot verify them';
  END IF;
END $$"""


def upgrade() -> None:
    op.execute(_SM3)
    for table in ("journal", "journal_head", "journal_anchor"):
        op.add_column(table, sa.Column("algorithm", sa.String(), nullable=False, server_default="sha256"))
    op.create_check_constraint(  # expand: of a column that no program of before writes
        "journal_head_algorithm", "journal_head", "algorithm IN ('sha256', 'sm3')"
    )
    op.add_column("journal_anchor", sa.Column("signed_by", sa.String(), nullable=False, server_default="sm2"))


def downgrade() -> None:
    op.execute(_CHAINED_BY_SM3)
    op.drop_column("journal_anchor", "signed_by")
    for table in ("journal_anchor", "journal_head", "journal"):
        op.drop_column(table, "algorithm")
    op.execute("DROP FUNCTION journal_sm3(bytea)")
