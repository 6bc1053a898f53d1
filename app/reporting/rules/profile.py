"""Read a rules file into a Rulebook; every mistake is told with its line, in Chinese and English."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from app.nodes import Reader, RulesInvalid, Table, compose
from app.reporting.rules.book import Profile, Rule, Rulebook, Semantics
from app.reporting.rules.messages import KEYS, read_messages
from app.reporting.rules.rule import read_rule, read_when
from app.reporting.rules.terms import CHANNELS
from app.reporting.rules.when import Expression, Flag

TOP = ("version", "default_profiles", "semantics", "scopes", "triggers", "profiles")
SEMANTICS = (
    "alarms_at",
    "alarms_to",
    "repeat_after_due_min",
    "grace_after_receipt_min",
    "recompute_floor_min",
    "sensitive_lifts",
    "unknown_field_recheck_min",
)


def read_rules(text: str, name: str, zone: ZoneInfo) -> Rulebook:
    """Read a rules file; `name` is how messages call it. Raises RulesInvalid with all faults by line.

    Limits: 256 Ki characters, 12 levels deep, 20,000 items; no anchors, aliases or tags; nothing is executed.
    """
    reader = Reader()
    try:
        root = compose(text)
    except RulesInvalid as refused:
        raise RulesInvalid(name, refused.faults) from refused
    top = reader.table(root, "-", TOP, TOP)
    book = _book(reader, top, zone) if top is not None and set(TOP) <= top.keys() else None
    if reader.faults or book is None:
        raise RulesInvalid(name, reader.faults)
    return book


def _book(reader: Reader, top: Table, zone: ZoneInfo) -> Rulebook:
    version = reader.text(top["version"].node, "version", 40) or ""
    scopes = _scopes(reader, top["scopes"].node)
    larger_risk_scopes, larger_risk = _trigger(reader, top["triggers"].node, scopes)
    semantics = _semantics(reader, top["semantics"].node)
    profiles = _profiles(reader, top["profiles"].node, scopes)
    default = reader.some_of(top["default_profiles"].node, "default_profiles", profiles)
    return Rulebook(
        version, zone, semantics, scopes, larger_risk_scopes, larger_risk, tuple(default), profiles
    )


def _scopes(reader: Reader, node: yaml.Node) -> dict[str, tuple[str, ...]]:
    table = reader.table(node, "scopes") or {}
    return {
        name: tuple(
            code
            for one in reader.row(entry.node, f"scopes.{name}")
            if (code := reader.code(one, f"scopes.{name}"))
        )
        for name, entry in table.items()
    }


def _trigger(reader: Reader, node: yaml.Node, scopes: Collection[str]) -> tuple[frozenset[str], Expression]:
    nothing = frozenset[str](), Flag("larger_risk")
    table = reader.table(node, "triggers", ("larger_risk",), ("larger_risk",)) or {}
    if "larger_risk" not in table:
        return nothing
    path = "triggers.larger_risk"
    told = reader.table(table["larger_risk"].node, path, ("scope", "when"), ("scope", "when")) or {}
    if not {"scope", "when"} <= told.keys():
        return nothing
    found = frozenset(reader.some_of(told["scope"].node, f"{path}.scope", scopes))
    return found, read_when(reader, told["when"].node, f"{path}.when") or nothing[1]


def _semantics(reader: Reader, node: yaml.Node) -> Semantics:
    table: Any = reader.table(node, "semantics", (*SEMANTICS, *KEYS), SEMANTICS) or {}
    shares: tuple[float, ...] = ()
    recipients: tuple[str, ...] = ()
    if "alarms_at" in table:
        shares = _shares(reader, table["alarms_at"].node)
    if "alarms_to" in table:
        path = "semantics.alarms_to"
        rows = reader.row(table["alarms_to"].node, path)
        told = [reader.one_of(one, path, ("desk", "shift_lead", "leader")) for one in rows]
        recipients = tuple(one for one in told if one is not None)
        if len(rows) != len(shares):
            reader.fault(
                table["alarms_to"].node, path, "须与alarms_at项数相同", "as many as there are in alarms_at"
            )
    repeat = timedelta(minutes=_minutes(reader, table, "repeat_after_due_min", 1))
    return Semantics(
        shares,
        recipients,  # type: ignore[arg-type]  # one_of admits these three only
        repeat,
        _by_channel(reader, table, "grace_after_receipt_min"),
        _by_channel(reader, table, "recompute_floor_min"),
        _minutes(reader, table, "sensitive_lifts", 0, 3),
        timedelta(minutes=_minutes(reader, table, "unknown_field_recheck_min", 1)),
        read_messages(reader, table, repeat),
    )


def _shares(reader: Reader, node: yaml.Node) -> tuple[float, ...]:
    path = "semantics.alarms_at"
    words = [str(one.value) for one in reader.row(node, path, 10)]
    try:
        shares = tuple(float(one) for one in words)
    except ValueError:
        shares = ()
    if not shares or list(shares) != sorted(set(shares)) or shares[0] <= 0 or shares[-1] != 1:
        reader.fault(
            node, path, "须为0至1递增的比例,以1.0结束", "shares that grow within 0 … 1 and end with 1.0"
        )
    return shares


def _minutes(reader: Reader, table: Table, key: str, least: int, most: int = 1440) -> int:
    if key not in table:
        return least
    return reader.number(table[key].node, f"semantics.{key}", least, most) or least


def _by_channel(reader: Reader, table: Table, key: str) -> dict[Any, timedelta]:
    path = f"semantics.{key}"
    if key not in table:
        return {}
    told = reader.table(table[key].node, path, CHANNELS, CHANNELS) or {}
    return {
        channel: timedelta(minutes=reader.number(entry.node, f"{path}.{channel}", 0, 1440) or 0)
        for channel, entry in told.items()
    }


def _profiles(reader: Reader, node: yaml.Node, scopes: Collection[str]) -> dict[str, Profile]:
    table = reader.table(node, "profiles") or {}
    if len(table) > 50:
        reader.fault(node, "profiles", "多于50个规则集", "more than 50 profiles")
    found = {}
    for name, entry in table.items():
        path = f"profiles.{name}"
        keys = ("zh", "en", "statutory", "larger_risk_as", "rules")
        told = reader.table(entry.node, path, keys, ("zh", "en", "rules"))
        if told is not None and {"zh", "en", "rules"} <= told.keys():
            found[name] = _profile(reader, name, told, scopes)
    return found


def _profile(reader: Reader, name: str, told: Table, scopes: Collection[str]) -> Profile:
    path = f"profiles.{name}"
    statutory = "statutory" in told and reader.truth(told["statutory"].node, f"{path}.statutory")
    risk_as = None
    if "larger_risk_as" in told:
        risk_as = reader.one_of(told["larger_risk_as"].node, f"{path}.larger_risk_as", ("larger", "major"))
    rules: list[Rule] = []
    for node in reader.row(told["rules"].node, f"{path}.rules"):
        rule = read_rule(reader, node, (name, statutory, risk_as), scopes)
        if rule is not None and any(rule.id == one.id for one in rules):
            reader.fault(
                node, f"{path}.{rule.id}", f"规则编号{rule.id}重复", f"the rule {rule.id} stands twice"
            )
        elif rule is not None:
            rules.append(rule)
    words = [reader.text(told[key].node, f"{path}.{key}", 60) or "" for key in ("zh", "en")]
    return Profile(name, (words[0], words[1]), statutory, tuple(rules))
