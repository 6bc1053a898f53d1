"""The templates of reports, read from files at the edge each time: a clerk's change holds at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from app.filing.templates import read_file
from app.reporting.report.facts import TemplateFaultFact
from app.reporting.report.rules.steps import ReportKind
from app.reporting.report.rules.template import Template, read_template

SHIPPED = Path(__file__).with_name("templates")
KINDS: tuple[ReportKind, ...] = ("initial", "followup", "final")


@dataclass(frozen=True, slots=True)
class Templates:
    """A template for each kind, and what is wrong with the county's own."""

    by_kind: dict[ReportKind, Template]
    faults: tuple[TemplateFaultFact, ...] = ()


@cache
def shipped() -> Templates:
    """Return the templates as they are shipped."""
    found: dict[ReportKind, Template] = {}
    for kind in KINDS:
        template, faults = read_template(kind, (SHIPPED / f"{kind}.txt").read_text(encoding="utf-8"))
        assert template is not None, faults
        found[kind] = template
    return Templates(found)


def load_templates(folder: Path | None = None) -> Templates:
    """Return the county's templates; in place of one that is missing or wrong the shipped one."""
    if folder is None:
        return shipped()
    found = dict(shipped().by_kind)
    faults: list[TemplateFaultFact] = []
    for kind in KINDS:
        path = folder / f"{kind}.txt"
        template, wrong = read_file(path, partial(read_template, kind))
        if template is not None:
            found[kind] = template
        faults += [TemplateFaultFact(file=path.name, line=f.line, zh=f.zh, en=f.en) for f in wrong]
    return Templates(found, tuple(faults))
