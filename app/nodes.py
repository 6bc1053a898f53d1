"""Read YAML as nodes with their lines: nothing is built, every fault is named with its line and kept."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import time

import yaml

LARGEST = 256 * 1024  # characters of a file
DEEPEST = 12
MOST_NODES = 20_000
MOST_FAULTS = 50
# libyaml where it is there: ten times as fast, with the same marks.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,39}")
_CODE = re.compile(r"1[1-4]([A-Z](\d\d)?)?")
_HOUR = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """A mistake in a file: its line (from 1), where it is (profiles.x.rules.D3.level), what is wrong."""

    line: int
    path: str
    zh: str
    en: str

    def __str__(self) -> str:
        return f"第{self.line}行 {self.path}:{self.zh} / line {self.line}, {self.path}: {self.en}"


class RulesInvalid(ValueError):
    """A rules file that cannot be meant, with all its faults by line."""

    def __init__(self, name: str, faults: Collection[Fault], what: str = "报送规则文件") -> None:
        self.name, self.faults = name, tuple(sorted(faults))[:MOST_FAULTS]
        told = "\n".join(f"  {one}" for one in self.faults)
        super().__init__(f"{what} {name} 有误 / is not right:\n{told}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A value of a mapping with the line of its key."""

    node: yaml.Node
    line: int


Table = Mapping[str, Entry]


def compose(text: str) -> yaml.Node:
    """Return the root of a file. Raises RulesInvalid: too large, too deep, an alias or tag, no YAML."""
    if len(text) > LARGEST:
        raise RulesInvalid("", [Fault(1, "-", f"文件大于{LARGEST}字", f"more than {LARGEST} characters")])
    try:
        _measure(text)
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise RulesInvalid(
            "", [Fault(line, "-", f"不是正确的YAML:{error.problem}", f"no valid YAML: {error.problem}")]
        ) from error
    except yaml.YAMLError as error:
        raise RulesInvalid(
            "", [Fault(1, "-", f"不是正确的YAML:{error}", f"no valid YAML: {error}")]
        ) from error
    if root is None:
        raise RulesInvalid("", [Fault(1, "-", "文件为空", "the file is empty")])
    return root


def _measure(text: str) -> None:
    """Look at the stream of events before anything is built of it: it may nest or repeat itself for ever."""
    depth = count = 0
    for event in yaml.parse(text, Loader=_LOADER):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise RulesInvalid(
                "", [Fault(line, "-", "不允许使用锚点和别名", "anchors and aliases are refused")]
            )
        if getattr(event, "tag", None):
            raise RulesInvalid("", [Fault(line, "-", "不允许使用标签(!)", "tags (!) are refused")])
        count += isinstance(event, yaml.NodeEvent)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise RulesInvalid("", [Fault(line, "-", f"嵌套多于{DEEPEST}层", f"deeper than {DEEPEST}")])
        if count > MOST_NODES:
            raise RulesInvalid("", [Fault(line, "-", f"多于{MOST_NODES}项", f"over {MOST_NODES} items")])


