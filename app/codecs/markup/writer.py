"""A tree of elements → UTF-8 bytes, laid out so that the same tree always gives the same bytes."""

from __future__ import annotations

import re

from app.codecs.markup.reader import Node

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_ESCAPED = re.compile("[&<>\r]")


def leaf(name: str, text: str) -> Node:
    """Make an element with a value."""
    return Node(name, text=text)


def branch(name: str, *children: Node | None) -> Node:
    """Make an element with elements; None stands for one that is left out."""
    return Node(name, children=[child for child in children if child is not None])


def document(root: Node, namespace: str = "") -> bytes:
    """Write a document: two spaces a level, LF, UTF-8, the namespace on the root.

    Characters that XML cannot hold (most control characters) become U+FFFD.
    """
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    _write(root, 0, f' xmlns="{namespace}"' if namespace else "", lines)
    return ("\n".join(lines) + "\n").encode("utf-8")


def escaped(text: str) -> str:
    """Return text as it stands in an element."""
    return _ESCAPED.sub(lambda found: _ESCAPES[found[0]], _NOT_XML.sub("\ufffd", text))


def _write(node: Node, level: int, head: str, lines: list[str]) -> None:
    indent = "  " * level
    if not node.children:
        lines.append(f"{indent}<{node.name}{head}>{escaped(node.text)}</{node.name}>")
        return
    lines.append(f"{indent}<{node.name}{head}>")
    for child in node.children:
        _write(child, level + 1, "", lines)
    lines.append(f"{indent}</{node.name}>")
