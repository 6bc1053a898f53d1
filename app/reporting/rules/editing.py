"""Write limits into a text of rules, which otherwise stays as it is: remarks, order, spelling. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import yaml

from app.nodes import LARGEST, compose


@dataclass(frozen=True, slots=True)
class Place:
    """Where a limit stands: `grade` None for a single value of all grades."""

    profile: str
    rule: str
    key: str  # due_min | due_working_days
    channel: str
    grade: str | None


@dataclass(frozen=True, slots=True)
class Written:
    """A limit as it is written, with the span of its characters in the text."""

    place: Place
    value: str
    start: int
    end: int


class NoSuchLimit(ValueError):
    """The text has no limit at this place."""

    def __init__(self, place: Place) -> None:
        super().__init__(f"{place.profile}.{place.rule}.{place.key}.{place.channel}.{place.grade or ''}")
        self.place = place


def limits_of(text: str) -> tuple[Written, ...]:
    """Return every limit a text writes down, in its order. Raises RulesInvalid for what is no YAML."""
    starts = _starts(text)
    return tuple(
        Written(place, str(node.value), _at(starts, node.start_mark), _at(starts, node.end_mark))
        for place, node in _limits(compose(text))
    )


def with_limits(text: str, changes: Iterable[tuple[Place, str]]) -> str:
    """Return the text with limits written anew. Raises NoSuchLimit; ValueError when it grows too long."""
    found = {one.place: one for one in limits_of(text)}
    spans: list[tuple[int, int, str]] = []
    for place, value in dict(changes).items():
        if place not in found:
            raise NoSuchLimit(place)
        spans.append((found[place].start, found[place].end, value))
    for start, end, value in sorted(spans, reverse=True):
        text = text[:start] + value + text[end:]
    if len(text) > LARGEST:
        raise ValueError(f"more than {LARGEST} characters")
    return text


def _limits(root: yaml.Node) -> Iterator[tuple[Place, yaml.ScalarNode]]:
    for profile, node in _items(_under(root, "profiles")):
        rules = _under(node, "rules")
        for rule in rules.value if isinstance(rules, yaml.SequenceNode) else ():
            name = _under(rule, "id")
            for key in ("due_min", "due_working_days"):
                for channel, told in _items(_under(rule, key)):
                    where = (profile, str(name.value) if name else "", key, channel)
                    if isinstance(told, yaml.ScalarNode):
                        yield Place(*where, None), told
                    for grade, value in _items(told):
                        if isinstance(value, yaml.ScalarNode):
                            yield Place(*where, grade), value


def _items(node: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                yield str(key.value), value


def _under(node: yaml.Node | None, name: str) -> yaml.Node | None:
    return next((value for key, value in _items(node) if key == name), None)


def _starts(text: str) -> list[int]:
    """Return where each line begins; YAML counts CRLF as one break."""
    starts = [0]
    starts += [n + 1 for n, sign in enumerate(text) if sign == "\n"]
    return starts


def _at(starts: list[int], mark: yaml.Mark) -> int:
    return starts[mark.line] + mark.column
