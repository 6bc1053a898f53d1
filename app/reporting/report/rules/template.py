"""Templates of reports: which fields and marks stand in them, and which must. Pure."""

from __future__ import annotations

from app.filing.rules.template import Grammar, Read, TextTemplate, read_text
from app.filing.rules.template import fields_of as fields_of
from app.filing.rules.template import filled as filled
from app.reporting.report.rules.points import REQUIRED

ALWAYS = frozenset({"截至", "标题"})  # known in every report; they alone do not carry a line
FIELDS = frozenset({*REQUIRED, *ALWAYS, "接报时间", "请求事项", "处置结果", "后续工作"})
MUST = {
    "initial": frozenset({"接报时间", *REQUIRED}),
    "followup": frozenset({"伤亡", "措施", "经过"}),
    "final": frozenset({"伤亡", "处置结果"}),
}
MARKS = frozenset({"题头"})
Template = TextTemplate


def read_template(kind: str, text: str) -> Read:
    """Return a template and what is wrong with it: with a fault there is no template."""
    return read_text(text, Grammar(FIELDS, MUST[kind], MARKS))
