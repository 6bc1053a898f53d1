"""Names of places as people write them: the code, the full path, or as little of it as is plain."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from difflib import get_close_matches


def path_of(names: Mapping[str, str], code: str) -> str:
    """Return the full name of a place without blanks: 樟川市临溪镇东岸村 (rules B9)."""
    parents = dict.fromkeys((code[:6] + "000000", code[:9] + "000", code))
    return "".join(names.get(each, "") for each in parents)


def by_name(names: Mapping[str, str]) -> dict[str, str]:
    """Map everything that plainly names a place to its code. `names` are short names by code."""
    found: dict[str, str] = {}
    once = Counter(names.values())
    for code, name in names.items():
        path = path_of(names, code)
        county = names.get(code[:6] + "000000", "")
        found[code] = found[path] = code
        found.setdefault(path.removeprefix(county) or path, code)
        if once[name] == 1:
            found.setdefault(name, code)
    return found


def spoken(text: str) -> str:
    """Return a place's name as it is looked up: without blanks."""
    return re.sub(r"\s+", "", text)


def nearest(names: Iterable[str], text: str) -> str | None:
    """Return the name that a wrong one was probably meant to be."""
    return next(iter(get_close_matches(text, [n for n in names if not n.isdigit()], 1, 0.5)), None)
