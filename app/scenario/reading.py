"""Read a script. What cannot be meant is told with its file, its line and the reason."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from app.scenario import paths
from app.scenario.terms import Act, BadScript, Script, Step
from app.scenario.values import moment, span

SHIPPED = Path(__file__).parent / "scripts"
ZONE = ZoneInfo("Asia/Shanghai")
METHODS = ("get", "post", "put", "patch", "delete")
_NUMBER = re.compile(r"^-?(0|[1-9]\d{0,8})(\.\d+)?$")
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}
_HEAD = {
    *("scenario", "zh", "en", "begins", "city", "settings", "let"),
    *("devices", "platform", "pages", "watchers", "parts", "steps"),
}
_STEP = {"step", "zh", "en", "do", "missing"}
_CALL = {"as", "body", "query", "headers", "sheet", "status", "problem", "keep", "expect", "within", "show"}
_KINDS: dict[str, set[str]] = {
    "at": {"every"},
    "each": {"in", "do"},
    "part": {"with"},
    "warning": {"show", "keep", "expect", "status"},
    "notice": {"show", "keep", "expect", "status"},
    "beidou": {"show", "keep", "expect"},
    "terminal": {"show", "keep", "expect"},
    "platform": {"show", "keep", "expect"},
    "database": {"show", "expect", "keep", "refused"},
    "journal": {"show", "expect", "keep"},
    "screens": {"show", "keep", "expect"},
    "screen": {"show", "keep", "expect"},
    "backup": {"show", "keep", "expect"},
    "clock": set(),
    "past": {"show", "keep", "expect"},
    "restart": set(),
    "let": {"show"},
    "expect": {"show"},
}


class Told(dict[str, Any]):
    """A mapping of a script that knows on which line it and each of its keys stand."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}


def shipped() -> list[Path]:
    """Return the scripts that come with the product."""
    return sorted(SHIPPED.glob("*.yaml"))


def read_script(file: Path) -> Script:
    """Return the scenario of a file. Raises BadScript, OSError."""
    return _Reader(file).script()


