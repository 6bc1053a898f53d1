"""Broadcasts over HTTP: who sees and does what, what is refused, files."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from app.api.route import COOKIE
from tests.api.desk import Desk, problem
from tests.broadcast.loudspeakers import EAST, EAST_BANK, FLASH_FLOOD, WEST_LAKE, drill_peer, install
from tests.broadcast.test_rules import wav
from tests.world import COUNTY

pytestmark = pytest.mark.database


def sheet(press: str, **changes: Any) -> dict[str, Any]:
    return {
        "press": press,
        "event_type": FLASH_FLOOD,
        "colour": "red",
        "title": "山洪红色预警",
        "text": "请立即转移。",
        "areas": [EAST],
        **changes,
    }


@pytest.fixture
async def air(desk: Desk) -> Desk:
    """The desk with loudspeakers."""
    await desk.world.do(install)
    return desk


async def made(desk: Desk, who: str, press: str, **changes: Any) -> dict[str, Any]:
    answer = await desk.ask(who, "POST", "/api/broadcasts", sheet(press, **changes))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def let_go(desk: Desk, number: int) -> dict[str, Any]:
    path = f"/api/broadcasts/{number}"
    assert (await desk.ask("officer", "POST", f"{path}/submission", {"revision": 1})).status_code == 200
    answer = await desk.ask("lead", "POST", f"{path}/approval", {"revision": 2})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_sheet_goes_all_the_way_and_each_sees_what_he_can_do(air: Desk) -> None:
    told = await made(air, "officer", "press-aaaa")
    number = told["broadcast"]["id"]
    assert (told["letters"], told["may"]) == (5, ["edit", "submit", "consent", "drop"])
    again = await made(air, "officer", "press-aaaa")
    assert again["broadcast"]["id"] == number
    issued = await let_go(air, number)
    assert issued["broadcast"]["state"] == "issued" and issued["may"] == ["stop", "verify"]
    east = (await air.ask("east", "GET", "/api/broadcasts")).json()
    assert [one["id"] for one in east] == [number], "its villages are told by another desk's sheet"
    assert (await air.ask("west", "GET", "/api/broadcasts")).json() == []
    seen = (await air.ask("east", "GET", f"/api/broadcasts/{number}")).json()
    assert (seen["may"], seen["peers"]) == ([], [])
    stopped = await air.ask("second", "POST", f"/api/broadcasts/{number}/stop", {})
    assert stopped.json()["broadcast"]["state"] == "stopped"
    open_ = (await air.ask("officer", "GET", "/api/broadcasts?state=open")).json()
    assert open_ == []


@pytest.mark.parametrize(
    ("who", "method", "path", "told", "status", "code"),
    [
        ("east", "POST", "", sheet("press-bbbb", areas=[WEST_LAKE]), 403, "broadcast_outside_area"),
        ("east", "POST", "/coverage", {"areas": [COUNTY]}, 403, "broadcast_outside_area"),
        ("crew", "POST", "", sheet("press-bbbb"), 403, "not_permitted"),
        ("crew", "GET", "", None, 403, "not_permitted"),
        ("officer", "POST", "", sheet("press-bbbb", areas=[]), 422, "invalid_input"),
        ("officer", "POST", "", sheet("press-bbbb", text=""), 422, "invalid_input"),
        ("officer", "POST", "", sheet("press-bbbb", text="长" * 1001), 422, "invalid_input"),
        ("officer", "POST", "", sheet("press-bbbb", cause_status="Test"), 422, "broadcast_not_for_real"),
        ("officer", "POST", "", sheet("press-bbbb", event_type="11A98"), 422, "invalid_input"),
        ("officer", "POST", "", sheet("press-bbbb", voice_id=99), 404, "not_found"),
        ("officer", "POST", "", sheet("x"), 422, "invalid_input"),
        ("officer", "GET", "/9", None, 404, "not_found"),
        ("officer", "POST", "/9/stop", {}, 404, "not_found"),
        ("lead", "POST", "/9/approval", {"revision": 1}, 404, "not_found"),
        (None, "GET", "", None, 401, "not_logged_in"),
    ],
)
async def test_what_cannot_be_is_refused_with_what_to_do(
    air: Desk, who: str | None, method: str, path: str, told: Any, status: int, code: str
) -> None:
    answer = await air.ask(who, method, f"/api/broadcasts{path}", told)
    problem(answer, status, code)


async def test_the_township_of_another_may_neither_approve_nor_stop_nor_read(air: Desk) -> None:
    number = (await made(air, "officer", "press-cccc", areas=[COUNTY]))["broadcast"]["id"]
    await let_go(air, number)
    for path in ("stop", "drop", "verifications"):
        answer = await air.ask(
            "east",
            "POST",
            f"/api/broadcasts/{number}/{path}",
            {"reason": "x"} if path != "verifications" else {},
        )
        assert answer.status_code == 404, path
    table = (await air.ask("east", "GET", f"/api/broadcasts/{number}/delivery")).json()
    assert {one["region_code"][:9] for one in table["villages"]} == {EAST[:9]}
    assert sum(len(one["results"]) for one in table["villages"]) == 4


async def test_the_coverage_is_told_before_anything_is_sent(air: Desk) -> None:
    await air.world.run("UPDATE broadcast_terminal SET state = 'fault' WHERE id = 2")
    await air.world.run("UPDATE broadcast_terminal SET state = 'stopped' WHERE id IN (3, 4)")
    told = (await air.ask("officer", "POST", "/api/broadcasts/coverage", {"areas": [COUNTY]})).json()
    assert [told[key] for key in ("terminals", "live", "offline", "fault")] == [6, 3, 2, 1]
    assert [told[key] for key in ("sound", "single", "dead", "none", "uncarried")] == [1, 1, 1, 0, 0]
    assert [one["path"] for one in told["villages"] if one["cover"] == "single"] == ["东镇东岸村"]
    drill = await air.ask("officer", "POST", "/api/broadcasts/coverage?drill=true", {"areas": [COUNTY]})
    assert [one["region_code"] for one in drill.json()["villages"]] == [EAST_BANK]
    assert (drill.json()["audible"], drill.json()["uncarried"]) == (1, 1)


async def test_a_voice_is_brought_and_heard_before_somebody_approves(air: Desk) -> None:
    path = "/api/broadcasts/voices?name=a.wav"
    brought = await air.client.post(path, content=wav(3), headers={"Cookie": f"{COOKIE}=token-officer"})
    assert brought.status_code == 201, brought.text
    voice = brought.json()
    told = await made(air, "officer", "press-dddd", voice_id=voice["id"])
    assert (told["seconds"], told["voice"]["form"]) == (3.0, "wav")
    heard = await air.ask("lead", "GET", f"/api/broadcasts/files/{voice['id']}")
    assert heard.content == wav(3) and heard.headers["content-type"] == "audio/wav"
    assert (await air.ask("east", "GET", f"/api/broadcasts/files/{voice['id']}")).status_code == 404
    wrong = await air.client.post(path, content=b"%PDF-1.7", headers={"Cookie": f"{COOKIE}=token-officer"})
    assert wrong.status_code == 415


async def test_terminals_are_listed_within_the_scope_and_repaired_in_time(air: Desk) -> None:
    page = (await air.ask("east", "GET", "/api/broadcast-terminals")).json()
    assert (page["total"], page["counts"]) == (5, {"running": 5})
    opened = await air.ask(
        "east", "POST", "/api/broadcast-terminals/repairs", {"terminal_id": 1, "fault": "无声"}
    )
    assert (opened.json()["hours"], opened.json()["path"]) == (72, "东镇东岸村")
    again = await air.ask(
        "east", "POST", "/api/broadcast-terminals/repairs", {"terminal_id": 1, "fault": "无声"}
    )
    problem(again, 409, "broadcast_repair_open")
    west = await air.ask(
        "east", "POST", "/api/broadcast-terminals/repairs", {"terminal_id": 5, "fault": "无声"}
    )
    assert west.status_code == 404
    path = f"/api/broadcast-terminals/repairs/{opened.json()['id']}"
    assert (await air.ask("west", "POST", f"{path}/done", {"note": "换功放"})).status_code == 404
    assert (await air.ask("east", "PUT", f"{path}/owner", {"owner": "李师傅"})).json()["owner"] == "李师傅"
    done = await air.ask("east", "POST", f"{path}/done", {"note": "换功放"})
    assert done.json()["done_by"] == "东镇值班员"
    assert (await air.ask("east", "GET", "/api/broadcast-terminals/repairs")).json() == []


async def test_terminals_are_marked_for_drills_by_who_may_approve(air: Desk) -> None:
    path = f"/api/broadcast-terminals/drills/{WEST_LAKE}"
    assert (await air.ask("officer", "PUT", path, {"drills": True})).status_code == 403
    marked = (await air.ask("lead", "PUT", path, {"drills": True})).json()
    assert [one["drills"] for one in marked["terminals"]] == [True, True]
    await air.world.do(drill_peer)
    told = await made(air, "officer", "press-eeee", wish="drill_platform", areas=[WEST_LAKE])
    assert told["text"].startswith("【演练】") and told["audible"] == 0


async def test_what_is_on_the_air_is_told_for_each_township(air: Desk) -> None:
    first = (await made(air, "officer", "press-ffff", colour="yellow"))["broadcast"]["id"]
    await let_go(air, first)
    second = (await made(air, "officer", "press-gggg", colour="red"))["broadcast"]["id"]
    await let_go(air, second)
    (east,) = (await air.ask("east", "GET", "/api/broadcasts/schedule")).json()
    assert [slot["broadcast_id"] for slot in east["slots"]] == [second, first]


@pytest.mark.parametrize(("form", "format_"), [("jpeg", "JPEG"), ("png", "PNG"), ("webp", "WEBP")])
async def test_a_picture_that_proves_a_broadcast_is_shown_drawn_anew_and_kept_as_it_came(
    air: Desk, form: str, format_: str
) -> None:
    number = (await made(air, "officer", f"press-{form}"))["broadcast"]["id"]
    image = Image.effect_noise((800, 400), 40).convert("RGB")
    exif = image.getexif()
    exif[0x010F] = "Maker<script>"
    exif.get_ifd(0x8825)[2] = (28.0, 31.0, 12.0)  # GPSLatitude
    out = io.BytesIO()
    image.save(out, format_, exif=exif)
    original = out.getvalue() + b"<script>behind"
    path = f"/api/broadcasts/{number}/proofs"
    cookie = {"Cookie": f"{COOKIE}=token-officer"}
    told = await air.client.post(path, params={"name": f"现场.{form}"}, content=original, headers=cookie)
    assert (told.status_code, told.json()["form"]) == (201, form), told.text
    shown = await air.get("officer", f"/api/broadcasts/files/{told.json()['id']}")
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["content-disposition"].startswith("inline")
    picture = Image.open(io.BytesIO(shown.content))
    assert (picture.format, picture.size) == ("JPEG", (800, 400)) and not picture.getexif()
    assert b"script" not in shown.content and b"Exif" not in shown.content
    (row,) = await air.world.rows("SELECT data FROM broadcast_file")
    assert bytes(row["data"]) == original
    # What no picture can be made of is handed out to be saved, and never shown.
    broken = await air.client.post(path, params={"name": f"坏.{form}"}, content=original[:60], headers=cookie)
    saved = await air.get("officer", f"/api/broadcasts/files/{broken.json()['id']}")
    assert saved.headers["content-type"] == "application/octet-stream"
    assert saved.headers["content-disposition"].startswith("attachment")
    script = await air.client.post(path, params={"name": "a.jpg"}, content=b"<script>", headers=cookie)
    problem(script, 415, "file_refused")
    far = await air.client.post(
        path, params={"name": "a.jpg"}, content=original, headers={"Cookie": f"{COOKIE}=token-west"}
    )
    problem(far, 404, "not_found")
