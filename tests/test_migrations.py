"""Migrations only add, may be walked back on real data, and leave a word for the programs they serve."""

from __future__ import annotations

import ast
import asyncio
import importlib.util
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from alembic import command
from app import migrations
from app.db import async_url
from app.migrations import SINCE, SchemaAhead, SchemaBehind
from tests.nodes.cluster import rows

WALKED = 10  # so many of the last migrations are undone and done again on the data of the fictional city

# ---- what a migration may do ------------------------------------------------------------------------------

_TAKES_AWAY = {"drop_table", "drop_column", "drop_index", "rename_table"}
_WORDS = ("DROP ", "RENAME ", "TRUNCATE ", "DELETE FROM ", "SET NOT NULL", " TYPE ")
_MARK = "# expand:"  # with a reason, on the line of a step: programs of before are not hurt by it


def takes_away(source: str) -> Iterator[str]:
    """Name the steps of a migration's upgrade that a program of before may stumble over."""
    tree, lines = ast.parse(source), source.splitlines()
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    made = {_first(call) for call in _calls(functions, "upgrade") if _name(call) == "create_table"}
    for call in _calls(functions, "upgrade"):
        if _stumbles(call, made) and not any(
            _MARK in line for line in lines[call.lineno - 1 : call.end_lineno]
        ):
            yield f"line {call.lineno}: {_name(call)}({_first(call)})"


def _calls(functions: dict[str, ast.FunctionDef], name: str) -> Iterator[ast.Call]:
    """Every call that a function makes, and those that the module's own functions make for it."""
    waiting, seen = [name], {name}
    while waiting:
        for node in ast.walk(functions[waiting.pop()]):
            if isinstance(node, ast.Call):
                yield node
                called = node.func.id if isinstance(node.func, ast.Name) else ""
                if called in functions and called not in seen:
                    seen.add(called)
                    waiting.append(called)


def _stumbles(call: ast.Call, made: set[str]) -> bool:
    name, table = _name(call), _first(call)
    told = {word.arg: word.value for word in call.keywords}
    if name == "execute":
        words = " ".join(_words(call)).upper()
        return any(word in words for word in _WORDS) and not words.startswith("COMMENT")
    if name == "drop_constraint":
        return _value(told.get("type_")) != "check"  # a check that goes lets more in, nothing less
    if table in made and name != "drop_table":
        return False  # of a table that nobody knew before
    if name == "add_column":
        column = next(
            node for node in ast.walk(call) if isinstance(node, ast.Call) and _name(node) == "Column"
        )
        given = {word.arg: word.value for word in column.keywords}
        return _value(given.get("nullable")) is False and "server_default" not in given
    if name == "alter_column":
        return _value(told.get("nullable")) is False or bool({"new_column_name", "type_"} & told.keys())
    return name in _TAKES_AWAY or name in {"create_check_constraint", "create_unique_constraint"}


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _first(call: ast.Call) -> str:
    at = 1 if _name(call) in {"create_check_constraint", "create_unique_constraint", "drop_constraint"} else 0
    if _name(call) == "drop_index":
        return str(next((_value(word.value) for word in call.keywords if word.arg == "table_name"), ""))
    return str(_value(call.args[at])) if len(call.args) > at else ""


def _value(node: ast.expr | None) -> object:
    return node.value if isinstance(node, ast.Constant) else None