class Reader:
    """Reads nodes and keeps the faults. What cannot be read is None, and reading goes on."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, at: yaml.Node | int, path: str, zh: str, en: str) -> None:
        """Keep a fault."""
        line = at if isinstance(at, int) else at.start_mark.line + 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(line, path, zh, en))

    def table(
        self,
        node: yaml.Node,
        path: str,
        known: Collection[str] | None = None,
        needed: Collection[str] = (),
    ) -> Table | None:
        """Read a mapping; an unknown key, a key twice and a missing one are faults."""
        if not isinstance(node, yaml.MappingNode):
            self.fault(node, path, "此处须为键值表", "a mapping stands here")
            return None
        found: dict[str, Entry] = {}
        for key, value in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
            if not name or (known is not None and name not in known):
                hint = "、".join(sorted(known)) if known else ""
                self.fault(
                    key,
                    f"{path}.{name}",
                    f"不认识的项“{name}”,可用:{hint}",
                    f"unknown key {name!r}; known: {hint}",
                )
            elif name in found:
                self.fault(key, f"{path}.{name}", f"“{name}”重复", f"{name!r} stands twice")
            else:
                found[name] = Entry(value, key.start_mark.line + 1)
        for name in needed:
            if name not in found:
                self.fault(node, path, f"缺少“{name}”", f"{name!r} is missing")
        return found

    def row(self, node: yaml.Node, path: str, most: int = 500) -> list[yaml.Node]:
        """Read a sequence; a single value stands for a row of one."""
        if isinstance(node, yaml.ScalarNode):
            return [node]
        if not isinstance(node, yaml.SequenceNode):
            self.fault(node, path, "此处须为列表", "a list stands here")
            return []
        if len(node.value) > most:
            self.fault(node, path, f"多于{most}项", f"more than {most} items")
        return list(node.value[:most])

    def text(self, node: yaml.Node, path: str, most: int = 500) -> str | None:
        """Read a value as it is written."""
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            self.fault(node, path, "此处须为文字", "a text stands here")
            return None
        if len(node.value) > most:
            self.fault(node, path, f"长于{most}字", f"longer than {most} characters")
            return None
        return str(node.value)

    def name(self, node: yaml.Node, path: str) -> str | None:
        """Read an id: letters, digits, _ . -"""
        found = self.text(node, path)
        if found is not None and not _ID.fullmatch(found):
            self.fault(node, path, f"编号“{found}”只能用字母、数字、_.-", f"no id: {found!r}")
            return None
        return found

    def code(self, node: yaml.Node, path: str) -> str | None:
        """Read an event code or the beginning of one: 11, 12D, 12D02."""
        found = self.text(node, path)
        if found is not None and not _CODE.fullmatch(found):
            self.fault(
                node, path, f"“{found}”不是事件代码的开头", f"no beginning of an event code: {found!r}"
            )
            return None
        return found

    def one_of(self, node: yaml.Node, path: str, known: Collection[str]) -> str | None:
        """Read one of the known words."""
        found = self.text(node, path)
        if found is not None and found not in known:
            told = "、".join(sorted(known))
            self.fault(node, path, f"不认识的“{found}”,可用:{told}", f"unknown {found!r}; known: {told}")
            return None
        return found

    def some_of(self, node: yaml.Node, path: str, known: Collection[str]) -> list[str]:
        """Read a row of known words, each once."""
        found = [word for one in self.row(node, path) if (word := self.one_of(one, path, known)) is not None]
        if len(set(found)) < len(found):
            self.fault(node, path, "列表中有重复", "the same twice")
        return list(dict.fromkeys(found))

    def number(self, node: yaml.Node, path: str, least: int, most: int) -> int | None:
        """Read a whole number within its bounds."""
        words = str(node.value) if isinstance(node, yaml.ScalarNode) else ""
        if not re.fullmatch(r"-?\d{1,9}", words):
            self.fault(node, path, f"“{words[:20]}”不是整数", f"no whole number: {words[:20]!r}")
            return None
        if not least <= int(words) <= most:
            self.fault(
                node, path, f"{words}不在{least}至{most}之间", f"{words} is not within {least} … {most}"
            )
            return None
        return int(words)

    def truth(self, node: yaml.Node, path: str) -> bool:
        """Read true or false."""
        return self.one_of(node, path, ("true", "false")) == "true"

    def hour(self, node: yaml.Node, path: str) -> time | None:
        """Read an hour of the day, '08:00'."""
        found = _HOUR.fullmatch(str(node.value)) if isinstance(node, yaml.ScalarNode) else None
        if found is None:
            self.fault(node, path, "时刻须写作'08:00'", "an hour of the day is written '08:00'")
            return None
        return time(int(found[1]), int(found[2]))
