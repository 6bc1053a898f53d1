"""The code of an item (GB/T 38565-2020 clause 5.2): seven digits in four layers (domain/rules B10)."""

from __future__ import annotations

import re

# Layer 1 is 1, 2 or 3; layers 2 to 4 are two digits each, 01 to 99, of which 99 means "other".
CODE_PATTERN = r"^[123](?:0[1-9]|[1-9][0-9]){3}$"
PREFIX_PATTERN = r"^[123](?:0[1-9]|[1-9][0-9]){0,3}$"
_CODE = re.compile(CODE_PATTERN)
CODE_FORM = (
    "物资编码为7位数字(GB/T 38565):首位1–3,其后三层各两位01–99",
    "an item code has seven digits (GB/T 38565): 1 to 3 first, then three pairs 01 to 99",
)
LAYERS: dict[str, tuple[str, str]] = {
    "1": ("基本生活保障物资", "basic living supplies"),
    "2": ("应急装备及配套物资", "emergency equipment and what belongs to it"),
    "3": ("工程材料与机械加工设备", "engineering materials and machinery"),
}


def is_code(text: str) -> bool:
    """Whether a text has the shape of an item code. The list of codes itself is not checked."""
    return _CODE.fullmatch(text) is not None
