from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from app.desk.events import EVENT
from app.realtime.asyncapi import PATH, document


def references(node: Any) -> Iterator[str]:
    """Every `$ref` in the document."""
    if isinstance(node, dict):
        yield from (value for key, value in node.items() if key == "$ref")
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_the_published_contract_is_what_the_models_say() -> None:
    published = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    assert published == document(), "write it anew: python -m app.realtime.asyncapi"


def test_every_event_of_the_house_is_in_the_contract() -> None:
    EVENT.rebuild()  # it is built when first used
    kinds = set(re.findall(r"'([a-z]+\.[a-z_]+)'", str(EVENT.core_schema)))
    assert kinds
    assert kinds <= document()["components"]["messages"].keys()


def test_every_reference_leads_somewhere() -> None:
    whole = document()
    for reference in references(whole):
        node: Any = whole
        for step in reference.removeprefix("#/").split("/"):
            node = node[step]
        assert node
