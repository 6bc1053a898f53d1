"""`zhishou scenario list | run`: what the county must be able to do, played step by step."""

from __future__ import annotations

import asyncio
import json
import signal
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Annotated

import typer

from app.preflight import CannotStart

if TYPE_CHECKING:
    from app.scenario.terms import Script

scenario = typer.Typer(
    help="情景剧本 / scenarios, played on a fresh database and a set clock.", no_args_is_help=True
)

_KEYS = Annotated[
    list[str] | None, typer.Argument(help="S01 S03 …, or a file of one's own: drill.yaml; all without it")
]
_JSON = Annotated[bool, typer.Option("--json", help="one JSON object a line")]


@scenario.command("list")
def list_scenarios(keys: _KEYS = None, *, as_json: _JSON = False) -> None:
    """有哪些剧本,哪些步骤还做不到 / which scenarios there are, and what is MISSING."""
    for script in _read(keys):
        if as_json:
            missing = [
                {"step": one.number, "zh": one.missing_zh, "en": one.missing_en} for one in script.missing
            ]
            told = {"scenario": script.key, "zh": script.zh, "en": script.en, "steps": len(script.steps)}
            typer.echo(json.dumps({**told, "missing": missing}, ensure_ascii=False))
            continue
        played = len(script.steps) - len(script.missing)
        typer.echo(f"{script.key}  {script.zh} / {script.en}  ({played} 步 / steps)")
        for one in script.missing:
            mark = typer.style("MISSING", fg="yellow")
            typer.echo(f"  {mark} {one.number:>3}  {one.zh}: {one.missing_zh}")
            typer.echo(f"{'':15}{one.en}: {one.missing_en}")


@scenario.command("run")
def run_scenarios(
    keys: _KEYS = None,
    *,
    as_json: _JSON = False,
    database: Annotated[
        str,
        typer.Option(help="a PostgreSQL where new databases may be made (and are dropped); embedded without"),
    ] = "",
    keep: Annotated[
        bool,
        typer.Option("--keep", help="keep the databases, to look at what happened (embedded: until Ctrl-C)"),
    ] = False,
) -> None:
    """演一遍,每步一行;不符即以状态 1 退出 / play them; exit status 1 if a step is not as written."""
    import structlog

    from app.scenario.ground import own_server
    from app.scenario.run import run_all

    structlog.configure(processors=[_forgotten])  # the log of a house that only plays
    scripts = _read(keys)
    with ExitStack() as stack:
        own = not database
        database = database or stack.enter_context(own_server())
        counts = asyncio.run(run_all(scripts, database, as_json=as_json, keep=keep))
        if keep and own:
            typer.echo("数据库保留到按 Ctrl-C 为止 / kept until Ctrl-C", err=True)
            with suppress(KeyboardInterrupt):
                signal.pause()
    if not as_json:
        typer.echo(", ".join(f"{number} {state}" for state, number in counts.items()))
    if counts["failed"] or counts["skipped"]:
        raise typer.Exit(1)


def _forgotten(*_: object) -> dict[str, object]:
    import structlog

    raise structlog.DropEvent


def _read(keys: list[str] | None) -> list[Script]:
    from app.scenario.reading import chosen, read_script, shipped
    from app.scenario.terms import BadScript

    try:
        return [read_script(file) for file in chosen(keys or [])]
    except ValueError as error:
        names = "、".join(file.stem.upper() for file in shipped())
        raise CannotStart(
            f"没有剧本 {error},可用:{names},或剧本文件 x.yaml\n"
            f"There is no scenario {error}: use one of {names}, or a file x.yaml."
        ) from error
    except (BadScript, OSError) as error:
        raise CannotStart(str(error)) from error
