"""The register of platforms: who writes it, what it refuses, what it never shows."""

from __future__ import annotations

from typing import Any

import pytest

from app.codecs.ebm.trial import CA
from tests.broadcast.keys_of_tests import Authority
from tests.broadcast.links import AUTHORITY, OUR_SERIAL, PLATFORM, THEIR_SERIAL, Linked, peer_told
from tests.world import EAST

pytestmark = pytest.mark.database
OTHER = "49901810000000314010102"


def told(**changes: Any) -> dict[str, Any]:
    return {**peer_told("http://10.1.2.3:8080/EB/ebdsvc.html", resource_code=OTHER), **changes}


async def test_a_platform_is_shown_without_keys_and_certificates(linked: Linked) -> None:
    answer = await linked.desk.get("officer", "/api/broadcast/peers")
    peer = answer.json()[0]
    assert peer["serials"] == [AUTHORITY.serial, THEIR_SERIAL]
    assert peer["key_serial"] == OUR_SERIAL
    assert AUTHORITY.certificate.hex()[30:158] not in answer.text
    assert (peer["resource_code"], peer["for_drills"], peer["heartbeat_s"]) == (PLATFORM, False, 30)


async def test_only_who_manages_the_county_writes_it(linked: Linked) -> None:
    for who, status in (("officer", 403), ("crew", 403), ("auditor", 403), (None, 401), ("east", 404)):
        answer = await linked.desk.post(who, "/api/broadcast/peers", told())
        assert answer.status_code == status, (who, answer.text)
    assert (await linked.desk.get("crew", "/api/broadcast/peers")).status_code == 403
    assert (
        await linked.desk.post("east", f"/api/broadcast/peers/{linked.peer_id}/terminals")
    ).status_code == 404


async def test_a_township_sees_its_own_platforms_and_no_message_of_the_county(linked: Linked) -> None:
    answer = await linked.desk.post("lead", "/api/broadcast/peers", told(region_code=EAST, name="东镇广播站"))
    assert answer.status_code == 201
    assert [one["name"] for one in await linked.desk.read("east", "/api/broadcast/peers")] == ["东镇广播站"]
    assert await linked.desk.read("west", "/api/broadcast/peers") == []
    assert (await linked.desk.get("east", "/api/broadcast/incoming")).status_code == 404


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"url": "ftp://10.1.2.3/EB"}, "http://10.1.2.3"),
        ({"url": "http://169.254.169.254/latest"}, "链路本地"),
        ({"url": "http://user:secret@10.1.2.3/EB"}, "账号"),
        ({"allowed": ["everywhere"]}, "网段"),
        ({"allowed": ["0.0.0.0/0"]}, "整个网络"),
        ({"resource_code": "123"}, "格式"),
        ({"dialect": "draft-2016"}, "18 位"),
        ({"key_id": ""}, "密钥"),
        ({"door": "../x"}, "格式"),
        ({"heartbeat_s": 1}, "5"),
        ({"authorities": ["00"]}, "格式"),
        ({"private_key": "x"}, "没有这个字段"),
    ],
)
async def test_what_cannot_be_meant_is_refused_in_words(
    linked: Linked, changes: dict[str, Any], said: str
) -> None:
    answer = await linked.desk.post("lead", "/api/broadcast/peers", told(**changes))
    assert answer.status_code == 422
    assert said in answer.text


async def test_certificates_must_be_signed_by_their_authority(linked: Linked) -> None:
    stranger = Authority("stranger", "0000000000a9").of("platform", THEIR_SERIAL)
    answer = await linked.desk.post("lead", "/api/broadcast/peers", told(certificates=[stranger.hex()]))
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_wire_certificate")
    answer = await linked.desk.post("lead", "/api/broadcast/peers", told(authorities=[]))
    assert answer.json()["code"] == "no_wire_certificate"


async def test_the_trial_authority_is_never_trusted_by_a_running_centre(linked: Linked) -> None:
    answer = await linked.desk.post(
        "lead", "/api/broadcast/peers", told(authorities=[CA.hex()], certificates=[])
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "trial_wire_certificate")


async def test_a_number_is_one_platform_and_certificates_left_out_stay(linked: Linked) -> None:
    twice = await linked.desk.post("lead", "/api/broadcast/peers", told(resource_code=PLATFORM))
    assert (twice.status_code, twice.json()["code"]) == (409, "wire_peer_twice")
    amended = told(resource_code=PLATFORM, name="新名称", for_drills=True)
    del amended["authorities"], amended["certificates"]
    answer = await linked.desk.ask("lead", "PUT", f"/api/broadcast/peers/{linked.peer_id}", amended)
    peer = answer.json()
    assert (peer["name"], peer["for_drills"], peer["serials"]) == (
        "新名称",
        True,
        [AUTHORITY.serial, THEIR_SERIAL],
    )
    types = [one for one in await linked.world.types() if one.startswith("broadcast_peer.")]
    assert types == ["broadcast_peer.registered", "broadcast_peer.amended"]


async def test_a_retired_platform_is_spoken_with_no_more(linked: Linked) -> None:
    await linked.rounds()
    answer = await linked.desk.ask("lead", "DELETE", f"/api/broadcast/peers/{linked.peer_id}")
    assert answer.json()["active"] is False
    assert (await linked.post(b"x", "application/x-tar")).status_code == 403
    before = linked.platform.beats
    await linked.beats()
    assert linked.platform.beats == before
    linked.platform.heard.clear()
    linked.later(days=2)
    await linked.rounds(2)
    assert not linked.platform.heard


async def test_terminals_are_asked_for_at_once_when_somebody_asks(linked: Linked) -> None:
    await linked.rounds(3)
    linked.platform.heard.clear()
    answer = await linked.desk.post("lead", f"/api/broadcast/peers/{linked.peer_id}/terminals")
    assert (answer.status_code, answer.json()) == (202, {"asked": 2})
    await linked.rounds(3)
    assert [one.kind for one in linked.platform.heard] == ["OMDRequest", "OMDRequest"]
