"""The texts of broadcasts, read from files each time: a clerk's change holds at once."""

from __future__ import annotations

import re
from pathlib import Path

from app.broadcast.speaker_facts import BroadcastTemplateFact
from app.codecs.colours import GRADES
from app.filing.rules.template import Grammar, Read, TextTemplate, filled, read_text
from app.filing.templates import read_file

SHIPPED = Path(__file__).with_name("templates")
MOST_FILES = 60
_COLOURS = tuple(one.zh for one in GRADES)
_DEGREES = {"红色": "特别大", "橙色": "大", "黄色": "较大", "蓝色": "存在"}
_EVENT = re.compile(r"[0-9A-Z]{5}")
_GRAMMAR = Grammar(
    fields=frozenset({"灾种", "颜色", "程度", "区域", "单位", "时间", "措施"}),
    must=frozenset({"措施"}),
    marks=frozenset({"事件", "灾种", "标题", *_COLOURS}),
    checks={
        "事件": lambda told: (
            None
            if _EVENT.fullmatch(told)
            else ("事件应为5位代码,如11A51", "the event is a code of 5, such as 11A51")
        )
    },
)


def load_templates(folder: Path | None = None) -> list[BroadcastTemplateFact]:
    """Return a text for each hazard and colour: the county's own before the shipped one of the same name.

    What is filled in here is what the template knows (灾种, 颜色, 程度, 措施); 区域, 单位 and 时间 stay open.
    """
    files = {path.stem: path for path in _files(SHIPPED)}
    own = {path.stem: path for path in _files(folder)} if folder else {}
    found: list[BroadcastTemplateFact] = []
    for key in sorted({*files, *own}):
        template, faults = _read(own.get(key, files.get(key)))
        told = [f"{own[key].name}:{fault.line}: {fault.zh} / {fault.en}" for fault in faults]
        if template is None and key in files:
            template, _ = _read(files[key])
        if template is not None:
            found += _coloured(key, template, told)
    return found


def _read(path: Path | None) -> Read:
    assert path is not None
    template, faults = read_file(path, lambda text: read_text(text, _GRAMMAR))
    return template, faults


def _files(folder: Path | None) -> list[Path]:
    if folder is None or not folder.is_dir():
        return []
    return sorted(folder.glob("*.txt"))[:MOST_FILES]


def _coloured(key: str, template: TextTemplate, faults: list[str]) -> list[BroadcastTemplateFact]:
    marks = template.marks
    hazard = marks.get("灾种", key)
    found = []
    for grade in GRADES:
        told = {"灾种": hazard, "颜色": grade.zh, "程度": _DEGREES[grade.zh], "措施": marks.get(grade.zh, "")}
        told |= {name: f"{{{name}}}" for name in ("区域", "单位", "时间")}
        found.append(
            BroadcastTemplateFact(
                key=key,
                event_type=marks.get("事件", "00000"),
                hazard=hazard,
                colour=grade.colour.value,
                title=filled(marks.get("标题", "{灾种}"), told),
                text="".join(filled(line, told) for line in template.lines),
                faults=faults,
            )
        )
    return found
