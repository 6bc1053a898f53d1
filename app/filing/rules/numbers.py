"""How a number of a document is written. Pure."""

from __future__ import annotations

DRILL = "演练"
DRILL_MARK = f"【{DRILL}】"
"""Stands before every text of a drill that leaves the house."""
"""What numbers of drills begin with: no number of a drill looks like one in earnest (domain/rules B8)."""


def marked(words: str, *, drill: bool) -> str:
    """Return words as they leave the house: those of a drill begin with 【演练】, once."""
    return words if not drill or words.startswith(DRILL_MARK) else DRILL_MARK + words


def series_of(kind: str, region_code: str, *, drill: bool) -> str:
    """Return the name of a series: one for each kind and place, those of drills apart."""
    return f"{kind}:{region_code}" + (":drill" if drill else "")


def number_of(pattern: str, name: str, year: int, running: int, *, drill: bool) -> str:
    """Return e.g. 樟应接〔2025〕3号, of a drill 演练樟应接〔2025〕1号.

    `pattern` holds {简称}, {年} and {序号}; `name` is the place's own short name.
    """
    told = pattern.replace("{简称}", name).replace("{年}", str(year)).replace("{序号}", str(running))
    return (DRILL if drill else "") + told
