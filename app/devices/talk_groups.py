"""The setting `talk_groups`: what the numbers of the voice group plan are called (通话组, domain/rules A3.2).

The plan is programmed into the radios; nothing on the air tells a group's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

LONGEST_NAME = 40  # characters


def parse_talk_groups(setting: str) -> Mapping[str, str]:
    """Read `1=全市通播组,101=临溪镇组` as number → name. Raises ValueError."""
    names: dict[str, str] = {}
    for item in (part.strip() for part in setting.split(",")):
        if not item:
            continue
        number, _, name = (word.strip() for word in item.partition("="))
        if not (number.isascii() and number.isdigit() and 0 < len(number) <= 20 and name):
            raise ValueError(
                f"通话组设置“{item}”有误,应形如 1=全市通播组,101=临溪镇组 / talk group {item!r} should look "
                "like 1=County,101=Linxi"
            )
        if len(name) > LONGEST_NAME or number in names:
            raise ValueError(
                f"通话组“{item}”名称过长或号码重复 / talk group {item!r}: too long a name, or a number twice"
            )
        names[number] = name
    return MappingProxyType(names)
