"""Words as they may stand on paper. Pure."""

from __future__ import annotations

import re

# What XML cannot hold, printers stumble over, or what turns the order of a line round (bidi controls);
# a device's text may bring it.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\ufffe\uffff]"
)


def clean(text: str) -> str:
    """Leave out what cannot be printed."""
    return _UNPRINTABLE.sub("", text)
