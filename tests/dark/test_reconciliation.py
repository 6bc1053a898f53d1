"""What may have come in twice: suspected with a reason, judged by a person, never rewritten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.dispatch.reconciliation.rules import Account, alike, suspicions
from tests.api.desk import problem
from tests.dark.county import HEAD, HEAD_VILLAGES, TAIL, Dark
from tests.dark.test_late_entries import told

AT = datetime(2025, 7, 2, 12, 15, tzinfo=UTC)


def account(key: int, words: str, **changes: object) -> Account:
    given = {
        "kind": "notice",
        "place": HEAD,
        "happened_at": AT,
        "entered_at": AT,
        "channel": "app",
        **changes,
    }
    return Account(id=key, words=words, **given)  # type: ignore[arg-type]


LATER = AT + timedelta(hours=6)


def test_the_same_event_by_two_channels_is_suspected_and_what_came_in_live_is_not() -> None:
    first = account(1, "洲头村滑坡埋房3间", channel="satellite_phone", entered_at=AT + timedelta(minutes=38))
    twice = account(2, "洲头村滑坡,埋房3间4人", entered_at=LATER)
    (found,) = suspicions([twice, first])
    assert (found.left.id, found.right.id) == (1, 2)
    assert "渠道不同" in found.zh and "different channels" in found.en
    assert not list(suspicions([account(1, "洲头村滑坡埋房3间"), account(2, "洲头村滑坡埋房3间")]))


@pytest.mark.parametrize(
    "changes",
    [
        {"place": TAIL},
        {"happened_at": AT - timedelta(minutes=91)},
        {"words": "电力抢修完成"},
        {"kind": "incident", "id": 7, "of": 7},
    ],
)
def test_another_place_another_time_other_words_or_what_was_joined_is_no_pair(
    changes: dict[str, object],
) -> None:
    one = account(1, "洲头村滑坡埋房3间", of=7, entered_at=LATER)
    given = {"words": "洲头村滑坡埋房3间", "entered_at": LATER, **changes}
    other = account(int(given.pop("id", 2)), str(given.pop("words")), **given)  # type: ignore[call-overload]
    assert not list(suspicions([one, other]))


def test_a_village_and_its_township_are_one_place_and_two_villages_are_not() -> None:
    words = "山体滑坡埋房"
    places = [HEAD, *HEAD_VILLAGES]
    accounts = [account(n, words, place=place, entered_at=LATER) for n, place in enumerate(places)]
    assert {(one.left.id, one.right.id) for one in suspicions(accounts)} == {(0, 1), (0, 2)}


def test_figures_of_one_kind_that_disagree_are_a_pair_and_equal_ones_are_not() -> None:
    first = account(1, "", kind="figure", of=5, subject="trapped", value=4.0, entered_at=LATER)
    for value, count in ((2.0, 1), (4.0, 0)):
        other = account(2, "", kind="figure", of=5, subject="trapped", value=value, entered_at=LATER)
        assert len(list(suspicions([first, other]))) == count


def test_likeness_is_a_share_of_the_shorter_words() -> None:
    assert alike("房倒两户", "今晚房倒两户伤一人") == 1.0
    assert alike("房倒", "") == 0.0


@pytest.mark.database
async def test_a_waiting_notice_is_merged_into_the_incident_of_the_other_and_both_stay(dark: Dark) -> None:
    dark.at("21:00")
    incident = await dark.world.incident(region_code=HEAD, title="洲头村滑坡埋房", lon=None, lat=None)
    await dark.post("/api/late-entries", told("report", region_code=HEAD, text="洲头村滑坡埋房3间"))
    (pair,) = await dark.post("/api/reconciliation/look", status=200)
    assert {pair["left"]["kind"], pair["right"]["kind"]} == {"notice", "incident"}
    path = f"/api/reconciliation/{pair['id']}/decision"
    settled = await dark.post(path, {"decision": "merge", "reason": "同一滑坡"}, status=200)
    assert settled["decision"] == "merged"
    (notice,) = await dark.desk.read("officer", "/api/intake?state=judged")
    assert (notice["state"], notice["incident_id"], notice["text"]) == (
        "joined",
        incident.id,
        "洲头村滑坡埋房3间",
    )
    problem(await dark.desk.post("second", path, {"decision": "both", "reason": "再判"}), 409, "pair_settled")
    assert [
        one["decision"] for one in await dark.desk.read("officer", "/api/reconciliation?settled=true")
    ] == ["merged"]


@pytest.mark.database
async def test_two_notices_without_an_incident_cannot_be_merged_but_are_the_same(dark: Dark) -> None:
    dark.at("21:00")
    for channel in ("satellite_phone", "messenger"):
        await dark.post(
            "/api/late-entries", told("report", region_code=HEAD, text="洲头滑坡埋房", channel=channel)
        )
    (pair,) = await dark.post("/api/reconciliation/look", status=200)
    path = f"/api/reconciliation/{pair['id']}/decision"
    answer = await dark.desk.post("officer", path, {"decision": "merge", "reason": "合并"})
    assert "立案" in problem(answer, 409, "nothing_to_merge")["zh"]
    await dark.post(path, {"decision": "same", "reason": "同一件事"}, status=200)


@pytest.mark.database
async def test_who_may_not_know_one_of_the_two_does_not_see_the_pair(dark: Dark) -> None:
    dark.at("21:00")
    await dark.world.incident(
        region_code=HEAD, event_code="14A00", title="洲头村滑坡埋房", lon=None, lat=None
    )
    await dark.post("/api/late-entries", told("report", region_code=HEAD, text="洲头村滑坡埋房3间"))
    assert len(await dark.post("/api/reconciliation/look", status=200)) == 1
    assert await dark.desk.read("zhoutou", "/api/reconciliation") == []
    problem(
        await dark.desk.post(
            "zhoutou", "/api/reconciliation/1/decision", {"decision": "same", "reason": "x"}
        ),
        404,
        "not_found",
    )
