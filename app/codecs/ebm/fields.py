"""Elements ↔ plain fields, led by a content model: a value is a str, a repeated element a tuple."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from app.codecs.markup.model import Part
from app.codecs.markup.reader import Node

Fields: TypeAlias = "Mapping[str, Field]"
Field: TypeAlias = "str | Fields | tuple[str | Fields, ...]"


def fields_of(node: Node, part: Part) -> dict[str, Field]:
    """Return what an element that fits its model holds; what a maker's own parameters hold is left out."""
    found: dict[str, Field] = {}
    for inside in part.inside or ():
        children = node.all(inside.name)
        values = tuple(_value(child, inside) for child in children)
        if inside.most > 1:
            if values:
                found[inside.name] = values
        elif values:
            found[inside.name] = values[0]
    return found


def node_of(fields: Fields, part: Part) -> Node:
    """Return the element that holds fields, in the model's order; names it does not know are left out."""
    children = [child for inside in part.inside or () for child in _children(fields, inside)]
    return Node(part.name, children=children)


def text(fields: Fields, *path: str) -> str:
    """Return the value at a path of names, "" when there is none."""
    at: Field = fields
    for name in path:
        if not isinstance(at, Mapping):
            return ""
        at = at.get(name, "")
    return at if isinstance(at, str) else ""


def many(fields: Fields, name: str) -> Iterator[Fields]:
    """Return the rows of a repeated element."""
    rows = fields.get(name, ())
    return (row for row in (rows if isinstance(rows, tuple) else (rows,)) if isinstance(row, Mapping))


def _value(node: Node, part: Part) -> str | Fields:
    return node.text if part.inside is None else fields_of(node, part)


def _children(fields: Fields, part: Part) -> Iterator[Node]:
    held = fields.get(part.name)
    if held is None:
        return
    for value in held if isinstance(held, tuple) else (held,):
        if isinstance(value, str):
            yield Node(part.name, text=value)
        else:
            yield node_of(value, part)
