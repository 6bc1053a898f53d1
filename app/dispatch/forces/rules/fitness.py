"""Which of its capabilities a team can really bring tonight: the tags held against its equipment. Pure.

A capability that needs equipment counts only when a piece of it is usable and, where the need says so,
somebody trained on it is on duty. What the register does not know is no proof against a team: without any
piece of the kind, or without any operator named, the tag stands as before and the reason says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.dispatch.forces.rules.kinds import EQUIPMENT_ZH, USABLE
from app.dispatch.recommendation.rules.words import Reason, zh_capability

NAMED = 3
_STATE: Mapping[str, tuple[str, str]] = {"in_repair": ("在修", "in repair"), "missing": ("缺失", "missing")}


@dataclass(frozen=True, slots=True)
class EquipmentNeed:
    """What a capability needs: a usable piece of one of these kinds, with an operator on duty or not."""

    kinds: frozenset[str]
    operator: bool = False


Needs = Mapping[str, EquipmentNeed]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of equipment a team keeps; `operators` are named, `on_duty` of them can come tonight."""

    kind: str
    name: str
    readiness: str
    operators: int = 0
    on_duty: int = 0


@dataclass(frozen=True, slots=True)
class Fitness:
    """What a team brings; `lacking` says why a tag does not count, `remarks` on what trust others do."""

    capabilities: frozenset[str]
    lacking: Mapping[str, Reason]
    remarks: Mapping[str, Reason]


def fitness(tags: Iterable[str], pieces: Sequence[Piece], needs: Needs) -> Fitness:
    """Return which tags count with this equipment."""
    counting: set[str] = set()
    lacking: dict[str, Reason] = {}
    remarks: dict[str, Reason] = {}
    for tag in sorted(set(tags)):
        need = needs.get(tag)
        missing = None if need is None else _missing(tag, need, pieces)
        if missing is not None:
            lacking[tag] = missing
            continue
        counting.add(tag)
        if need is not None and (remark := _remark(tag, need, pieces)) is not None:
            remarks[tag] = remark
    return Fitness(frozenset(counting), lacking, remarks)


def _missing(tag: str, need: EquipmentNeed, pieces: Sequence[Piece]) -> Reason | None:
    held = [one for one in pieces if one.kind in need.kinds]
    usable = [one for one in held if one.readiness in USABLE]
    if held and not usable:
        told = [(f"{one.name}{_STATE[one.readiness][0]}", _in_english(one)) for one in held]
        return _reason("equipment_unready", tag, told)
    if need.operator and usable and all(one.operators and not one.on_duty for one in usable):
        told = [(f"{one.name}无操作员在岗", f"no operator of {one.name} on duty") for one in usable]
        return _reason("operator_missing", tag, told)
    return None


def _in_english(one: Piece) -> str:
    return f"{one.name} is {_STATE[one.readiness][1]}"


def _remark(tag: str, need: EquipmentNeed, pieces: Sequence[Piece]) -> Reason | None:
    held = [one for one in pieces if one.kind in need.kinds]
    if not held:
        kinds = "、".join(EQUIPMENT_ZH[kind] for kind in EQUIPMENT_ZH if kind in need.kinds)
        return Reason(
            "equipment_unknown",
            f"{zh_capability(tag)}:未登记{kinds},按队伍能力计",
            f"{tag}: no equipment registered, counted by its tag",
        )
    usable = [one for one in held if one.readiness in USABLE]
    if need.operator and not any(one.on_duty for one in usable):
        return Reason(
            "operator_unknown",
            f"{zh_capability(tag)}:未登记操作员",
            f"{tag}: no operator registered",
        )
    if all(one.readiness == "limited" for one in usable):
        told = [(f"{one.name}受限使用", f"{one.name} is limited") for one in usable]
        return _reason("equipment_limited", tag, told)
    return None


def _reason(code: str, tag: str, told: Sequence[tuple[str, str]]) -> Reason:
    zh = "、".join(each for each, _ in told[:NAMED])
    en = ", ".join(each for _, each in told[:NAMED])
    if len(told) > NAMED:
        zh, en = f"{zh}等 {len(told)} 件", f"{en} and {len(told) - NAMED} more"
    return Reason(code, f"{zh_capability(tag)}:{zh}", f"{tag}: {en}")
