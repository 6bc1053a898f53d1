"""A drill's script (导调方案) as a file: what it may say, and where it is wrong, by line, in two languages.

The words of the file are those of `Script` and `InjectIn`; docs/drills.md shows a whole one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BeforeValidator, Field, StringConstraints, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from app.commands import Command, Latitude, Line, Longitude, Paragraph, RegionCode
from app.wire import Fact

MOST_BYTES, MOST_INJECTS, MOST_FAULTS = 200_000, 60, 20
InjectKind = Literal["call", "text", "sos", "sensor", "link", "role_play"]
Expected = Literal[
    "judged", "opened", "team_sent", "acknowledged", "on_scene", "ordered", "reported", "broadcast", "by_hand"
]
DrillKind = Literal["comprehensive", "flood", "geology", "forest_fire", "hazmat", "traffic", "other"]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
_CLOCK = re.compile(r"^(?:(\d{1,2}):)?([0-5]?\d):([0-5]\d)$")
LONGEST_S = 12 * 3600


def _offset(told: Any) -> Any:
    """Read `mm:ss` or `h:mm:ss` after the start as seconds; YAML itself reads 1:30 as 90."""
    if isinstance(told, str) and (found := _CLOCK.match(told.strip())):
        hours, minutes, seconds = (int(one or 0) for one in found.groups())
        return hours * 3600 + minutes * 60 + seconds
    return told


Offset = Annotated[int, BeforeValidator(_offset), Field(ge=0, le=LONGEST_S)]


class AfterIn(Command):
    """So long after another inject came, or with `done` after what it expects was done."""

    inject: Key
    seconds: Annotated[int, Field(ge=0, le=LONGEST_S)] = 0
    done: bool = False


class InjectIn(Command):
    """One inject: when it comes (`at`, `after` or else by hand), what it is, what is expected how soon.

    `sos` needs the number of a `device` and its `family`; every other but `role_play` comes to the desk
    as told news. `action` says to the controllers what should be done, `points` what it is worth.
    """

    id: Key
    at: Offset | None = None
    after: AfterIn | None = None
    kind: InjectKind
    title: Title
    text: Paragraph = ""
    name: Line = ""
    phone: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    region: RegionCode | None = None
    address: Line = ""
    lon: Longitude | None = None
    lat: Latitude | None = None
    family: Annotated[str, StringConstraints(max_length=20)] = ""
    device: Annotated[str, StringConstraints(max_length=40)] = ""
    expect: Expected = "judged"
    target_s: Annotated[int, Field(ge=1, le=LONGEST_S)]
    action: Paragraph = ""
    points: Annotated[int, Field(ge=0, le=100)] = 10

    @model_validator(mode="after")
    def _can_come(self) -> Self:
        if self.at is not None and self.after is not None:
            raise PydanticCustomError("inject_when", "either at or after")
        if (self.kind == "sos") != bool(self.device and self.family):
            raise PydanticCustomError("inject_device", "an sos, and nothing else, names family and device")
        if self.kind == "role_play" and self.expect != "by_hand":
            raise PydanticCustomError("inject_by_hand", "a role-played inject expects by_hand")
        if (self.lon is None) != (self.lat is None):
            raise PydanticCustomError("half_a_place", "lon and lat belong together")
        return self


class Script(Command):
    """A drill as a file: what it is called, of which kind, and its injects in the order of the list."""

    code: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)]
    name: Title
    kind: DrillKind = "comprehensive"
    no_script: bool = True
    minutes: Annotated[int, Field(ge=10, le=720)] = 120
    purpose: Paragraph = ""
    injects: Annotated[list[InjectIn], Field(min_length=1, max_length=MOST_INJECTS)]


class ScriptFault(Fact):
    """What is wrong with a script: in which line (1 is the first), in both languages."""

    line: int
    where: str
    zh: str
    en: str


class WrongScript(ValueError):
    """A script cannot be used; `faults` say why."""

    def __init__(self, faults: Sequence[ScriptFault]) -> None:
        self.faults = list(faults)
        super().__init__("; ".join(f"{one.line}: {one.en}" for one in self.faults))


_WORDS = {
    "missing": ("缺少此项", "is missing"),
    "extra_forbidden": ("没有此项,请检查拼写", "is unknown: look at the spelling"),
    "literal_error": ("只能是 {expected}", "must be one of {expected}"),
    "inject_when": ("at 与 after 只能写一个", "either at or after, not both"),
    "inject_device": (
        "sos 必须且只有 sos 写 family 与 device",
        "an sos, and only an sos, names family and device",
    ),
    "inject_by_hand": ("role_play 的 expect 只能是 by_hand", "a role_play expects by_hand"),
    "half_a_place": ("经纬度须同时填写", "lon and lat belong together"),
    "int_parsing": (
        "须是整数,时间写成 分:秒 或 时:分:秒",
        "must be a whole number; times are m:ss or h:mm:ss",
    ),
    "int_type": ("须是整数", "must be a whole number"),
    "greater_than_equal": ("不能小于 {ge}", "must be at least {ge}"),
    "less_than_equal": ("不能大于 {le}", "must be at most {le}"),
    "string_pattern_mismatch": ("格式不对", "has not the right form"),
    "string_too_long": ("过长,最多 {max_length} 字", "is too long: {max_length} characters at most"),
    "string_too_short": ("不能为空", "must not be empty"),
    "string_type": ("须是文字,数字请加引号", "must be text: put numbers in quotes"),
    "too_short": ("至少一条", "needs at least one"),
    "too_long": ("过多,最多 {max_length} 条", "is too many: {max_length} at most"),
    "control_character": ("含有控制字符", "holds a control character"),
}


def read_script(source: str) -> Script:
    """Read a script. Raises WrongScript with every fault by its line, twenty at most."""
    if len(source.encode()) > MOST_BYTES:
        raise WrongScript([ScriptFault(line=1, where="", zh="文件超过 200 KB", en="the file exceeds 200 kB")])
    try:
        _refuse_aliases(source)
        root = yaml.compose(source, Loader=yaml.SafeLoader)
        told = yaml.safe_load(source)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 1
        why = getattr(error, "problem", None) or "not YAML"
        raise WrongScript(
            [ScriptFault(line=line, where="", zh=f"不是正确的 YAML:{why}", en=str(why))]
        ) from error
    except RecursionError as error:
        fault = ScriptFault(line=1, where="", zh="嵌套过深", en="it is nested too deeply")
        raise WrongScript([fault]) from error
    if not isinstance(told, dict) or root is None:
        fault = ScriptFault(line=1, where="", zh="应为“项: 值”的列表", en="a mapping is expected")
        raise WrongScript([fault])
    try:
        script = Script.model_validate(told)
    except ValidationError as error:
        raise WrongScript([_fault(root, one) for one in error.errors()[:MOST_FAULTS]]) from error
    if faults := list(_tied_wrongly(root, script)):
        raise WrongScript(faults[:MOST_FAULTS])
    return script


def _refuse_aliases(source: str) -> None:
    """Refuse references: a small file of them can stand for a huge one."""
    for token in yaml.scan(source, Loader=yaml.SafeLoader):
        if isinstance(token, yaml.AliasToken):
            line = token.start_mark.line + 1
            zh, en = (
                f"第 {line} 行:不能使用引用 *{token.value}",
                f"line {line}: no references (*{token.value})",
            )
            raise WrongScript([ScriptFault(line=line, where="", zh=zh, en=en)])


def _tied_wrongly(root: yaml.Node, script: Script) -> list[ScriptFault]:
    """Return faults between injects: the same name twice, and waiting for one that does not stand before."""
    faults, known = [], set[str]()
    for n, one in enumerate(script.injects):
        if one.id in known:
            where = ("injects", n, "id")
            faults.append(_at(root, where, f"编号 {one.id} 重复", f"the id {one.id} stands twice"))
        if one.after is not None and one.after.inject not in known:
            zh = f"after 所指的 {one.after.inject} 须写在前面"
            en = f"after names {one.after.inject}, which must stand before it"
            faults.append(_at(root, ("injects", n, "after", "inject"), zh, en))
        known.add(one.id)
    return faults


def _fault(root: yaml.Node, error: Any) -> ScriptFault:
    zh, en = _WORDS.get(error["type"], ("填写有误", error["msg"]))
    told = {"expected": "", **(error.get("ctx") or {})}
    return _at(root, error["loc"], zh.format(**told), en.format(**told))


def _at(root: yaml.Node, where: Sequence[Any], zh: str, en: str) -> ScriptFault:
    path = ".".join(str(one + 1 if isinstance(one, int) else one) for one in where)
    line = _line(root, where)
    return ScriptFault(line=line, where=path, zh=f"第 {line} 行 {path}:{zh}", en=f"line {line}, {path}: {en}")


def _line(node: yaml.Node, where: Sequence[Any]) -> int:
    """Return the line of what a path names, or of the nearest thing around it that is there."""
    line = node.start_mark.line + 1
    for step in where:
        if isinstance(node, yaml.MappingNode):
            found = next(((k, v) for k, v in node.value if getattr(k, "value", None) == step), None)
            if found is None:
                return line
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            return line
    return line
