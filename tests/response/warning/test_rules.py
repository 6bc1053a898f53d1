"""Areas ∩ tree, proposals, differences, chains: tables and laws, without a database."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.codecs import cap, cn12379
from app.codecs.markup.reader import parse
from app.response.warning.rules.address import entry_of, fetchable
from app.response.warning.rules.affected import Place, affected, prefix_of
from app.response.warning.rules.bulletin import Bulletin, Round, Where, of_12379, of_cap
from app.response.warning.rules.chain import Link, Stand, connected, keys_of, stand, standing_at
from app.response.warning.rules.diff import change, turn_of
from app.response.warning.rules.inlet import entries, read
from app.response.warning.rules.proposals import hazard_of, proposals
from tests.codecs.evidence import HERE, message
from tests.response.warning.bulletins import AT, alert, cap_xml, notice, xml

COUNTY = "990181"
TREE = (
    Place("990181100000", "双河镇", 118.21, 28.51, 9000),
    Place("990181100201", "东岸村", 118.212, 28.512, 1200),
    Place("990181100202", "东山村", 118.23, 28.53, 800),
    Place("990181200000", "永宁镇", 118.1, 28.4, 5000),
    Place("990181200201", "西湖村", 118.11, 28.41, 700),
)
BANK_RING = ((28.50, 118.20), (28.50, 118.22), (28.52, 118.22), (28.52, 118.20), (28.50, 118.20))


@pytest.mark.parametrize(
    ("code", "counts"),
    [
        ("990181", "990181"),
        ("990181000000", "990181"),
        ("990181100000", "990181100"),
        ("990181100", "990181100"),
        ("990181100201", "990181100201"),
        ("990100000000", "9901"),
        ("990100", "9901"),
        ("990000000000", "99"),
        ("99", "99"),
    ],
)
def test_zeros_at_the_end_of_a_code_are_padding_as_far_as_whole_levels_go(code: str, counts: str) -> None:
    assert prefix_of(code) == counts


@pytest.mark.parametrize(
    ("area", "units", "unknown", "outside"),
    [
        (Where(codes=("990181",)), {"双河镇": 2, "永宁镇": 1}, 0, 0),
        (Where(codes=("990000000000",)), {"双河镇": 2, "永宁镇": 1}, 0, 0),
        (Where(codes=("990181100000",)), {"双河镇": 2}, 0, 0),
        (Where(codes=("990181100201",)), {"双河镇": 1}, 0, 0),
        (Where(desc="新村", codes=("990181100299",)), {}, 1, 0),
        (Where(desc="邻县", codes=("990182000000",)), {}, 0, 1),
        (Where(polygons=(BANK_RING,)), {"双河镇": 1}, 0, 0),
        (Where(circles=(Round(lat=28.41, lon=118.11, radius_km=1),)), {"永宁镇": 1}, 0, 0),
        (Where(desc="海上", circles=(Round(lat=20, lon=118, radius_km=1),)), {}, 0, 1),
        (Where(desc="双河镇、永宁镇"), {"双河镇": 2, "永宁镇": 1}, 0, 0),
        (Where(desc="樟江沿岸"), {}, 1, 0),
    ],
)
def test_an_area_is_the_townships_and_villages_it_holds_and_what_it_cannot_place_is_named(
    area: Where, units: dict[str, int], unknown: int, outside: int
) -> None:
    found = affected([area], TREE, COUNTY)
    assert {one.place.name: len(one.villages) for one in found.units} == units
    assert (len(found.unknown), len(found.outside)) == (unknown, outside)


def test_several_areas_are_their_union_and_people_are_counted_once() -> None:
    areas = [Where(codes=("990181100201",)), Where(polygons=(BANK_RING,)), Where(codes=("990181100202",))]
    (unit,) = affected(areas, TREE, COUNTY).units
    assert [one.name for one in unit.villages] == ["东岸村", "东山村"]
    assert unit.whole
    assert unit.people == 9000  # all villages are the township, whose register counts more


@pytest.mark.parametrize(
    ("code", "colour", "level", "period", "tiers", "broadcast"),
    [
        ("11B03", "red", 1, "red", {"county": 10, "township": 10, "village": 30, "household": 60}, True),
        ("11B03", "orange", 2, "orange", {"county": 20, "township": 20, "village": 60}, True),
        ("11B03", "yellow", 3, None, {"township": 60}, False),
        ("11B03", "blue", 4, None, {}, False),
        ("11B17", "red", 1, "red", {"township": 10, "village": 30}, True),
        ("99Z99", None, None, None, {}, False),
    ],
)
def test_what_a_warning_proposes_follows_family_and_colour(
    code: str, colour: Any, level: int | None, period: str | None, tiers: dict[str, int], broadcast: bool
) -> None:
    found = proposals(code, colour, "actual")
    assert (found.response_level, found.key_period, found.broadcast) == (level, period, broadcast)
    assert {one.tier: one.minutes for one in found.calls} == tiers
    assert found.real
    assert found.actions


@pytest.mark.parametrize(
    ("code", "family"),
    [
        ("11B03", "flood"),
        ("11A51", "flood"),
        ("11A52", "heat"),
        ("11B01", "wind"),
        ("11G01", "fire"),
        ("11D02", "geology"),
        ("11E02", "sea"),
        ("11C02", "quake"),
        ("12D02", "other"),
        ("", "other"),
    ],
)
def test_a_hazard_belongs_to_the_family_of_its_plan(code: str, family: str) -> None:
    assert hazard_of(code).family == family


def test_a_drill_proposes_nothing_real() -> None:
    assert not proposals("11B03", "red", "exercise").real
    assert not proposals("11B03", "red", "test").real


@pytest.mark.parametrize(
    ("before", "after", "turn"),
    [("yellow", "orange", "up"), ("red", "blue", "down"), ("red", "red", "same"), (None, "red", "unknown")],
)
def test_a_colour_goes_up_towards_red_and_down_towards_blue(before: Any, after: Any, turn: str) -> None:
    assert turn_of(before, after) == turn


def test_an_update_shows_what_it_adds_takes_away_and_moves() -> None:
    first = of_12379(notice("Yellow"))
    second = of_12379(notice("Orange", AT + timedelta(hours=1), of=AT, hours=8))
    found = change(first, second, {"a": "甲镇", "b": "乙镇"}, {"b": "乙镇", "c": "丙镇"})
    assert (found.added, found.removed, found.turn) == ((("c", "丙镇"),), (("a", "甲镇"),), "up")
    assert found.effective == (first.effective, second.effective)
    assert not found.empty
    assert change(first, first, {}, {}).empty


# Chains

HOUR = timedelta(hours=1)


def links(*bulletins: Bulletin, **changes: Any) -> list[Link]:
    return [Link(number, one, **changes) for number, one in enumerate(bulletins, start=1)]


def a_chain() -> list[Link]:
    return links(
        of_12379(notice("Red")),
        of_12379(notice("Orange", AT + HOUR, of=AT)),
        of_12379(notice("Yellow", AT + 2 * HOUR, of=AT)),
        of_12379(notice("Yellow", AT + 3 * HOUR, of=AT, kind="Cancel")),
    )


def test_an_update_replaces_and_a_cancel_ends_the_one_warning() -> None:
    chain = a_chain()
    red, orange, all_of = stand(chain[:1]), stand(chain[:2]), stand(chain)
    assert (red.in_force, orange.in_force, all_of.in_force) == (True, True, False)
    assert orange.current is chain[1]
    assert orange.states == {1: "replaced", 2: "current"}
    assert all_of.ended_by is chain[3]
    assert len(connected(chain)) == 1


def test_a_warning_that_has_run_out_is_over_without_a_word() -> None:
    how = stand(a_chain()[:1])
    assert standing_at(how, AT + timedelta(hours=5, minutes=59)) == "in_force"
    assert standing_at(how, AT + timedelta(hours=6)) == "expired"
    assert standing_at(stand(a_chain()), AT) == "lifted"


def test_a_cancel_that_overtakes_its_alert_ends_it_all_the_same() -> None:
    chain = a_chain()
    alone = stand(chain[3:])
    assert (alone.in_force, alone.current) == (False, None)
    assert not stand([chain[3], chain[0]]).in_force


def test_a_strangers_cancel_waits_until_a_person_vouches_for_it() -> None:
    first = of_cap(alert())
    strange = of_cap(
        alert(
            AT + HOUR,
            sender="other@example.org",
            identifier="X-9",
            msg_type="Cancel",
            references=(alert().identity,),
        )
    )
    waits = stand(links(first, strange))
    assert waits.in_force
    assert waits.waiting == (2,)
    assert not stand([Link(1, first), Link(2, strange, vouched=True)]).in_force
    rejected = stand([Link(1, first), Link(2, strange, vouched=False)])
    assert (rejected.in_force, rejected.waiting) == (True, ())


def test_a_drill_never_touches_the_real_thing_not_even_with_a_persons_word() -> None:
    real = of_12379(notice("Red"))
    drill = of_12379(notice("Red", AT + HOUR, of=AT, kind="Cancel", status="Exercise"))
    for vouched in (None, True):
        how = stand([Link(1, real), Link(2, drill, vouched=vouched)])
        assert how.in_force
        assert how.states[2] == "set_aside"


def test_a_cancel_that_names_what_no_longer_stands_waits_for_a_person() -> None:
    first, second = (
        alert(),
        alert(AT + HOUR, identifier="N-2", msg_type="Update", references=(alert().identity,)),
    )
    late = alert(AT + 2 * HOUR, identifier="N-3", msg_type="Cancel", references=(first.identity,))
    how = stand(links(*map(of_cap, (first, second, late))))
    assert how.in_force
    assert how.waiting == (3,)


def test_a_message_with_faults_counts_for_nothing_until_a_person_takes_it() -> None:
    red = of_12379(notice("Red"))
    assert stand([Link(1, red, doubtful=True)]).waiting == (1,)
    assert stand([Link(1, red, doubtful=True, vouched=True)]).in_force


def test_cap_and_12379_of_one_warning_are_one_chain() -> None:
    national = of_12379(notice("Red"))
    relayed = national.model_copy(update={"format": "cap", "subject": "", "sender": "cma_990181"})
    assert keys_of(national) & keys_of(relayed)
    assert national.author == relayed.author


def seen(how: Stand) -> tuple[Any, ...]:
    current = how.current.bulletin.identity if how.current else None
    return how.in_force, current, dict(how.states)


def test_in_whatever_order_a_chain_comes_the_same_stands() -> None:
    expected = seen(stand(a_chain()))
    for order in permutations(a_chain()):
        assert seen(stand(order)) == expected
        assert len(connected(order)) == 1


_MESSAGE = st.tuples(
    st.integers(0, 5),  # hours after the first
    st.sampled_from(["Alert", "Update", "Cancel"]),
    st.sampled_from(["Red", "Yellow"]),
    st.sampled_from(["Actual", "Exercise"]),
    st.sampled_from([None, True, False]),
    st.booleans(),
    st.lists(st.integers(0, 5), max_size=3),  # which it names
    st.sampled_from(["a@example.org", "b@example.org"]),
)


def _link(number: int, told: tuple[Any, ...]) -> Link:
    hours, kind, colour, status, vouched, doubtful, named, sender = told
    base = of_12379(notice(colour))
    references = tuple(
        {"sender": sender, "identifier": f"M{other}", "sent": AT + other * HOUR} for other in named
    )
    one = base.model_copy(
        update={
            "format": "cap",
            "subject": "",
            "sender": sender,
            "identifier": f"M{hours}",
            "kind": kind.lower(),
            "sent": AT + hours * HOUR,
            "status": status.lower(),
        }
    )
    return Link(
        number, Bulletin.model_validate({**one.model_dump(), "references": references}), vouched, doubtful
    )


@settings(max_examples=300, deadline=None)
@given(st.lists(_MESSAGE, min_size=1, max_size=6, unique_by=lambda one: (one[0], one[7])), st.randoms())
def test_the_order_of_arrival_never_changes_what_stands(told: list[tuple[Any, ...]], random: Any) -> None:
    chain = [_link(number, one) for number, one in enumerate(told)]
    mixed = list(chain)
    random.shuffle(mixed)
    ours = {frozenset(link.id for link in one): seen(stand(one)) for one in connected(chain)}
    theirs = {frozenset(link.id for link in one): seen(stand(one)) for one in connected(mixed)}
    assert ours == theirs


# What comes in

OWN = (
    "cap_cn12379_valid_01_alert",
    "cap_valid_26_cn_exercise",
    "cap_valid_28_cn_circle",
    "cap_valid_32_cn_newline_polygon",
)


@pytest.mark.parametrize("name", OWN)
def test_our_own_messages_are_understood(name: str) -> None:
    # source: tests/vectors/broadcast_manifest.json, the record of the same file (constructed, CC0)
    found = read(message(f"cap/{name}.xml", HERE), None)
    assert found.sound, found.findings
    assert found.bulletin is not None
    assert found.bulletin.colour == "orange"
    assert found.bulletin.title
    assert (found.bulletin.status == "exercise") == ("exercise" in name)


@pytest.mark.parametrize(
    "name", ["cap_invalid_50_cn12379_root", "cap_invalid_53_truncated", "cap_invalid_49_no_namespace"]
)
def test_what_cannot_be_understood_is_nothing_with_its_findings(name: str) -> None:
    found = read(message(f"cap/{name}.xml", HERE), None)
    assert found.bulletin is None
    assert found.findings


def test_a_colour_in_the_headline_counts_for_more_than_the_severity() -> None:
    info = alert().infos[0]
    minor = cap.write(
        alert(infos=(type(info)(**{**{f: getattr(info, f) for f in info.__slots__}, "severity": "Minor"}),))
    )
    found = read(minor, None).bulletin
    assert found is not None
    assert found.colour == "orange"


def test_a_warning_that_does_not_say_how_long_holds_a_day_and_says_so() -> None:
    info = alert().infos[0]
    open_end = alert(
        infos=(type(info)(**{**{f: getattr(info, f) for f in info.__slots__}, "expires": None}),)
    )
    found = of_cap(open_end)
    assert found.expires == AT + timedelta(hours=24)
    assert found.expires_assumed


def test_an_index_names_its_entries_and_only_its_own_host_is_asked() -> None:
    atom = b"""<feed xmlns="http://www.w3.org/2005/Atom"><link href="/self"/>
      <entry><link href="/page.html"/><link type="application/cap+xml" href="/1.xml"/></entry>
      <entry><link href="http://169.254.169.254/latest"/></entry></feed>"""
    rss = b"<rss><channel><item><link>http://met.example.org:8080/2.xml</link></item></channel></rss>"
    assert entries(parse(atom)) == ["/1.xml", "http://169.254.169.254/latest"]
    assert entries(parse(rss)) == ["http://met.example.org:8080/2.xml"]
    index = fetchable("http://met.example.org:8080/index.xml?province=99")
    assert index is not None
    assert index.path == "/index.xml?province=99"
    assert entry_of(index, "/1.xml") is not None
    assert entry_of(index, "http://met.example.org:8080/2.xml") is not None
    assert entry_of(index, "http://elsewhere.example.org/2.xml") is None
    assert entry_of(index, "file:///etc/passwd") is None


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a/b",
        "http://169.254.169.254/",
        "http://[fe80::1]/",
        "http://0.0.0.0/",
        "http://u:p@a/",
        "http://",
        "http://[::ffff:169.254.169.254]/",
    ],
)
def test_an_address_that_leads_nowhere_good_is_refused(url: str) -> None:
    assert fetchable(url) is None


def test_the_writers_of_the_tests_write_what_is_valid() -> None:
    assert cn12379.read(xml("Red")).valid
    assert cap.read(cap_xml()).valid
