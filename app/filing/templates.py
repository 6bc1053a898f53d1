"""Templates read from files at the edge each time: a clerk's change holds at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.filing.rules.template import LARGEST, Read, TemplateFault

_NOT_UTF8 = TemplateFault(0, "文件须为UTF-8编码,请另存为UTF-8", "save the file as UTF-8")
_NOT_THERE = TemplateFault(
    0, "文件不存在或无法读取,已改用出厂模板", "the file cannot be read: the shipped one is used"
)


def read_file(path: Path, read: Callable[[str], Read]) -> Read:
    """Return the template in a file and what is wrong with it; never more than its largest size is read."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            text = file.read(LARGEST + 1)
    except UnicodeDecodeError:
        return None, (_NOT_UTF8,)
    except OSError:
        return None, (_NOT_THERE,)
    return read(text)
