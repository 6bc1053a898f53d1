"""Which figures are in conflict, and whether a telling may be meant. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.dispatch.figures.kinds import MEASURES, FigureKind, plain
from app.refusals import FieldFault


@dataclass(frozen=True, slots=True)
class Told:
    """The little of a telling that decides about conflicts."""

    kind: FigureKind
    source: str
    value: float
    told_at: datetime


def conflicts(told: Iterable[Told]) -> tuple[FigureKind, ...]:
    """Return the kinds of which two sources' latest words differ: who counts on contradicts nobody."""
    latest: dict[tuple[FigureKind, str], Told] = {}
    for one in told:
        held = latest.get((one.kind, one.source))
        if held is None or one.told_at >= held.told_at:
            latest[one.kind, one.source] = one
    values: dict[FigureKind, set[float]] = {}
    for (kind, _), one in latest.items():
        values.setdefault(kind, set()).add(one.value)
    return tuple(kind for kind in MEASURES if len(values.get(kind, ())) > 1)


def fault(kind: FigureKind, value: float) -> FieldFault | None:
    """Return why a figure cannot be meant, None if it can."""
    measure = MEASURES[kind]
    if measure.whole and value != int(value):
        return FieldFault("value", f"{measure.zh}须为整数", f"{measure.en} is a whole number")
    if value > measure.most:
        most = plain(measure.most)
        return FieldFault(
            "value", f"{measure.zh}不能大于{most}{measure.unit_zh}", f"{measure.en} is {most} at most"
        )
    return None


def in_words(kind: FigureKind, value: float | None) -> tuple[str, str]:
    """Return a figure in Chinese and English: 被困5人."""
    measure = MEASURES[kind]
    if value is None:
        return f"{measure.zh}正在核实", f"{measure.en} being verified"
    return (
        f"{measure.zh}{plain(value)}{measure.unit_zh}",
        f"{measure.en} {plain(value)} {measure.unit_en}".rstrip(),
    )


def changed(
    before: Mapping[str, object], after: Mapping[str, object]
) -> list[tuple[FigureKind, float | None]]:
    """Return the kinds whose figure differs, with the new figure (None: verified again)."""
    found: list[tuple[FigureKind, float | None]] = []
    for kind in MEASURES:
        value = after.get(kind)
        if before.get(kind) != value:
            found.append((kind, None if value is None else float(str(value))))
    return found
