"""The rules of the house that no other tool checks. An exception carries its reason and must be needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent
LONGEST = 300
BANNED = {"util", "utils", "helper", "helpers", "common", "base", "manager", "service", "services", "misc"}

SQL_OUTSIDE_A_STORE = {
    "app/org/accounts.py": "accounts keep their statements beside the secrets they guard",
    "app/api/once.py": "idempotency belongs to HTTP alone and has no floor below to live on",
    "app/stage/seed.py": "fills an empty database once",
    "app/new_row.py": "makes one statement a table, of the table's own columns, for rows of every store",
    "app/migrations.py": "asks at which migration a database stands before any store may be asked",
}
APPEND_OUTSIDE_ACTIONS = {
    "app/org/accounts.py": "logins are actions of accounts; the module holds rules of one secret each",
}
ASKS_THE_MACHINE = {
    "app/clock.py": "the one place that asks the machine",
    "app/simulators/media_server.py": "runs outside the house, as cameras do: it draws the time of day",
    "app/postgres.py": "stamps the name of a folder it sets aside, before the house has a clock",
}


LOADED_WHEN_NEEDED = (
    "reportlab",
    "fontTools",
    "lxml",
    "PIL",
    "docx",
    "openpyxl",
    "alembic",
    "ortools",
    "scipy",
    "opentelemetry.sdk",
    "opentelemetry.exporter",
)


def test_the_service_starts_without_the_libraries_that_few_requests_need() -> None:
    said = f"import sys, app.main; print([n for n in {LOADED_WHEN_NEEDED} if n in sys.modules])"
    found = subprocess.run([sys.executable, "-c", said], cwd=HOUSE, capture_output=True, check=True)
    assert found.stdout.decode().strip() == "[]"


def test_a_command_that_reads_a_table_starts_without_the_service() -> None:
    service = ("fastapi", "uvicorn", "app.main", "app.tables")
    said = f"import sys, app.cli, app.node_database; print([n for n in {service} if n in sys.modules])"
    found = subprocess.run([sys.executable, "-c", said], cwd=HOUSE, capture_output=True, check=True)
    assert found.stdout.decode().strip() == "[]"


def modules(folder: str = "app") -> list[str]:
    found = (path.relative_to(HOUSE).as_posix() for path in (HOUSE / folder).rglob("*.py"))
    return sorted(name for name in found if "/static/" not in name)


def tree(name: str) -> ast.Module:
    return ast.parse((HOUSE / name).read_text(encoding="utf-8"))


@cache
def found_in(name: str) -> tuple[ast.Call | ast.ImportFrom, ...]:
    """What most rules look at, from one walk through a module."""
    return tuple(node for node in ast.walk(tree(name)) if isinstance(node, ast.Call | ast.ImportFrom))


def calls(name: str) -> Iterator[ast.Call]:
    return (node for node in found_in(name) if isinstance(node, ast.Call))


def imported_from(name: str, module: str) -> set[str]:
    """The names under which a module's things are known in another."""
    return {
        alias.asname or alias.name
        for node in found_in(name)
        if isinstance(node, ast.ImportFrom) and node.module == module
        for alias in node.names
    }


def writes_sql(name: str) -> bool:
    return "text" in imported_from(name, "sqlalchemy") or "sql" in imported_from(name, "app.db")


def appends_to_the_journal(name: str) -> bool:
    known = imported_from(name, "app.journal") | imported_from(name, "app.journal.store")
    for call in calls(name):
        match call.func:
            case ast.Attribute(attr="append", value=ast.Name(id=owner)) if owner in known:
                return True
            case ast.Name(id="append") if "append" in known:
                return True
    return False


def asks_the_machines_clock(name: str) -> bool:
    for call in calls(name):
        match call.func:
            case ast.Attribute(attr="now" | "utcnow" | "today", value=ast.Name(id="datetime" | "date")):
                return True
            case ast.Attribute(attr="time" | "time_ns" | "localtime" | "gmtime", value=ast.Name(id="time")):
                return True
    return False


def commits(name: str) -> bool:
    return any(isinstance(c.func, ast.Attribute) and c.func.attr == "commit" for c in calls(name))


def in_a_store(name: str) -> bool:
    return name.endswith(("/store.py", "/tables.py")) or "/store/" in name


def in_actions(name: str) -> bool:
    return name.endswith("/actions.py") or "/actions/" in name


def breakers(
    does: Callable[[str], bool], allowed: Callable[[str], bool], exceptions: dict[str, str]
) -> tuple[set[str], set[str]]:
    """Who breaks the rule without a reason, and which reasons nobody needs any more."""
    outside = {name for name in modules() if does(name) and not allowed(name)}
    return outside - exceptions.keys(), exceptions.keys() - outside


NOTHING: tuple[set[str], set[str]] = (set(), set())


@pytest.mark.parametrize("name", modules())
def test_a_module_fits_on_a_few_pages(name: str) -> None:
    length = len((HOUSE / name).read_text(encoding="utf-8").splitlines())
    assert length <= LONGEST, f"{length} lines: split it by noun"


def test_no_module_is_a_drawer_for_everything() -> None:
    assert [name for name in modules() if BANNED & set(Path(name).with_suffix("").parts)] == []


def test_every_statement_of_sql_stands_in_a_store() -> None:
    assert breakers(writes_sql, in_a_store, SQL_OUTSIDE_A_STORE) == NOTHING


def test_only_actions_append_to_the_journal() -> None:
    assert breakers(appends_to_the_journal, in_actions, APPEND_OUTSIDE_ACTIONS) == NOTHING


def test_there_is_one_clock() -> None:
    assert breakers(asks_the_machines_clock, lambda _: False, ASKS_THE_MACHINE) == NOTHING


def test_nobody_but_the_database_module_commits() -> None:
    assert breakers(commits, lambda name: name == "app/db.py", {}) == NOTHING


def test_rules_take_the_time_as_an_argument_and_wait_for_nothing() -> None:
    rules = [name for name in modules() if name.endswith("/rules.py") or "/rules/" in name]
    assert rules
    for name in rules:
        assert not any(isinstance(node, ast.AsyncFunctionDef | ast.Await) for node in ast.walk(tree(name))), (
            name
        )


def test_every_package_and_module_says_what_it_is() -> None:
    assert [name for name in modules() if not ast.get_docstring(tree(name))] == []