def _words(call: ast.Call) -> Iterator[str]:
    for node in ast.walk(call):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@pytest.mark.parametrize(
    ("step", "found"),
    [
        ("op.drop_column('incident', 'title')", True),
        ("op.drop_table('incident')", True),
        ("op.rename_table('incident', 'matter')", True),
        ("op.drop_index('once', table_name='incident')", True),
        ("op.alter_column('incident', 'title', new_column_name='name')", True),
        ("op.alter_column('incident', 'title', nullable=False)", True),
        ("op.add_column('incident', sa.Column('x', sa.Text(), nullable=False))", True),
        ("op.create_check_constraint('x_is_known', 'incident', 'x > 0')", True),
        ("op.create_unique_constraint('once', 'incident', ['x'])", True),
        ("op.drop_constraint('once', 'incident', type_='unique')", True),
        ("op.execute('ALTER TABLE incident ALTER COLUMN x SET NOT NULL')", True),
        ("op.execute(f'DELETE FROM incident WHERE {1}')", True),
        ("below()", True),
        ("op.drop_column('incident', 'title')  # expand: nobody ever read it", False),
        ("op.add_column('incident', sa.Column('x', sa.Text(), nullable=True))", False),
        ("op.add_column('incident', sa.Column('x', sa.Text(), nullable=False, server_default=''))", False),
        ("op.alter_column('incident', 'title', nullable=True)", False),
        ("op.drop_constraint('x_is_known', 'incident', type_='check')", False),
        ("op.create_table('new', sa.Column('x', sa.Text(), nullable=False))", False),
        ("op.create_table('new')\n    op.create_check_constraint('x', 'new', 'x > 0')", False),
        ("op.create_index('x', 'incident', ['x'])", False),
        ("op.execute('UPDATE incident SET x = 1')", False),
    ],
)
def test_what_a_program_of_before_would_stumble_over_is_found(step: str, found: bool) -> None:
    source = (
        f"def below():\n    op.drop_table('a')\n\n\ndef upgrade():\n    {step}\n\n\n"
        "def downgrade():\n    op.drop_table('new')\n"
    )
    assert bool(list(takes_away(source))) is found


def _later_ones() -> list[Path]:
    chain = _chain()
    since = next(at for at, script in enumerate(chain) if script.revision == SINCE)
    return [Path(script.path) for script in chain[since + 1 :]]


def _chain() -> list[Script]:
    return list(ScriptDirectory.from_config(migrations._config()).walk_revisions())[::-1]


