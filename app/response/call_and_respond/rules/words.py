"""What is sent in call-and-respond, and how an answer by text is read. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from app.filing.rules.numbers import DRILL_MARK

_SAID = re.compile(r"^(?:(?:收到|已收到|已知晓|知晓|知道了|明白|应)(?=$|[\s,.。!:#\d])|1(?=$|[\s,.。!:#]))")
_CODE = re.compile(r"(?<!\d)(\d{4})(?!\d)")


@dataclass(frozen=True, slots=True)
class Heard:
    """A text that may be an answer: the code in it, whether it says received, its words."""

    code: str | None
    said: bool
    words: str


def alert(title: str, drill: bool, parts: tuple[str, ...], due: str, code: str) -> str:  # noqa: FBT001
    """Return the text of a first call. `parts`: hazard, time, area, harm."""
    mark = DRILL_MARK if drill else ""
    told = ";".join(part for part in parts if part)
    told = f":{told}" if told else ""
    return f"{mark}叫应 {title}{told}。请{due}前回复“收到 {code}”并落实"[:300]


def changed(title: str, drill: bool, words: str, code: str) -> str:  # noqa: FBT001
    """Return the text that tells of a lowering or a cancellation."""
    mark = DRILL_MARK if drill else ""
    return f"{mark}{title}。{words}。请回复“收到 {code}”"[:300]


def feedback(title: str, drill: bool, village: str) -> str:  # noqa: FBT001
    """Return the text that asks a village for the feedback it owes."""
    return f"{DRILL_MARK if drill else ''}请反馈:{village}对“{title}”采取的行动(转移人数、封路、巡查)"[:300]


def overdue(title: str, drill: bool, names: list[str]) -> str:  # noqa: FBT001
    """Return the text that tells a township which of its villages stayed silent."""
    told = "、".join(names[:8]) + (f"等{len(names)}个村" if len(names) > 8 else "")
    return f"{DRILL_MARK if drill else ''}叫应超时 {title}:{told}未应答,请立即派人联系"[:300]


def heard(text: str) -> Heard | None:
    """Return what a text says as an answer: received, or a code of four digits; None if it is neither."""
    words = unicodedata.normalize("NFKC", text).strip()
    said = _SAID.match(words) is not None
    code = _CODE.search(words)
    if not said and (code is None or code.group(1) != words):
        return None
    return Heard(code.group(1) if code else None, said, words[:200])
