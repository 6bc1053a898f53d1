"""What peers write otherwise than the standard and everybody understands: set right, with advice.

Each is met in samples of the standard itself or in packets of real platforms; a stop must never be refused
for a formality.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.codecs.ebm.profile import Dialect, Profile
from app.codecs.findings import Finding, advice, shown
from app.codecs.markup.model import MANY, Part, validate
from app.codecs.markup.reader import Node


def amend(root: Node, profile: Profile) -> Iterator[Finding]:
    """Set an EBD right in place and say what was set right. Must be exhausted before the tree is judged."""
    yield from _without_namespace(root)
    yield from _trimmed(root)
    yield from _without_empty_related(root)
    yield from _wrapped(root)
    if profile.dialect is Dialect.DRAFT_2016:
        rename(root, "SentTime", "SendTime")


def rename(root: Node, old: str, new: str) -> None:
    """Give elements another name, in place: the drafts of 2016 say SentTime for SendTime."""
    for node in _every(root):
        if node.name == old:
            node.name = new


def forgive(root: Node, model: Part) -> Iterator[Finding]:
    """Take out what makers add and put in the version that they leave out, in place, with advice."""
    message = root.child("EBM")
    if message is not None and not message.said("EBMVersion"):
        message.children = [child for child in message.children if child.name != "EBMVersion"]
        message.children.insert(0, Node("EBMVersion", text="1", line=message.line))
        yield advice(
            "VERSION_MISSING", "缺少 EBMVersion,按 1 处理", "EBMVersion is missing: taken as 1", message.line
        )
    yield from _without_unknown(root, model)


def set_apart(root: Node, model: Part) -> Iterator[Finding]:
    """Take the rows of a list that do not fit their model out, in place: a bad row spoils no good one."""
    held = root.children[-1] if root.children else None
    inside = model.inside[-1].inside if model.inside and model.inside[-1].inside else ()
    row = inside[-1] if inside else None
    if held is None or row is None or row.most < MANY or not row.name.startswith("EBR"):
        return
    kept: list[Node] = []
    for child in held.children:
        wrong = next(validate(child, row, ""), None) if child.name == row.name else None
        if wrong is None:
            kept.append(child)
            continue
        yield advice(
            "ROW_SET_APART",
            f"{shown(child.said('EBRID'))} 一行未采用:{wrong.zh}",
            f"the row of {shown(child.said('EBRID'))} was set apart: {wrong.en}",
            child.line,
        )
    held.children = kept


def _without_namespace(root: Node) -> Iterator[Finding]:
    if not root.namespace:
        return
    yield advice(
        "NAMESPACE",
        "EBD 带有命名空间,标准未给出,已忽略",
        "EBD has a namespace, which the standard does not give: overlooked",
        root.line,
    )
    namespace = root.namespace
    for node in _every(root):
        if node.namespace == namespace:
            node.namespace = ""


def _trimmed(root: Node) -> Iterator[Finding]:
    """Strip white space around numbers, times and codes, and after the commas of region codes."""
    told = False
    for node in _every(root):
        if node.children or node.name.endswith(("Desc", "Title", "Name")):
            continue
        text = node.text.strip()
        if node.name == "AreaCode":
            text = "".join(text.split())
        if text != node.text and not told:
            told = True
            yield advice(
                "WHITE_SPACE",
                f"<{node.name}> 的值前后有空白",
                f"there is white space in <{node.name}>",
                node.line,
            )
        node.text = text


def _without_empty_related(root: Node) -> Iterator[Finding]:
    related = root.child("RelatedEBD")
    if related is not None and not related.said("EBDID"):
        root.children.remove(related)
        yield advice("RELATED_EBD_EMPTY", "RelatedEBD 是空的", "RelatedEBD is empty", related.line)


def _wrapped(root: Node) -> Iterator[Finding]:
    """Put the EBM around an EBMID that stands alone in a state request (GD/J 083 sample B.1)."""
    request = root.child("EBMStateRequest")
    alone = request.child("EBMID") if request is not None else None
    if request is not None and alone is not None and request.child("EBM") is None:
        at = request.children.index(alone)
        request.children[at] = Node("EBM", children=[alone], line=alone.line)
        yield advice(
            "EBM_WRAPPER", "EBMStateRequest 中缺少 <EBM>", "<EBM> is missing in EBMStateRequest", alone.line
        )


def _without_unknown(node: Node, model: Part) -> Iterator[Finding]:
    known = {part.name: part for part in model.inside or ()}
    kept: list[Node] = []
    for child in node.children:
        if child.name not in known:
            yield advice(
                "ELEMENT_IGNORED",
                f"<{node.name}> 中的 <{child.name}> 不认识,已忽略",
                f"<{child.name}> in <{node.name}> is not known: overlooked",
                child.line,
            )
            continue
        kept.append(child)
        if known[child.name].inside is not None and not known[child.name].skip:
            yield from _without_unknown(child, known[child.name])
    node.children = kept


def _every(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _every(child)
