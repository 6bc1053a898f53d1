"""Content models as data: which elements in which order, how often, and what a value may be.

A model is a tree of `Part`. `validate` names everything that does not fit and goes on, so that a sender can
mend a message in one go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.codecs.findings import Finding, schema, shown
from app.codecs.markup.reader import Node

MANY = 1 << 30

Problem = tuple[str, str, str]
"""Code, Chinese, English: why a value is not accepted."""

Test = Callable[[str], Problem | None]

_XSI = "http://www.w3.org/2001/XMLSchema-instance"


def root_fault(root: Node, namespace: str, code: str, zh: str, en: str) -> Finding | None:
    """Name a root that is not the `alert` of a namespace; `zh` and `en` say what was to be there, and why."""
    if (root.namespace, root.name) == (namespace, "alert"):
        return None
    there = shown(f"{root.namespace}#{root.name}" if root.namespace else root.name)
    return schema(code, f"根元素是 {there},不是 {zh}", f"the root element is {there}, not {en}", root.line)


@dataclass(frozen=True, slots=True)
class Part:
    """One element of a sequence: at least `least`, at most `most` of them.

    `inside` is the sequence within, empty for a value, which `test` judges. With `open_end` elements of
    other namespaces may follow the sequence (`xs:any ##other`); with `skip` nothing inside is looked at.
    """

    name: str
    least: int = 1
    most: int = 1
    inside: tuple[Part, ...] | None = None
    test: Test | None = None
    open_end: frozenset[str] = frozenset()
    skip: bool = False


def one(name: str, test: Test | None = None) -> Part:
    """Model exactly one value."""
    return Part(name, test=test)


def may(name: str, test: Test | None = None) -> Part:
    """Model one value or none."""
    return Part(name, least=0, test=test)


def any_of(name: str, test: Test | None = None, *, least: int = 0) -> Part:
    """Model a repeated value."""
    return Part(name, least=least, most=MANY, test=test)


def group(name: str, *inside: Part, least: int = 1, most: int = 1) -> Part:
    """Model an element with elements in it."""
    return Part(name, least, most, inside)


def validate(node: Node, part: Part, namespace: str) -> Iterator[Finding]:
    """Name what does not fit the model in an element whose own name has been checked already."""
    if part.skip:
        return
    yield from _attributes(node)
    if part.inside is not None:
        if node.text and not node.text.isspace():
            yield schema(
                "STRAY_TEXT",
                f"<{node.name}> 中不应有文字 {shown(node.text.strip())}",
                f"<{node.name}> may not hold text: {shown(node.text.strip())}",
                node.line,
            )
        yield from _sequence(node, part, namespace)
        return
    if node.children:
        first = node.children[0]
        yield schema(
            "ELEMENT_UNEXPECTED",
            f"<{node.name}> 中不应有元素 <{first.name}>",
            f"<{node.name}> may not hold the element <{first.name}>",
            first.line,
        )
    problem = part.test(node.text) if part.test else None
    if problem:
        code, zh, en = problem
        yield schema(code, f"<{node.name}> {zh}", f"<{node.name}> {en}", node.line)


def _sequence(node: Node, part: Part, namespace: str) -> Iterator[Finding]:
    inside = part.inside or ()
    at = count = 0
    seen: set[str] = set()
    for child in node.children:
        if child.namespace in part.open_end:
            continue
        place = _place(inside, at, count, child, namespace)
        if place is None:
            yield _unexpected(node, inside, child, namespace, again=child.name in seen)
            continue
        seen.add(child.name)
        yield from _missing(node, inside, at, count, place)
        count = count + 1 if place == at else 1
        at = place
        yield from validate(child, inside[place], namespace)
    yield from _missing(node, inside, at, count, len(inside))


def _place(inside: tuple[Part, ...], at: int, count: int, child: Node, namespace: str) -> int | None:
    """Return which part a child is, from the present one on; None when it cannot stand here."""
    if child.namespace != namespace:
        return None
    for place in range(at, len(inside)):
        if inside[place].name == child.name:
            return None if place == at and count >= inside[place].most else place
    return None


def _missing(node: Node, inside: tuple[Part, ...], at: int, count: int, until: int) -> Iterator[Finding]:
    """Name the parts that are too few between the present one and the one that comes now."""
    for place in range(at, until):
        have = count if place == at else 0
        if have < inside[place].least:
            name = inside[place].name
            yield schema(
                "ELEMENT_MISSING",
                f"<{node.name}> 缺少 <{name}>,或其位置不对",
                f"<{node.name}> lacks <{name}>, or it does not stand in its place",
                node.line,
            )


def _unexpected(node: Node, inside: tuple[Part, ...], child: Node, namespace: str, *, again: bool) -> Finding:
    known = next((part for part in inside if part.name == child.name), None)
    if child.namespace != namespace:
        zh, en = f"命名空间 {shown(child.namespace)} 不对", f"has the namespace {shown(child.namespace)}"
    elif known is None:
        zh, en = "不认识", "is not known here"
    elif known.most == 1 and again:
        zh, en = "只能出现一次", "may stand here once only"
    else:
        zh, en = "顺序不对", "stands in the wrong place"
    return schema(
        "ELEMENT_UNEXPECTED",
        f"<{node.name}> 中的 <{child.name}> {zh}",
        f"<{child.name}> in <{node.name}> {en}",
        child.line,
    )


def _attributes(node: Node) -> Iterator[Finding]:
    for name in node.attributes:
        if not name.startswith(_XSI + " "):
            yield schema(
                "ATTRIBUTE_UNEXPECTED",
                f"<{node.name}> 不应有属性 {shown(name)}",
                f"<{node.name}> may not have the attribute {shown(name)}",
                node.line,
            )
