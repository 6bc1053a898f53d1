"""Cameras: kept by who keeps devices, seen by scope, their logins by nobody; live pictures within bounds."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.api.desk import Desk, problem
from tests.api.test_attachments import photo, zipped
from tests.media_double import ANSWER, OFFER, SESSION, MediaDouble
from tests.world import CARD, EAST_BANK, EAST_HILL, WEST_LAKE

pytestmark = pytest.mark.database
SECRET = "Kamera-7!"
TOWER = {
    "kind": "tower",
    "name_zh": "东岸铁塔",
    "name_en": "East bank tower",
    "region_code": EAST_BANK,
    "unit_id": 1,
    "lon": 118.21,
    "lat": 28.5,
    "height_m": 40,
    "bearing_deg": 0,
    "angle_deg": 60,
    "range_m": 3000,
    "stream_path": "tower/east",
    "source_url": f"rtsp://viewer:{SECRET}@10.1.2.3:554/ch1?profile=2",
}


@pytest.fixture
async def media() -> AsyncIterator[MediaDouble]:
    async with MediaDouble().serving() as found:
        yield found


async def entered(desk: Desk, **changes: Any) -> dict[str, Any]:
    answer = await desk.post("admin", "/api/cameras", {**TOWER, **changes})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def offer(desk: Desk, who: str, camera: int, content: bytes = OFFER, **headers: str) -> httpx.Response:
    sent = {"Cookie": f"zhishou_session=token-{who}", "Content-Type": "application/sdp", **headers}
    return await desk.client.post(f"/api/cameras/{camera}/whep", content=content, headers=sent)


async def test_a_login_is_kept_for_the_media_server_and_never_told_again(desk: Desk) -> None:
    camera = await entered(desk)
    path = f"/api/cameras/{camera['id']}"
    source = await desk.read("admin", f"{path}/source")
    assert source == {"url": "rtsp://10.1.2.3:554/ch1?profile=2", "gb_id": "", "has_login": True}
    for who in ("leader", "officer", "east", "auditor"):
        problem(await desk.get(who, f"{path}/source"), 403, "not_permitted")
        problem(await desk.post(who, "/api/cameras", {**TOWER, "stream_path": "x"}), 403, "not_permitted")
    told = str(await desk.world.events()) + (await desk.get("admin", "/api/cameras")).text
    told += (await desk.get("officer", path)).text
    assert SECRET not in told and "viewer" not in told and "10.1.2.3" not in told

    async def put(**changes: Any) -> dict[str, Any]:
        now = await desk.read("admin", path)
        plain = {**TOWER, "source_url": source["url"], "revision": now["revision"], **changes}
        answer = await desk.ask("admin", "PUT", path, plain)
        assert answer.status_code == 200, answer.text
        return dict((await desk.world.rows("SELECT source_url, source_password FROM camera"))[0])

    assert (await put(name_zh="东岸一号塔"))["source_password"] == SECRET  # kept for the same machine
    elsewhere = await put(source_url="rtsp://10.9.9.9/ch1")
    assert elsewhere == {"source_url": "rtsp://10.9.9.9/ch1", "source_password": ""}  # and for no other
    assert (await put(source_user="viewer", source_password=SECRET))["source_password"] == SECRET
    assert (await put(forget_login=True))["source_password"] == ""
    assert SECRET not in str(await desk.world.events())
    types = await desk.world.types()
    assert types == ["camera.registered", *["camera.amended"] * 4]
    stale = await desk.ask("admin", "PUT", path, {**TOWER, "revision": 1})
    problem(stale, 409, "stale_form")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"source_url": "rtsp://127.0.0.1:9997/v3/config/global/get"}, "本机"),
        ({"source_url": "rtsp://169.254.169.254/latest"}, "本机"),
        ({"source_url": "http://10.1.2.3/x"}, "rtsp"),
        ({"stream_path": "../v3/config"}, "流路径"),
        ({"stream_path": "a/..", "source_url": ""}, "流路径"),
        ({"gb_id": "34020000001320000x01"}, "20 位"),
        ({"source_url": "", "source_password": "x"}, "视频源"),
    ],
)
async def test_what_the_media_server_must_not_be_sent_to_is_refused_in_words(
    desk: Desk, changes: dict[str, Any], words: str
) -> None:
    refused = await desk.post("admin", "/api/cameras", {**TOWER, **changes})
    assert refused.status_code == 422
    assert words in refused.text and SECRET not in refused.text
    assert await desk.world.types() == []


async def test_a_camera_that_was_moved_sees_nothing_for_sure_until_its_view_is_measured(desk: Desk) -> None:
    camera = await entered(desk)
    incident = await desk.world.incident()  # 1.1 km north of it
    path, near = f"/api/cameras/{camera['id']}", f"/api/incidents/{incident.id}/cameras"
    first = (await desk.read("officer", near))["cameras"][0]
    assert (first["in_view"], first["online"], first["bearing_deg"]) == ("yes", None, 0)
    assert 1_050 < first["distance_m"] < 1_150
    place = {"lon": 118.214, "lat": 28.5}
    problem(await desk.post("auditor", f"{path}/position", {**place, "revision": 1}), 403, "not_permitted")
    moved = (await desk.post("officer", f"{path}/position", {**place, "revision": 1})).json()
    assert moved["moved_at"] is not None and moved["view_unsure"]
    assert (await desk.read("officer", near))["cameras"][0]["in_view"] == "unsure"
    told = {**TOWER, **place, "bearing_deg": 340, "revision": moved["revision"]}
    still = (await desk.ask("admin", "PUT", path, told)).json()
    assert still["view_unsure"]
    told |= {"view_measured": True, "revision": still["revision"]}
    measured = (await desk.ask("admin", "PUT", path, told)).json()
    assert measured["moved_at"] is None and not measured["view_unsure"]
    assert (await desk.read("officer", near))["cameras"][0]["in_view"] == "yes"
    retired = await desk.post("admin", f"{path}/retire", {"revision": measured["revision"]})
    assert not retired.json()["active"]
    assert (await desk.read("officer", near))["cameras"] == []
    nowhere = await desk.world.incident(lon=None, lat=None, region_code=WEST_LAKE)
    assert (await desk.read("officer", f"/api/incidents/{nowhere.id}/cameras"))["placed"] in (True, False)


async def test_online_cameras_come_first_and_one_beyond_the_scope_is_not_there(
    desk: Desk, media: MediaDouble
) -> None:
    off = await entered(desk)
    on = await entered(
        desk, name_zh="东山", region_code=EAST_HILL, stream_path="tower/hill", lat=28.53, source_url=""
    )
    far = await entered(desk, name_zh="西湖", region_code=WEST_LAKE, stream_path="tower/lake", lon=118.2)
    media.ready("tower/hill", "tower/lake")
    desk.house.media = media.mediamtx(desk.world.clock)
    await desk.house.media.look()
    incident = await desk.world.incident()
    near = f"/api/incidents/{incident.id}/cameras"
    found = await desk.read("officer", near)
    assert found["media"]["state"] == "well"
    assert [(one["camera"]["id"], one["online"], one["in_view"]) for one in found["cameras"]] == [
        (far["id"], True, "no"),
        (on["id"], True, "no"),
        (off["id"], False, "yes"),
    ]
    east = await desk.read("east", near)
    assert [one["camera"]["id"] for one in east["cameras"]] == [on["id"], off["id"]]
    assert {one["camera"]["id"] for one in (await desk.read("east", "/api/cameras"))["cameras"]} == {
        on["id"],
        off["id"],
    }
    problem(await desk.get("west", near), 404, "not_found")
    for method, path in (
        ("GET", ""),
        ("POST", "/whep"),
        ("DELETE", f"/whep/{SESSION}"),
        ("GET", "/hls/index.m3u8"),
    ):
        problem(await desk.ask("east", method, f"/api/cameras/{far['id']}{path}"), 404, "not_found")
    problem(await desk.ask("crew", "POST", f"/api/cameras/{on['id']}/whep"), 403, "not_permitted")
    desk.world.later(minutes=2)  # nobody looked since
    assert (await desk.read("officer", near))["cameras"][0]["online"] is None


async def test_an_offer_goes_through_our_own_origin_and_the_media_server_pulls_the_camera(
    desk: Desk, media: MediaDouble
) -> None:
    camera = await entered(desk)
    media.ready("tower/east")
    media.says["POST /v3/config/paths/add/tower/east"] = (400, {}, b'{"error":"path already exists"}')
    media.says["PATCH /v3/config/paths/patch/tower/east"] = (200, {}, b"")
    media.says[f"PATCH /tower/east/whep/{SESSION}"] = (204, {}, b"")
    media.says["GET /tower/east/index.m3u8"] = (
        200,
        {"Content-Type": "text/html"},
        b"#EXTM3U\n#EXT-X-VERSION:9\n",
    )
    desk.house.media = media.mediamtx(desk.world.clock)
    answer = await offer(desk, "officer", camera["id"])
    assert (answer.status_code, answer.content) == (201, ANSWER)
    assert answer.headers["content-type"] == "application/sdp"
    assert answer.headers["location"] == f"/api/cameras/{camera['id']}/whep/{SESSION}"
    assert [(method, path) for method, path, _ in media.asked] == [
        ("POST", "/v3/config/paths/add/tower/east"),
        ("PATCH", "/v3/config/paths/patch/tower/east"),
        ("POST", "/tower/east/whep"),
    ]
    assert f"rtsp://viewer:{SECRET.replace('!', '%21')}@10.1.2.3:554/ch1".encode() in media.asked[0][2]
    assert "Authorization: Basic emhpc2hvdTpnZWhlaW0=" in media.heads[2]
    session = answer.headers["location"]
    assert (await desk.ask("officer", "PATCH", session)).status_code == 204
    assert (await desk.ask("officer", "DELETE", session)).status_code == 204  # 404 there: over is over
    listed = await desk.get("officer", f"/api/cameras/{camera['id']}/hls/index.m3u8")
    assert listed.headers["content-type"] == "application/vnd.apple.mpegurl"  # whatever it called itself
    asked = len(media.asked)
    for bad in (
        "../../v3/paths/list",
        "%2e%2e/%2e%2e/v3/paths/list",
        "x/../../y.ts",
        "index.html",
        "a.m3u8?x=%2F..",
    ):
        problem(await desk.get("officer", f"/api/cameras/{camera['id']}/hls/{bad}"), 404, "not_found")
    for bad in ("..%2Fx", "short", "a" * 90):
        assert (
            await desk.ask("officer", "DELETE", f"/api/cameras/{camera['id']}/whep/{bad}")
        ).status_code in (404, 405, 422)
    problem(await offer(desk, "officer", camera["id"], b"<html>"), 422, "offer_malformed")
    problem(await offer(desk, "officer", camera["id"], OFFER + b"a" * 70_000), 422, "offer_malformed")
    problem(await offer(desk, "officer", camera["id"], Origin="http://evil.test"), 403, "foreign_origin")
    assert len(media.asked) == asked


async def test_a_bad_day_of_the_media_server_is_told_within_five_seconds_and_in_words(
    desk: Desk, media: MediaDouble
) -> None:
    camera = (await entered(desk, source_url=""))["id"]
    none = problem(await offer(desk, "officer", camera), 409, "no_media_server")
    assert "ZHISHOU_MEDIA_URL" in none["zh"]
    assert (await desk.read("officer", "/api/cameras"))["media"]["state"] == "none"
    house = desk.house
    house.media = media.mediamtx(desk.world.clock)
    problem(await offer(desk, "officer", camera), 409, "camera_offline")  # 404: no such stream
    for said, status, code in (
        ((400, {}, b"codecs not supported"), 409, "picture_unplayable"),
        ((401, {}, b""), 502, "media_refuses"),
        ((500, {}, b"panic"), 502, "media_nonsense"),
        ((201, {}, b"<html>a router's login page"), 502, "media_nonsense"),
        ((302, {"Location": "http://127.0.0.1/"}, b""), 502, "media_nonsense"),  # followed by nobody
        ((201, {}, b"v=0" + b"x" * 200_000), 502, "media_nonsense"),
    ):
        media.says["POST /tower/east/whep"] = said
        problem(await offer(desk, "officer", camera), status, code)
    for raw in (b"\x00\x01\x02 SSH-2.0-what\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n[1,", b""):
        media.raw = raw
        assert (await offer(desk, "officer", camera)).status_code == 502
        await house.media.look()
        assert house.media.health()["ok"] is False and house.media.fact().state == "trouble"
    media.raw, media.silent = None, True
    house.media = media.mediamtx(desk.world.clock, patience_s=0.2)
    began = time.monotonic()
    silent = problem(await offer(desk, "officer", camera), 504, "media_silent")
    assert "5 秒" in silent["zh"] and time.monotonic() - began < 3
    await house.media.look()
    page = await desk.read("officer", "/api/cameras")
    assert page["media"]["state"] == "trouble" and page["cameras"][0]["online"] is None
    assert page["media"]["zh"] == silent["zh"]


async def test_zlmediakit_is_spoken_to_in_its_own_words(desk: Desk, media: MediaDouble) -> None:
    camera = (await entered(desk))["id"]
    media.says["GET /index/api/getMediaList"] = (
        200,
        {},
        b'{"code":0,"data":[{"app":"tower","stream":"east"},{"app":"live","stream":"one"}]}',
    )
    media.says["GET /index/api/addStreamProxy"] = (200, {}, b'{"code":-1,"msg":"exists"}')
    media.says["POST /index/api/webrtc"] = (200, {}, b'{"code":0,"sdp":"v=0\\r\\n","type":"answer"}')
    server = desk.house.media = media.zlmediakit(desk.world.clock)
    await server.look()
    assert server.online("tower/east") and server.online("one") and not server.online("two")
    answer = await offer(desk, "officer", camera)
    assert (answer.status_code, answer.content) == (201, b"v=0\r\n")
    assert "location" not in answer.headers
    method, asked, _ = media.asked[-1]
    assert (method, asked) == ("POST", "/index/api/webrtc?secret=geheim&app=tower&stream=east&type=play")
    media.says["POST /index/api/webrtc"] = (200, {}, b'{"code":-400,"msg":"stream not found"}')
    problem(await offer(desk, "officer", camera), 409, "camera_offline")
    media.says["POST /index/api/webrtc"] = (200, {}, b'{"code":-100,"msg":"bad secret"}')
    problem(await offer(desk, "officer", camera), 502, "media_refuses")


async def test_a_snapshot_is_evidence_with_its_camera_and_who_took_it(desk: Desk) -> None:
    camera = await entered(desk)
    hidden = await entered(desk, name_zh="西湖", region_code=WEST_LAKE, stream_path="tower/lake")
    incident = await desk.world.incident()
    path = f"/api/incidents/{incident.id}/attachments"

    async def file(who: str, content: bytes, camera_id: int, name: str = "snapshot.jpg") -> httpx.Response:
        return await desk.client.post(
            path,
            params={"name": name, "camera_id": camera_id, "happened_at": "2025-06-18T02:13:00+08:00"},
            content=content,
            headers={"Cookie": f"zhishou_session=token-{who}"},
        )

    fact = (await file("officer", photo(), camera["id"])).json()
    assert (fact["camera_id"], fact["camera_name"], fact["added_by"]) == (
        camera["id"],
        "东岸铁塔",
        "值班员甲",
    )
    assert len(fact["sha256"]) == 64 and fact["happened_at"].startswith("2025-06-18T02:13:00")
    (event,) = [one for one in await desk.world.events() if one["type"] == "incident.attached"]
    assert event["zh"] == "值班员甲从摄像头“东岸铁塔”截图存证"
    assert event["attachment"]["camera_id"] == camera["id"]
    page = await desk.get("officer", f"/api/incidents/{incident.id}/timeline.html")
    assert "从摄像头“东岸铁塔”截图存证" in page.text
    problem(await file("east", photo(), hidden["id"]), 404, "not_found")
    refused = problem(
        await file("officer", zipped("[Content_Types].xml", "word/document.xml"), camera["id"], "a.docx"),
        415,
        "file_refused",
    )
    assert "图片" in refused["zh"]
    assert len(await desk.read("officer", path)) == 1


async def test_a_backpack_is_where_its_tracker_is_until_somebody_knows_better(desk: Desk) -> None:
    card = await desk.world.device(CARD)
    now = desk.world.clock.now()
    tied = {"kind": "backpack", "stream_path": "pack/1", "tracker_id": card.id}
    fixed = await desk.post("admin", "/api/cameras", {**TOWER, "tracker_id": card.id})
    assert "只有单兵背包" in problem(fixed, 422, "invalid_input")["zh"]
    problem(
        await desk.post("admin", "/api/cameras", {**TOWER, **tied, "tracker_id": 999_999}),
        422,
        "invalid_input",
    )
    path = f"/api/cameras/{(await entered(desk, **tied))['id']}"
    incident = await desk.world.incident(lon=118.30, lat=28.60)
    near = f"/api/incidents/{incident.id}/cameras?within_m=1000"
    assert (await desk.read("officer", near))["cameras"] == []
    await desk.world.run(
        "INSERT INTO position (device_id, stream, region_code, lon, lat, true_at, heard_at)"
        " VALUES (:id, '990181', :place, 118.301, 28.601, :now, :now)",
        id=card.id,
        place=EAST_BANK,
        now=now,
    )
    (seen,) = (await desk.read("officer", near))["cameras"]
    assert (seen["camera"]["lon"], seen["camera"]["lat"], seen["camera"]["tracker_id"]) == (
        118.301,
        28.601,
        card.id,
    )
    listed = (await desk.read("officer", "/api/cameras"))["cameras"][0]["camera"]
    assert listed["tracked_at"] is not None and listed["view_unsure"]
    # Somebody says a later place: that holds until the tracker tells again, or is followed again by a press.
    desk.world.clock.advance(timedelta(minutes=1))
    told = {"lon": 118.4, "lat": 28.4, "revision": listed["revision"]}
    moved = (await desk.post("officer", f"{path}/position", told)).json()
    assert (moved["lon"], moved["tracked_at"]) == (118.4, None)
    stale = await desk.post("officer", f"{path}/position/tracker", {"revision": listed["revision"]})
    assert stale.status_code == 409
    back = (await desk.post("officer", f"{path}/position/tracker", {"revision": moved["revision"]})).json()
    assert (back["lon"], back["lat"]) == (118.301, 28.601)
    assert [one["lon"] for one in await desk.read("officer", f"{path}/views")] == [118.4, TOWER["lon"]]
    assert [one["type"] for one in await desk.world.events()].count("camera.moved") == 2
    mast = await entered(desk)
    problem(
        await desk.post("officer", f"/api/cameras/{mast['id']}/position/tracker", {"revision": 1}),
        409,
        "no_tracker",
    )
    problem(await desk.get("west", f"{path}/views"), 404, "not_found")