class _Reader:
    def __init__(self, file: Path) -> None:
        self.file = file
        self.parts: dict[str, tuple[Act, ...]] = {}

    def bad(self, line: int, zh: str, en: str) -> BadScript:
        return BadScript(self.file, line, zh, en)

    def script(self) -> Script:
        told = self._root()
        self._known(told, _HEAD, "剧本", "a script")
        for key in ("scenario", "zh", "en", "begins", "steps"):
            if not told.get(key):
                raise self.bad(told.line, f"缺少 {key}", f"{key} is missing")
        begins = self._instant(told, "begins")
        self.parts = self._parts(told)
        return Script(
            key=str(told["scenario"]),
            zh=str(told["zh"]),
            en=str(told["en"]),
            begins=begins,
            city=self._instant(told, "city") if told.get("city") else begins,
            file=self.file,
            steps=tuple(self._steps(told)),
            names=told.get("let") or {},
            settings=told.get("settings") or {},
            watchers=tuple(told.get("watchers") or ()),
            with_devices=bool(told.get("devices")),
            with_platform=bool(told.get("platform")),
            with_pages=bool(told.get("pages")),
        )

    def _root(self) -> Told:
        try:
            node = yaml.compose(self.file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 1
            raise self.bad(line, f"不是有效的 YAML:{error.problem}", f"not YAML: {error.problem}") from error
        except UnicodeDecodeError as error:
            raise self.bad(1, "文件须为 UTF-8 编码", "the file must be UTF-8") from error
        told = self._built(node) if node is not None else None
        if not isinstance(told, Told):
            raise self.bad(1, "剧本须为“键: 值”", "a script is a mapping")
        return told

    def _built(self, node: yaml.Node) -> Any:
        if isinstance(node, yaml.ScalarNode):
            return _plain(node.value) if node.style is None else node.value
        if isinstance(node, yaml.SequenceNode):
            return [self._built(one) for one in node.value]
        told = Told(node.start_mark.line + 1)
        for key, value in node.value:
            line, name = key.start_mark.line + 1, str(key.value)
            if name in told:
                raise self.bad(line, f"“{name}”写了两次", f"{name!r} stands twice")
            told.lines[name] = line
            told[name] = self._built(value)
        return told

    def _known(self, told: Told, known: set[str], zh: str, en: str) -> None:
        for key in told:
            if key not in known:
                names = "、".join(sorted(known))
                raise self.bad(
                    told.lines[key], f"{zh}中没有“{key}”,可用:{names}", f"{en} has no {key!r}: use {names}"
                )

    def _instant(self, told: Told, key: str) -> datetime:
        try:
            return moment(str(told[key]), datetime(2000, 1, 1, tzinfo=UTC), ZONE)
        except ValueError:
            raise self.bad(
                told.lines[key],
                f"{key} 应形如 2025-06-18 02:13:20",
                f"{key} must look like 2025-06-18 02:13:20",
            ) from None

    def _parts(self, told: Told) -> dict[str, tuple[Act, ...]]:
        """Read what several steps do alike; a part may use the parts above it."""
        parts = told.get("parts") or Told(told.line)
        for name in parts:
            self.parts[name] = tuple(self._act(act) for act in self._list(parts, name))
        return self.parts

    def _steps(self, told: Told) -> Iterator[Step]:
        seen: set[str] = set()
        for one in self._list(told, "steps"):
            self._known(one, _STEP, "步骤", "a step")
            number = "" if one.get("step") is None else str(one["step"])
            if not number or number in seen:
                raise self.bad(
                    one.line,
                    f"步骤编号“{number}”缺失或重复",
                    f"the step's number {number!r} is missing or twice",
                )
            seen.add(number)
            yield self._one_step(one, number)

    def _one_step(self, one: Told, number: str) -> Step:
        missing = one.get("missing")
        for words, owner in ((one, one), (missing, missing)):
            if words is not None and not (
                isinstance(words, Told) and words.get("zh") and words.get("en") and owner is not None
            ):
                raise self.bad(one.line, "须有中文 zh 和英文 en", "both zh and en are wanted")
        acts = tuple(self._act(act) for act in self._list(one, "do")) if one.get("do") else ()
        if bool(acts) == (missing is not None):
            raise self.bad(
                one.line,
                "步骤须有 do 或 missing 之一",
                "a step has either `do` or `missing`: split it in two",
            )
        told = missing or {}
        return Step(
            number, str(one["zh"]), str(one["en"]), acts, one.line, told.get("zh", ""), told.get("en", "")
        )

    def _list(self, told: Told, key: str) -> list[Told]:
        rows = told.get(key)
        if not isinstance(rows, list) or not all(isinstance(row, Told) for row in rows):
            line = told.lines.get(key, told.line)
            raise self.bad(line, f"{key} 须为列表,每项为“键: 值”", f"{key} must be a list of mappings")
        return rows

    def _act(self, told: Told) -> Act:
        method = next((one for one in METHODS if one in told), None)
        kind = method or next((one for one in _KINDS if one in told), None)
        if kind is None:
            names = "、".join((*METHODS, *_KINDS))
            raise self.bad(
                told.line, f"不知道要做什么,可用:{names}", f"what is to be done? use one of {names}"
            )
        self._known(told, {kind, *(_CALL if method else _KINDS[kind])}, f"{kind} ", f"{kind}")
        expect = told.get("expect")
        self._check_paths(told, expect)
        if kind in ("at", "restart"):
            self._check_time(told, kind)
        if method and "as" not in told:
            raise self.bad(told.line, "缺少 as:以谁的账号", "as is missing: with whose account")
        then = tuple(self._act(act) for act in self._list(told, "do")) if kind == "each" else ()
        if kind == "part":
            if told["part"] not in self.parts:
                raise self.bad(told.line, f"没有段落“{told['part']}”", f"there is no part {told['part']!r}")
            then = self.parts[told["part"]]
        lines = expect.lines if isinstance(expect, Told) else {}
        return Act("call" if method else kind, {**told, "method": method}, told.line, then, lines)

    def _check_paths(self, told: Told, expect: Any) -> None:
        if expect is None:
            return
        if not isinstance(expect, Told):
            raise self.bad(told.lines["expect"], "expect 须为“路径: 值”", "expect must be a mapping of paths")
        for path in expect:
            if rest := paths.check(re.sub(r"\$\{[^}]*\}", "x", path)):
                raise self.bad(
                    expect.lines[path],
                    f"看不懂路径“{path}”:{rest}",
                    f"the path {path!r} cannot be read at {rest!r}",
                )

    def _check_time(self, told: Told, kind: str) -> None:
        try:
            if "${" not in str(told[kind]):
                moment(str(told[kind]), datetime(2000, 1, 1, tzinfo=UTC), ZONE)
            if "every" in told:
                span(str(told["every"]))
        except ValueError as error:
            raise self.bad(
                told.line, f"看不懂时间“{error}”", f"the time {str(error)!r} cannot be read"
            ) from error


def _plain(text: str) -> Any:
    """Read a plain scalar: a clock, a day and a long number stay text, as codes and telephones must."""
    if text in _WORDS:
        return _WORDS[text]
    if found := _NUMBER.match(text):
        return float(text) if found[2] else int(text)
    return text


def chosen(keys: list[str]) -> list[Path]:
    """Return the files of scenarios by key or by their own path. Raises ValueError for an unknown key."""
    known: Mapping[str, Path] = {file.stem.upper(): file for file in shipped()}
    found: list[Path] = []
    for key in keys:
        if key.lower().endswith((".yaml", ".yml")):
            found.append(Path(key))
        elif key.upper() in known:
            found.append(known[key.upper()])
        else:
            raise ValueError(key)
    return found or list(known.values())
