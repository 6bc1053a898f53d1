"""What a text of rules says, and how two differ, as it stands on the wire."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from app.nodes import RulesInvalid
from app.reporting.rulebook.facts import (
    RulesDifference,
    RulesFaultFact,
    RulesFieldChange,
    RulesLimitFact,
    RulesNamed,
    RulesProfileFact,
    RulesReading,
    RulesRuleChange,
    RulesRuleFact,
)
from app.reporting.rules.book import Profile, Rule, Rulebook
from app.reporting.rules.diff import RuleChange, diff
from app.reporting.rules.editing import limits_of
from app.reporting.rules.profile import read_rules
from app.reporting.rules.reading import (
    demand_in_words,
    field_in_words,
    field_name,
    way_in_words,
    whom_in_words,
)
from app.reporting.rules.terms import ANCHORS, KINDS
from app.reporting.settings import Reporting


def reading_of(text: str, policy: Reporting) -> RulesReading:
    """Return what a text says, or all its mistakes."""
    try:
        rules = read_rules(text, "", policy.rules.zone)
    except RulesInvalid as refused:
        faults = [RulesFaultFact(line=o.line, path=o.path, zh=o.zh, en=o.en) for o in refused.faults]
        return RulesReading(text=text, label="", faults=faults, default_profiles=[], profiles=[])
    limits: dict[tuple[str, str], list[RulesLimitFact]] = {}
    for one in limits_of(text):
        place = one.place
        fact = RulesLimitFact(key=place.key, channel=place.channel, grade=place.grade, value=one.value)
        limits.setdefault((place.profile, place.rule), []).append(fact)
    return RulesReading(
        text=text,
        label=rules.version,
        faults=[],
        default_profiles=list(rules.default_profiles),
        profiles=[_profile(one, limits) for one in rules.profiles.values()],
    )


def difference_of(ids: tuple[int, int], before: Reporting, after: Reporting) -> RulesDifference:
    """Return all that differs between two versions, in words."""
    old, new = before.rules, after.rules
    found = diff(old, new)
    return RulesDifference(
        before=ids[0],
        after=ids[1],
        switched_on=[_named(new, one) for one in after.profiles if one not in before.profiles],
        switched_off=[_named(old, one) for one in before.profiles if one not in after.profiles],
        rules=[_change(one, old, new) for one in found.rules],
        shared=[_words(one.field, _shared(old, one.field), _shared(new, one.field)) for one in found.shared],
    )


def _named(book: Rulebook, profile: str) -> RulesNamed:
    zh, en = book.profiles[profile].name
    return RulesNamed(id=profile, zh=zh, en=en)


def _profile(
    profile: Profile, limits: Mapping[tuple[str, str], Sequence[RulesLimitFact]]
) -> RulesProfileFact:
    return RulesProfileFact(
        id=profile.id,
        zh=profile.name[0],
        en=profile.name[1],
        statutory=profile.statutory,
        marks=dict(Counter(rule.mark for rule in profile.rules)),
        rules=[_rule(rule, limits.get((profile.id, rule.id), ())) for rule in profile.rules],
    )


def _rule(rule: Rule, limits: Sequence[RulesLimitFact]) -> RulesRuleFact:
    kind, way, whom = KINDS[rule.kind], way_in_words(rule), whom_in_words(rule)
    limit = demand_in_words(rule)
    anchor = ANCHORS[rule.anchor] if rule.limits else ("", "")
    return RulesRuleFact(
        id=rule.id,
        kind=rule.kind,
        mark=rule.mark,
        line=rule.line,
        kind_zh=kind[0],
        kind_en=kind[1],
        way_zh=way[0],
        way_en=way[1],
        whom_zh=whom[0],
        whom_en=whom[1],
        limit_zh=limit[0],
        limit_en=limit[1],
        anchor_zh=anchor[0],
        anchor_en=anchor[1],
        note=rule.note,
        limits=list(limits),
    )


def _change(one: RuleChange, old: Rulebook, new: Rulebook) -> RulesRuleChange:
    profile = new.profiles.get(one.profile) or old.profiles[one.profile]
    was, becomes = _held(old, one), _held(new, one)
    return RulesRuleChange(
        profile=one.profile,
        profile_zh=profile.name[0],
        profile_en=profile.name[1],
        rule_id=one.rule_id,
        change=one.change,
        fields=[
            _words(field.field, getattr(was, field.field), getattr(becomes, field.field))
            for field in one.fields
        ],
    )


def _held(book: Rulebook, one: RuleChange) -> Profile | Rule | None:
    profile = book.profiles.get(one.profile)
    if profile is None or not one.rule_id:
        return profile
    return next((rule for rule in profile.rules if rule.id == one.rule_id), None)


def _shared(book: Rulebook, field: str) -> object:
    return getattr(book.semantics, field) if hasattr(book.semantics, field) else getattr(book, field)


def _words(field: str, was: object, becomes: object) -> RulesFieldChange:
    name, before, after = field_name(field), field_in_words(field, was), field_in_words(field, becomes)
    return RulesFieldChange(
        field=field,
        name_zh=name[0],
        name_en=name[1],
        before_zh=before[0],
        before_en=before[1],
        after_zh=after[0],
        after_en=after[1],
    )
