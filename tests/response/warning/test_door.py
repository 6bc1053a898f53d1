"""What comes to the door: only what a source signed, bounded, once; and the routes of the desk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.api.route import COOKIE
from app.codecs import cap
from app.dispatch.inbox.rules import signature
from tests.api.desk import Desk, problem
from tests.codecs.evidence import HERE, WHOLE, cases, is_accepted, message, needs_the_whole_set
from tests.response.warning.bulletins import AT, alert, cap_xml, xml
from tests.world import EAST

pytestmark = pytest.mark.database
HOUR = timedelta(hours=1)


async def source(desk: Desk, **told: Any) -> dict[str, Any]:
    answer = await desk.post("lead", "/api/warnings/sources", {"name": "12379 省级平台", **told})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def push(desk: Desk, one: dict[str, Any], body: bytes, **changes: str) -> httpx.Response:
    """Push a message, signed well unless a part of it is told."""
    stamp = changes.get("timestamp", str(int(desk.world.clock.now().timestamp())))
    signed = changes.get("signature", signature(changes.get("secret", one["secret"]), stamp, body))
    heads = {"X-Zhishou-Timestamp": stamp, "X-Zhishou-Signature": signed}
    path = f"/api/warnings/intake/{changes.get('key', one['key'])}"
    return await desk.client.post(path, content=body, headers=heads)


async def upload(desk: Desk, body: bytes, who: str = "officer") -> httpx.Response:
    heads = {"Cookie": f"{COOKIE}=token-{who}"}
    return await desk.client.post("/api/warnings/file", content=body, headers=heads)


async def test_a_signed_message_is_taken_and_the_same_again_changes_nothing(desk: Desk) -> None:
    one = await source(desk)
    first, again = await push(desk, one, xml("Red")), await push(desk, one, xml("Red"))
    assert (first.status_code, again.status_code) == (201, 200)
    assert (first.json()["known"], again.json()["known"]) == (False, True)
    assert (await desk.world.types()).count("warning.issued") == 1
    (told,) = await desk.read("officer", "/api/warnings")
    assert told["title"] == "樟川市气象局发布暴雨红色预警"
    (kept,) = await desk.read("lead", "/api/warnings/sources")
    assert kept["heard_at"]
    assert "secret" not in kept


async def test_what_is_not_signed_is_old_or_of_nobody_is_refused(desk: Desk) -> None:
    one, body = await source(desk), xml("Red")
    problem(await push(desk, one, body, secret="wrong"), 401, "bad_signature")
    problem(await push(desk, one, body, signature=""), 401, "bad_signature")
    problem(await push(desk, one, body, key="nobody"), 404, "unknown_warning_source")
    old = str(int((desk.world.clock.now() - timedelta(minutes=6)).timestamp()))
    problem(await push(desk, one, body, timestamp=old), 401, "stale_notice")
    await desk.ask("lead", "DELETE", f"/api/warnings/sources/{one['id']}")
    problem(await push(desk, one, body), 404, "unknown_warning_source")
    assert await desk.read("officer", "/api/warnings/messages") == []


async def test_a_source_with_a_token_needs_no_signature(desk: Desk) -> None:
    one = await source(desk, auth="token")
    path = f"/api/warnings/intake/{one['key']}"
    good = {"Authorization": f"Bearer {one['secret']}"}
    assert (await desk.client.post(path, content=xml("Red"), headers=good)).status_code == 201
    bad = {"Authorization": "Bearer guess"}
    problem(await desk.client.post(path, content=xml("Red"), headers=bad), 401, "bad_signature")


async def test_five_megabytes_an_entity_bomb_and_a_flood_are_bounded(desk: Desk) -> None:
    one = await source(desk)
    assert (await push(desk, one, b"<a>" + b" " * 5_000_000)).status_code == 413
    problem(await push(desk, one, b"<a>" + b" " * 2_200_000), 413, "warning_too_large")
    bomb = b'<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]><alert>&y;</alert>'
    told = (await push(desk, one, bomb)).json()
    assert (told["outcome"], told["findings"][0]["code"]) == ("refused", "DOCTYPE_FORBIDDEN")
    await desk.world.run(
        "INSERT INTO warning_message (stream, source_id, source_name, means, format, sha256, size, data,"
        " findings, outcome, identifier, sender, vouched_by, vouch_reason, received_at, entered_by)"
        " SELECT stream, source_id, source_name, means, format, n::text, 0, '', '[]', outcome, '', '', '',"
        " '', received_at, '' FROM warning_message, generate_series(1, 119) n"
    )
    problem(await push(desk, one, xml("Red")), 429, "too_many_warning_messages")
    desk.world.later(minutes=2)
    assert (await push(desk, one, xml("Red"))).status_code == 201


async def test_raw_bytes_are_handed_out_to_be_kept_never_to_be_shown(desk: Desk) -> None:
    hostile = b"<script>alert(1)</script>"
    told = (await upload(desk, hostile)).json()
    answer = await desk.get("officer", f"/api/warnings/messages/{told['id']}/raw")
    assert answer.content == hostile
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    problem(await desk.get("east", f"/api/warnings/messages/{told['id']}/raw"), 404, "not_found")


async def test_a_warning_is_read_by_id_with_what_other_parts_ask_of_it(desk: Desk) -> None:
    told = (await upload(desk, xml("Red", codes=[EAST]))).json()
    one = await desk.read("officer", f"/api/warnings/{told['warning_id']}")
    assert {
        "id",
        "title",
        "event_type",
        "colour",
        "status",
        "issued_at",
        "effective",
        "expires",
        "text",
        "instruction",
        "units",
        "standing",
    } <= one.keys()
    assert (one["event_type"], one["colour"], one["status"], one["standing"]) == (
        "11B03",
        "red",
        "actual",
        "in_force",
    )
    (unit,) = one["units"]
    assert (unit["region_code"], unit["name"], unit["whole"]) == (EAST, "东镇", True)
    assert [village["name"] for village in unit["villages"]] == ["东岸村", "东山村"]
    problem(await desk.get("west", f"/api/warnings/{told['warning_id']}"), 404, "not_found")
    problem(await desk.get("crew", "/api/warnings"), 403, "not_permitted")
    problem(await desk.get(None, "/api/warnings"), 401, "not_logged_in")


async def test_partners_get_cap_of_what_stands_and_of_what_was_lifted(desk: Desk) -> None:
    told = (await upload(desk, xml("Red"))).json()
    path = f"/api/warnings/{told['warning_id']}/cap"
    stands = cap.read((await desk.get("officer", path)).content)
    assert stands.valid
    assert stands.message is not None
    assert (stands.message.msg_type, stands.message.infos[0].severity) == ("Alert", "Extreme")
    assert stands.message.infos[0].areas[0].geocodes[0] == ("CN-REGION", EAST)
    await upload(desk, xml("Yellow", AT + HOUR, of=AT))
    changed = cap.read((await desk.get("officer", path)).content).message
    assert changed is not None
    assert (changed.msg_type, [one.identifier for one in changed.references]) == (
        "Update",
        [stands.message.identifier],
    )
    await upload(desk, xml("Yellow", AT + 2 * HOUR, of=AT, kind="Cancel"))
    lifted = cap.read((await desk.get("officer", path)).content).message
    assert lifted is not None
    assert (lifted.msg_type, len(lifted.references)) == ("Cancel", 2)


async def test_a_warning_is_typed_acknowledged_and_judged_over_http(desk: Desk) -> None:
    typed = {
        "event_type": "",
        "title": "山洪预警",
        "colour": "orange",
        "issuer": "市水利局",
        "region_codes": [EAST],
    }
    told = await desk.post("officer", "/api/warnings", typed)
    assert told.status_code == 201, told.text
    (open_,) = await desk.read("east", "/api/warnings/unacknowledged")
    answer = await desk.post("east", f"/api/warnings/{open_['id']}/acknowledgement")
    assert answer.json()["acks"][0]["by"] == "东镇值班员"
    assert await desk.read("east", "/api/warnings/unacknowledged") == []
    faults = problem(
        await desk.post("officer", "/api/warnings", {**typed, "colour": None}), 422, "invalid_input"
    )
    assert "颜色" in faults["zh"]
    await upload(desk, cap_xml())
    strange = cap_xml(
        AT + HOUR,
        sender="who@example.org",
        identifier="X-1",
        msg_type="Cancel",
        references=(alert().identity,),
    )
    await upload(desk, strange)
    (waits,) = await desk.read("officer", "/api/warnings/messages?outcome=waiting")
    path = f"/api/warnings/messages/{waits['id']}/judgement"
    after = await desk.post("officer", path, {"accept": False, "reason": "非本地发布单位"})
    assert (after.status_code, after.json()["standing"]) == (200, "in_force")
    drill = (await upload(desk, xml("Red", AT + HOUR, status="Exercise"))).json()
    refused = await desk.post("leader", f"/api/warnings/{drill['warning_id']}/key-period", {"reason": "x"})
    problem(refused, 409, "warning_not_real")


async def test_only_the_countys_administrators_keep_sources(desk: Desk) -> None:
    for who, status in (("officer", 403), ("east", 403), ("crew", 403)):
        answer = await desk.post(who, "/api/warnings/sources", {"name": "某源"})
        assert answer.status_code == status, who
        assert (await desk.get(who, "/api/warnings/sources")).status_code == status
    for bad in ({"means": "poll"}, {"means": "poll", "url": "http://169.254.169.254/"}, {"url": "http://a/"}):
        answer = await desk.post("lead", "/api/warnings/sources", {"name": "某源", **bad})
        problem(answer, 422, "invalid_input")


OWN = [
    # source: tests/vectors/broadcast_manifest.json (constructed for this project, CC0)
    ("cap_cn12379_valid_01_alert", "taken"),
    ("cap_cn12379_valid_02_update", "taken"),
    ("cap_cn12379_valid_03_cancel", "taken"),
    ("cap_cn12379_invalid_02_time_t", "doubtful"),
    ("cap_cn12379_invalid_07_sendercode_mismatch", "doubtful"),
    ("cap_valid_26_cn_exercise", "taken"),
    ("cap_valid_28_cn_circle", "taken"),
    ("cap_invalid_38_polygon_not_closed", "doubtful"),
    ("cap_invalid_50_cn12379_root", "refused"),
    ("cap_invalid_53_truncated", "refused"),
]


@pytest.mark.parametrize(("name", "outcome"), OWN)
async def test_our_own_messages_get_their_verdict_at_the_door(desk: Desk, name: str, outcome: str) -> None:
    told = (await upload(desk, message(f"cap/{name}.xml", HERE))).json()
    assert told["outcome"] == outcome
    assert all(one["zh"] and one["en"] for one in told["findings"])
    assert (outcome == "taken") == (not [f for f in told["findings"] if f["layer"] != "advice"])


@needs_the_whole_set
async def test_messages_of_third_parties_are_taken_as_the_manifest_says(desk: Desk) -> None:
    records = [case.values[0] for case in cases(WHOLE, "cap/cap_valid")]
    for record in records:
        told = (await upload(desk, message(record["file"], WHOLE or HERE))).json()  # type: ignore[index]
        if is_accepted(record):  # type: ignore[arg-type]
            codes = {one["code"] for one in told["findings"]}
            # Two of them are editions of one real alert, under one identifier.
            assert told["outcome"] in ("taken", "copy") or "SAME_ID_OTHER_CONTENT" in codes, record