def test_a_migration_takes_nothing_away_unless_it_says_from_where_on_nobody_needs_it() -> None:
    wrong = {}
    for path in _later_ones():
        spec = importlib.util.spec_from_file_location(path.stem, path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        steps = list(takes_away(path.read_text(encoding="utf-8")))
        if steps and not hasattr(module, "contract"):
            wrong[path.name] = steps
    assert not wrong, f"only add, or see docs/deployment.md (expand and contract): {wrong}"
    assert migrations.oldest_served() in {script.revision for script in _chain()}


# ---- the word that a migration leaves ---------------------------------------------------------------------

NEWEST = migrations.newest()


@pytest.mark.parametrize(
    ("current", "word", "judged"),
    [
        (NEWEST, "", "current"),
        (NEWEST, f"{NEWEST} serves {SINCE}", "current"),
        (None, "", "behind"),
        ("0460_second_factor", f"0460_second_factor serves {SINCE}", "behind"),
        ("9999_future", "", "behind"),
        ("9999_future", f"9998_future serves {SINCE}", "behind"),  # a word of another migration
        ("9999_future", f"9999_future serves {SINCE}", "ahead"),
        ("9999_future", f"9999_future serves {NEWEST}", "ahead"),
    ],
)
def test_a_schema_is_judged_by_where_it_stands_and_its_word(
    current: str | None, word: str, judged: str
) -> None:
    assert migrations.serves(current, word) == judged


def test_a_schema_that_left_us_behind_is_not_served() -> None:
    with pytest.raises(SchemaAhead, match="install the newer one"):
        migrations.serves("9999_future", "9999_future serves 9998_future")


@pytest.mark.database
async def test_an_old_program_starts_on_a_newer_schema_that_serves_it_and_migrates_nothing(
    database_url: str,
) -> None:
    told = (await rows(database_url, "SELECT obj_description('alembic_version'::regclass)"))[0][0]
    assert told == f"{NEWEST} serves {migrations.oldest_served()}"
    await rows(database_url, "UPDATE alembic_version SET version_num = '9999_future'")
    with pytest.raises(SchemaBehind, match="zhishou migrate"):
        await migrations.require_current(database_url)
    await rows(database_url, f"COMMENT ON TABLE alembic_version IS '9999_future serves {NEWEST}'")
    await migrations.require_current(database_url)
    assert await migrations.upgrade_async(database_url) is True
    await rows(database_url, "COMMENT ON TABLE alembic_version IS '9999_future serves 9998_future'")
    for refused in (migrations.require_current, migrations.upgrade_async):
        with pytest.raises(SchemaAhead):
            await refused(database_url)


@pytest.mark.database
async def test_a_migration_waits_for_a_table_in_use_without_making_others_wait(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "_WAIT_S", 0.2)
    await at(database_url, lambda config: command.downgrade(config, "-1"))
    table = "alembic_version"
    reader = await asyncpg.connect(database_url)
    await reader.execute(f"BEGIN; LOCK TABLE {table} IN SHARE MODE")  # a long look at it
    migrating = asyncio.create_task(migrations.upgrade_async(database_url))
    for _ in range(3):  # nobody queues behind the migration for longer than it waits itself
        await rows(database_url, f"SELECT * FROM {table}")
    assert not migrating.done()
    await reader.execute("COMMIT")
    await reader.close()
    assert await migrating is False
    await migrations.require_current(database_url)


# ---- forward and back on real data ------------------------------------------------------------------------

_SHAPE = """
SELECT 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull::text,
       coalesce(pg_get_expr(d.adbin, d.adrelid), '')
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v')
UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', ''
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
UNION ALL SELECT 'index', tablename, indexname, indexdef, '', '' FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), '', ''
  FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'function', '', proname, pg_get_functiondef(oid), '', ''
  FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'
UNION ALL SELECT 'sequence', '', relname, '', '', '' FROM pg_class
 WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace
"""
Shape = frozenset[tuple[str, ...]]


async def at(url: str, work: object) -> None:
    def run(connection: Connection) -> None:
        config = migrations._config()
        config.attributes["connection"] = connection
        work(config)  # type: ignore[operator]

    engine = create_async_engine(async_url(url))
    async with engine.begin() as connection:
        await connection.run_sync(run)
        await connection.execute(text("SELECT 1"))
    await engine.dispose()


async def _shape(url: str) -> Shape:
    return frozenset(tuple(row) for row in await rows(url, _SHAPE))


async def _sums(url: str, shape: Shape) -> dict[str, tuple[int, str]]:
    """Of each table how many rows it has, and a sum over them."""
    found = {}
    for table in sorted({row[1] for row in shape if row[0] == "column"} - {"alembic_version"}):
        found[table] = tuple(
            (
                await rows(
                    url,
                    f"SELECT count(*), md5(coalesce(string_agg(md5(t::text), '' ORDER BY md5(t::text)), '')) "
                    f'FROM "{table}" t',
                )
            )[0]
        )
    return found


@pytest.mark.database
async def test_the_last_migrations_are_undone_and_done_again_on_the_data_of_a_city(city_url: str) -> None:
    shape = await _shape(city_url)
    before = await _sums(city_url, shape)
    assert sum(count for count, _ in before.values()) > 5_000  # it is a city
    await at(city_url, lambda config: command.downgrade(config, f"-{WALKED}"))
    lowest = await _shape(city_url)
    assert lowest != shape
    await migrations.upgrade_async(city_url)
    assert await _shape(city_url) == shape
    touched = {row[1] for row in shape ^ lowest if row[0] == "column"}
    after = await _sums(city_url, shape)
    assert {table: sums for table, sums in after.items() if table not in touched} == {
        table: sums for table, sums in before.items() if table not in touched
    }
    new = {row[1] for row in shape if row[0] == "column"} - {row[1] for row in lowest if row[0] == "column"}
    assert {table: after[table][0] for table in touched - new} == {
        table: before[table][0] for table in touched - new
    }  # what lost a column on the way down lost no row
