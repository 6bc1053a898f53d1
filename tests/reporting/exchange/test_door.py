"""What comes to the door: only what a peer signed, of its own places, whole, and once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.reporting.exchange.message import canonical, with_papers
from app.reporting.exchange.rules.signing import Heads, answer_signature
from tests.api.desk import problem
from tests.reporting.exchange.houses import KEY, SECRET, Houses

pytestmark = pytest.mark.database


async def body_of(houses: Houses, **changes: Any) -> bytes:
    """What our house would send, as it stands in its queue; a part of it changed."""
    await houses.ours.sent(title="东岸村洪水")
    (row,) = await houses.ours.bodies()
    papers = await houses.ours.world.rows("SELECT form, data FROM report_paper")
    told = with_papers(row["message"], {one["form"]: bytes(one["data"]) for one in papers})
    return canonical({**told, **changes})


async def received(houses: Houses) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await houses.city.desk.read("officer", "/api/exchange/received")
    return found


async def test_the_same_message_twice_is_one_report_with_one_receipt(houses: Houses) -> None:
    body = await body_of(houses)
    first, again = await houses.post(body), await houses.post(body, nonce="n2")
    assert (first.status_code, again.status_code) == (201, 200)
    assert {**again.json(), "known": False} == first.json()
    assert len(await received(houses)) == 1
    heads = Heads(KEY, "", "n2", json.loads(body)["id"])
    assert again.headers["x-zhishou-signature"] == answer_signature(SECRET, heads, 200, again.content)


async def test_a_replayed_request_is_refused(houses: Houses) -> None:
    body = await body_of(houses)
    assert (await houses.post(body)).status_code == 201
    told = problem(await houses.post(body), 409, "replayed_message")
    assert "重放" in told["zh"]
    assert len(await received(houses)) == 1


async def test_what_is_not_signed_well_is_refused_with_a_sentence_and_leaves_nothing(houses: Houses) -> None:
    body = await body_of(houses)
    problem(await houses.post(body, signature="sha256=00"), 401, "bad_signature")
    problem(await houses.post(body, secret="another-secret-of-thirty-letters"), 401, "bad_signature")
    now = int(houses.clock.now().timestamp())
    for skew in (-301, 301):
        problem(await houses.post(body, timestamp=str(now + skew)), 401, "stale_notice")
    problem(await houses.post(body, timestamp="soon"), 401, "stale_notice")
    problem(await houses.post(body, key="nobody"), 401, "unknown_peer")
    problem(await houses.post(body, nonce=""), 401, "incomplete_signature")
    problem(await houses.post(body, nonce="a b"), 401, "incomplete_signature")
    problem(await houses.post(body, message="0" * 8 + "-0000" * 3 + "-" + "0" * 12), 422, "wrong_message_id")
    assert await received(houses) == []
    assert await houses.city.world.rows("SELECT 1 FROM exchange_nonce") == []


async def test_an_altered_body_or_paper_is_refused(houses: Houses) -> None:
    body = await body_of(houses)
    heads = {"signature": "sha256=" + "1" * 64}
    problem(await houses.post(body.replace("洪水".encode(), "火灾".encode()), **heads), 401, "bad_signature")
    told = json.loads(body)
    told["papers"][0]["sha256"] = "0" * 64
    problem(await houses.post(canonical(told)), 422, "altered_content")
    told = json.loads(body)
    told["papers"][0]["data"] = "%%%"
    problem(await houses.post(canonical(told)), 422, "altered_content")
    problem(await houses.post(b"{}"), 422, "invalid_input")
    problem(await houses.post(b"[1"), 422, "invalid_input")
    problem(await houses.post(b"{" + b'"a":' * 5000), 422, "invalid_input")
    assert await received(houses) == []


async def test_another_content_under_a_known_id_does_not_overwrite_it(houses: Houses) -> None:
    body = await body_of(houses)
    assert (await houses.post(body)).status_code == 201
    told = json.loads(body)
    told["report"]["text"] = "另一种说法"
    problem(await houses.post(canonical(told), nonce="n2"), 409, "other_content_under_id")
    (came,) = await received(houses)
    whole = await houses.city.desk.read("officer", f"/api/exchange/received/{came['id']}")
    assert whole["text"] != "另一种说法"


async def test_a_peer_reports_of_its_own_places_only(houses: Houses) -> None:
    body = await body_of(houses)
    told = json.loads(body)
    told["incident"]["region_code"] = "990282100201"
    assert "990282100201" in problem(await houses.post(canonical(told)), 403, "wrong_scope")["zh"]
    (peer,) = await houses.city.desk.read("lead", "/api/exchange/peers")
    same = {name: peer[name] for name in ("node", "name", "means", "url", "email", "key_id", "phone")}
    await houses.city.did("lead", f"/api/exchange/peers/{peer['id']}", {**same, "scope": ""}, "PUT")
    problem(await houses.post(body, nonce="n2"), 403, "wrong_scope")
    retired = await houses.city.desk.ask("lead", "DELETE", f"/api/exchange/peers/{peer['id']}")
    assert retired.json()["active"] is False
    problem(await houses.post(body, nonce="n3"), 401, "unknown_peer")
    assert await received(houses) == []


async def test_what_we_sent_ourselves_does_not_come_back_as_another_s(houses: Houses) -> None:
    body = await body_of(houses)
    own = await houses.ours.desk.read("lead", "/api/exchange/peers")
    same = {name: own[0][name] for name in ("node", "name", "means", "url", "email", "key_id", "phone")}
    await houses.ours.did("lead", f"/api/exchange/peers/{own[0]['id']}", {**same, "scope": "990181"}, "PUT")
    reflected = Houses(houses.city, houses.ours, houses.clock)
    problem(await reflected.post(body), 409, "own_message")


async def test_a_body_that_is_too_large_is_not_read(houses: Houses) -> None:
    answer = await houses.post(b"{" + b" " * (12 * 1024 * 1024 + 1))
    assert answer.status_code == 413
    told = problem(
        await houses.post(b" " * 20_000, path="/api/exchange/acknowledgements"), 413, "notice_too_large"
    )
    assert told["zh"]


async def test_an_acknowledgement_of_what_was_never_sent_is_refused(houses: Houses) -> None:
    told = {
        "format": "zhishou.acknowledgement/1",
        "id": "0" * 8 + "-0000" * 3 + "-" + "0" * 12,
        "report": "1" * 8 + "-1111" * 3 + "-" + "1" * 12,
        "number": "收报〔2025〕9号",
        "by": "某人",
        "at": "2025-06-17T18:13:20Z",
    }
    answer = await houses.post(canonical(told), path="/api/exchange/acknowledgements")
    problem(answer, 404, "no_such_sent_report")


async def test_a_need_to_know_matter_is_seen_by_who_may_know_and_by_no_township(houses: Houses) -> None:
    from tests.world import SECRET_KIND

    await houses.ours.sent(event_code=SECRET_KIND, title="群体性事件")
    await houses.ours.rounds()
    (came,) = await received(houses)
    assert came["restricted"] is True
    city = houses.city.desk
    assert await city.read("east", "/api/exchange/received") == []
    assert await city.read("east", "/api/intake") == []
    (notice,) = await city.read("officer", "/api/intake")
    assert notice["region_code"] is None
    assert "东岸村" in notice["address"]
    problem(await city.get("east", f"/api/exchange/received/{came['id']}"), 404, "not_found")
    problem(
        await city.post("auditor", f"/api/exchange/received/{came['id']}/acknowledgement"),
        403,
        "not_permitted",
    )
    problem(await city.get("crew", "/api/exchange/received"), 403, "not_permitted")


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"node": "P", "name": "市局", "url": "http://169.254.169.254", "key_id": "k"}, "170"),
        ({"node": "P", "name": "市局", "url": "https://user:pw@host", "key_id": "k"}, "login"),
        ({"node": "P", "name": "市局", "url": "ftp://host", "key_id": "k"}, "ftp"),
        ({"node": "P", "name": "市局", "url": "https://host"}, "key"),
        ({"node": "P", "name": "市局", "key_id": "k"}, "nothing"),
        ({"node": "P", "name": "市局", "means": "email"}, "email"),
        ({"node": "P", "name": "市局", "means": "email", "email": "a@b\nBcc: c@d"}, "header"),
    ],
)
async def test_a_peer_that_cannot_be_meant_is_refused(
    houses: Houses, told: dict[str, Any], field: str
) -> None:
    problem(await houses.ours.desk.post("lead", "/api/exchange/peers", told), 422, "invalid_input")


async def test_who_registers_peers_manages_a_desk_and_nobody_twice(houses: Houses) -> None:
    told = {"node": "PR", "name": "省厅", "url": "https://10.0.0.1", "key_id": "pr"}
    for who in ("officer", "crew", "auditor"):
        problem(await houses.ours.desk.post(who, "/api/exchange/peers", told), 403, "not_permitted")
    made = await houses.ours.register(**told)
    assert made["key_known"] is False  # its secret is in no file yet
    problem(await houses.ours.desk.post("lead", "/api/exchange/peers", told), 409, "peer_twice")
    assert await houses.ours.desk.read("west", "/api/exchange/peers") == []
