"""Field phones: a one-time link for a person, a login of its own, the end of a lost phone, SOS and words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.api.route import COOKIE
from app.realtime.ring import Framed
from tests.api.desk import Desk
from tests.world import EAST_BANK, RIVER

Json = dict[str, Any]
KEY = "k" * 30


async def _newcomer(desk: Desk, region: str = EAST_BANK) -> int:
    (row,) = await desk.world.rows(
        "INSERT INTO person (name_zh, post, region_code, phones) "
        "VALUES ('周小山', '', :r, '{}') RETURNING id",
        r=region,
    )
    await desk.world.run(
        "INSERT INTO team_member (team_id, person_id, role) VALUES (:t, :p, 'member')", t=RIVER, p=row["id"]
    )
    return int(row["id"])


async def _link(desk: Desk, person: int, who: str = "officer", minutes: int = 10) -> Json:
    answer = await desk.post(who, f"/api/people/{person}/phones", {"minutes": minutes})
    assert answer.status_code == 201, answer.text
    told: Json = answer.json()
    return told


async def _enter(desk: Desk, link: Json, key: str = KEY) -> Any:
    token = link["address"].rpartition("#login=")[2]
    told = {"token": token, "key": key, "label": "Android 14"}
    desk.client.cookies.clear()
    answer = await desk.post(None, "/api/login/link", told)
    desk.client.cookies.clear()
    return answer


async def _me(desk: Desk, entered: Any) -> int:
    cookie = entered.headers["set-cookie"].split(";")[0].partition("=")[2]
    answer = await desk.client.get("/api/me", headers={"Cookie": f"{COOKIE}={cookie}"})
    return answer.status_code


async def test_a_link_logs_one_phone_in_as_a_responder_of_the_persons_teams(desk: Desk) -> None:
    person = await _newcomer(desk)
    link = await _link(desk, person)
    assert (link["state"], link["made_by"], link["qr"]["path"][:1]) == ("waiting", "值班员甲", "M")
    assert link["address"].startswith("http://desk.test/m/#login=")
    entered = await _enter(desk, link)
    assert entered.status_code == 200
    assert (entered.json()["role"], entered.json()["team_ids"]) == ("responder", [RIVER])
    assert "HttpOnly" in entered.headers["set-cookie"]
    assert await _me(desk, entered) == 200
    (phone,) = await desk.read("officer", f"/api/people/{person}/phones")
    assert (phone["state"], phone["label"]) == ("linked", "Android 14")
    assert "address" not in phone and "token" not in str(await desk.world.events())


async def test_a_link_is_used_once_and_lapses(desk: Desk) -> None:
    person = await _newcomer(desk)
    link = await _link(desk, person)
    assert (await _enter(desk, link)).status_code == 200
    other = await _enter(desk, link, "o" * 30)
    assert (other.status_code, other.json()["code"]) == (410, "link_spent")
    late = await _link(desk, person, minutes=1)
    desk.world.later(minutes=1)
    assert (await _enter(desk, late)).status_code == 410
    states = [p["state"] for p in await desk.read("officer", f"/api/people/{person}/phones")]
    assert states == ["lapsed", "linked"]


async def test_a_phone_whose_answer_was_lost_asks_again_and_has_one_session(desk: Desk) -> None:
    link = await _link(desk, await _newcomer(desk))
    first, again = await _enter(desk, link), await _enter(desk, link)
    assert again.status_code == 200
    assert (await _me(desk, first), await _me(desk, again)) == (401, 200)


async def test_a_lost_phone_is_ended_at_once_and_its_other_logins_hold(desk: Desk) -> None:
    person = await _newcomer(desk)
    lost, kept = [await _link(desk, person) for _ in range(2)]
    gone, stays = await _enter(desk, lost), await _enter(desk, kept)
    refused = await desk.post("officer", f"/api/people/{person}/phones/{lost['id']}/revocation", {})
    assert refused.status_code == 422  # a reason is needed
    ended = await desk.post(
        "officer", f"/api/people/{person}/phones/{lost['id']}/revocation", {"reason": "掉进河里"}
    )
    assert (ended.json()["state"], ended.json()["revoke_reason"]) == ("revoked", "掉进河里")
    assert (await _me(desk, gone), await _me(desk, stays)) == (401, 200)
    last = (await desk.world.events())[-1]
    assert (last["type"], last["actor"]["name"]) == ("field_phone.revoked", "值班员甲")
    rows = await desk.world.do(_all_rows)
    assert Framed.of(rows[-1]).asks_again == last["account_id"]
    again = await desk.post(
        "officer", f"/api/people/{person}/phones/{lost['id']}/revocation", {"reason": "再次"}
    )
    assert again.json()["revoke_reason"] == "掉进河里"


async def _all_rows(tx: Any) -> Any:
    from app.journal import store as journal
    from tests.world import STREAM

    return await journal.read_after(tx, STREAM, 0, 10_000)


async def test_orders_of_a_team_whose_last_phone_was_lost_go_on_to_the_next_channel(desk: Desk) -> None:
    person = await _newcomer(desk)
    await desk.world.run("DELETE FROM login_session WHERE token_hash LIKE 'phone-of-%'")
    await desk.world.run(
        "DELETE FROM login_session s USING account a WHERE a.id = s.account_id AND a.role = 'responder'"
    )
    link = await _link(desk, person)
    await _enter(desk, link)
    sent = await desk.world.send()
    (before,) = await desk.world.rows("SELECT next_step_at FROM assignment WHERE id = :id", id=sent.id)
    await desk.post("officer", f"/api/people/{person}/phones/{link['id']}/revocation", {"reason": "丢失"})
    (after,) = await desk.world.rows("SELECT next_step_at FROM assignment WHERE id = :id", id=sent.id)
    assert before["next_step_at"] > after["next_step_at"] == desk.world.clock.now()


async def test_nobody_hands_out_more_than_he_may_do_himself(desk: Desk) -> None:
    person = await _newcomer(desk)
    await desk.world.run("UPDATE account SET person_id = :p WHERE username = 'leader'", p=person)
    refused = await desk.post("officer", f"/api/people/{person}/phones", {})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")
    assert (await desk.post("leader", f"/api/people/{person}/phones", {})).status_code == 201  # his own
    for who, status in (("crew", 404), ("west", 404), ("admin", 403), ("auditor", 403)):
        outside = await desk.post(who, f"/api/people/{await _newcomer(desk)}/phones", {})
        assert outside.status_code in (403, 404), (who, status, outside.text)


async def test_who_left_the_service_gets_no_link_and_his_phone_ends(desk: Desk) -> None:
    person = await _newcomer(desk)
    waiting, used = await _link(desk, person), await _link(desk, person)
    entered = await _enter(desk, used)
    gone = await desk.post("lead", f"/api/people/{person}/deactivate", {"force": True})
    assert gone.status_code == 200, gone.text
    assert await _me(desk, entered) == 401
    assert (await _enter(desk, waiting)).status_code == 410
    assert (await desk.post("officer", f"/api/people/{person}/phones", {})).status_code == 404


async def test_a_foreign_page_cannot_log_a_browser_in(desk: Desk) -> None:
    link = await _link(desk, await _newcomer(desk))
    token = link["address"].rpartition("#login=")[2]
    refused = await desk.post(
        None, "/api/login/link", {"token": token, "key": KEY}, Origin="http://evil.test"
    )
    assert (refused.status_code, refused.json()["code"]) == (403, "foreign_origin")


async def test_sos_from_a_phone_is_one_alarm_on_the_desk_however_often_it_is_pressed(desk: Desk) -> None:
    told = {"happened_at": desk.world.clock.now().isoformat(), "lon": 118.2, "lat": 28.5}
    first = await desk.post("crew", "/api/sos", told)
    assert (first.status_code, first.json()["kind"], first.json()["state"]) == (201, "sos", "open")
    later = (desk.world.clock.now() + timedelta(seconds=3)).isoformat()
    again = await desk.post("crew", "/api/sos", {**told, "happened_at": later})
    assert again.json()["id"] == first.json()["id"]
    half = await desk.post("crew", "/api/sos", {"happened_at": later, "lon": 118.2})
    assert half.status_code == 422


async def test_words_from_the_scene_stand_in_the_incidents_log_for_the_team_alone(desk: Desk) -> None:
    sent = await desk.world.send()
    told = {"text": "两人已救出", "happened_at": desk.world.clock.now().isoformat()}
    said = await desk.post("crew", f"/api/assignments/{sent.id}/words", told)
    assert said.status_code == 201, said.text
    last = (await desk.world.events())[-1]
    assert (last["type"], last["text"]["text"]) == ("text.received", "两人已救出")
    rows = await desk.world.do(_all_rows)
    assert (rows[-1].incident_id, rows[-1].concern.team_ids) == (sent.incident_id, (RIVER,))
    other = await desk.post("boatman", f"/api/assignments/{sent.id}/words", told)
    assert other.status_code == 404
