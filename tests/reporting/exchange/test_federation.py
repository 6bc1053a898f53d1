"""A county's house reports to the city's over real HTTP: receipt, 收悉, and nothing is lost on the way."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.responses import RedirectResponse, Response

from app.reporting.exchange.courier import Courier
from tests.reporting.exchange.houses import CITY, KEY, OURS, TO, Houses, Place, certificate, served, terms
from tests.world import STREAM

ACCIDENT = "12Y00"
pytestmark = pytest.mark.database


async def outcome(place: Place, report_id: int) -> dict[str, Any]:
    (to,) = (await place.report(report_id))["addressees"]
    found: dict[str, Any] = to
    return found


async def due_in_writing(place: Place, incident_id: int) -> set[str]:
    """How the first written report to the prefecture stands that was due."""
    told = await place.desk.read("officer", f"/api/incidents/{incident_id}/reporting")
    wanted = ("C", "P", "written", "initial")
    return {
        due["state"]
        for due in told["dues"]
        if (due["sender"], due["receiver"], due["channel"], due["kind"]) == wanted
    }


async def moved(houses: Houses, url: str) -> None:
    """The city's house is at another address now."""
    (peer,) = await houses.ours.desk.read("lead", "/api/exchange/peers")
    told = {name: peer[name] for name in ("node", "name", "means", "email", "key_id", "scope", "phone")}
    await houses.ours.did("lead", f"/api/exchange/peers/{peer['id']}", {**told, "url": url}, "PUT")


async def test_a_report_arrives_is_confirmed_by_its_receipt_and_discharges_what_was_due(
    houses: Houses,
) -> None:
    ours, city = houses.ours, houses.city
    report = await ours.sent(title="东岸村洪水", event_code=ACCIDENT)
    assert await due_in_writing(ours, report["incident_id"]) == {"running"}
    (to,) = report["addressees"]
    assert (to["delivery"]["standing"], to["channel"], to["confirmed_at"]) == ("waiting", "system", None)
    houses.later(seconds=3)
    await ours.rounds()
    told = await ours.report(report["id"])
    (to,) = told["addressees"]
    assert (told["state"], to["confirmed_as"]) == ("confirmed", "receipt")
    assert to["confirmed_by"] == "系统回执 收报〔2025〕1号"
    assert to["delivery"]["standing"] == "delivered"
    assert to["delivery"]["receipt_number"] == "收报〔2025〕1号"
    (telling,) = (await ours.desk.read("officer", f"/api/incidents/{report['incident_id']}"))["tellings"]
    assert (telling["whom"], telling["channel"], telling["sender"]) == (CITY, "written", "C")

    assert await due_in_writing(ours, report["incident_id"]) == {"done"}

    (came,) = await city.desk.read("officer", "/api/exchange/received")
    assert (came["from_name"], came["their_number"], came["signed"]) == (OURS, report["number"], True)
    whole = await city.desk.read("officer", f"/api/exchange/received/{came['id']}")
    assert whole["text"] == report["text"]
    for paper in report["papers"]:
        path = f"/{came['id']}.{paper['form']}"
        mine = await ours.desk.get("officer", f"/api/reports/{report['id']}.{paper['form']}")
        theirs = await city.desk.get("officer", f"/api/exchange/received{path}")
        assert theirs.content == mine.content
        assert theirs.headers["x-content-sha256"] == paper["sha256"]


async def test_an_officer_opens_an_incident_from_it_and_acknowledges_and_the_sender_is_told(
    houses: Houses,
) -> None:
    ours, city = houses.ours, houses.city
    report = await ours.sent(title="东岸村洪水")
    await ours.rounds()
    (came,) = await city.desk.read("officer", "/api/exchange/received")
    (notice,) = await city.desk.read("officer", "/api/intake")
    assert notice["id"] == came["notice_id"]
    assert (notice["source"], notice["from_name"], notice["lon"]) == ("subordinate", OURS, 118.21)
    opened = {name: notice[name] for name in ("event_code", "region_code", "title", "lon", "lat")}
    incident = await city.did("officer", f"/api/intake/{notice['id']}/incident", opened)
    assert incident["source"] == "partner"

    houses.later(minutes=2)
    path = f"/api/exchange/received/{came['id']}/acknowledgement"
    done = await city.did("officer", path)
    assert (done["state"], done["acknowledged_by"], done["incident_id"]) == (
        "acknowledged",
        "值班员甲",
        incident["id"],
    )
    again = await city.desk.post("second", path)
    assert (again.status_code, again.json()["code"]) == (409, "already_acknowledged")
    await city.rounds()
    to = await outcome(ours, report["id"])
    assert to["delivery"]["standing"] == "acknowledged"
    assert to["delivery"]["acknowledged_by"] == "值班员甲"
    assert "report.acknowledged" in await ours.world.types()

    final = {"kind": "followup", "addressees": [{"node": "P", "name": CITY}]}
    base = f"/api/incidents/{report['incident_id']}/reports"
    second = await ours.did("officer", base, final)
    step = f"/api/reports/{second['id']}"
    second = await ours.did("lead", f"{step}/review", {"revision": second["revision"]})
    await ours.did("leader", f"{step}/sign", {"revision": second["revision"]})
    await ours.did("officer", f"{step}/send")
    await ours.rounds()
    latest, _ = await city.desk.read("officer", "/api/exchange/received")
    assert latest["kind"] == "followup"
    assert latest["suggested_incident_id"] == incident["id"]


async def test_what_is_signed_afterwards_follows_to_the_same_peers_and_opens_nothing_twice(
    houses: Houses,
) -> None:
    ours, city = houses.ours, houses.city
    about = await ours.world.incident(by="officer", description="3人被困屋顶", life_threat=True)
    told = {"kind": "initial", "addressees": TO, "contact": "0790-110"}
    report = await ours.did("officer", f"/api/incidents/{about.id}/reports", told)
    path = f"/api/reports/{report['id']}"
    consent = {"signed_as": "oral_consent", "consent_of": "陈局长", "consent_at": None}
    now = houses.clock.now().isoformat()
    report = await ours.did(
        "lead", f"{path}/sign", {**consent, "revision": report["revision"], "consent_at": now}
    )
    await ours.did("officer", f"{path}/send")
    await ours.rounds()
    report = await ours.report(report["id"])
    await ours.did("leader", f"{path}/countersign", {"revision": report["revision"]})
    await ours.rounds()

    second, first = await city.desk.read("officer", "/api/exchange/received")
    assert (first["second_of"], second["second_of"]) == (None, first["number"])
    assert second["their_number"] == first["their_number"]
    assert second["notice_id"] == first["notice_id"]
    whole = await city.desk.read("officer", f"/api/exchange/received/{second['id']}")
    assert "补签" in whole["signer"]
    (one,) = (await ours.report(report["id"]))["addressees"]
    assert one["delivery"]["receipt_number"] == second["number"]


async def test_a_house_that_is_down_loses_nothing_and_gets_it_later(houses: Houses) -> None:
    ours = houses.ours
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        await moved(houses, f"http://127.0.0.1:{nobody.getsockname()[1]}")
        report = await ours.sent()
        for _ in range(3):
            await ours.rounds()
            houses.later(seconds=30)
    to = await outcome(ours, report["id"])
    assert (to["delivery"]["standing"], to["delivery"]["attempts"]) == ("waiting", 3)
    assert to["delivery"]["trouble_zh"].startswith("连不上对方系统")
    assert to["confirmed_at"] is None
    await moved(houses, houses.city.url)
    await ours.world.run("UPDATE login_session SET expires_at = expires_at + interval '9 days'")
    await houses.city.world.run("UPDATE login_session SET expires_at = expires_at + interval '9 days'")
    houses.later(hours=30)
    await ours.rounds()
    to = await outcome(ours, report["id"])
    assert (to["delivery"]["standing"], to["confirmed_as"]) == ("delivered", "receipt")
    assert len(await houses.city.desk.read("officer", "/api/exchange/received")) == 1


async def test_somebody_is_alarmed_to_phone_when_it_does_not_arrive_in_time(houses: Houses) -> None:
    ours = houses.ours
    await moved(houses, "http://127.0.0.1:1")
    report = await ours.sent()
    await ours.rounds()
    houses.later(minutes=9)
    await ours.rounds()
    assert "report.undelivered" not in await ours.world.types()
    houses.later(minutes=1)
    await ours.rounds(2)
    told = [one for one in await ours.world.events() if one["type"] == "report.undelivered"]
    assert [one["addressee"] for one in told] == [CITY]
    assert "待送达10分钟" in told[0]["words"]
    assert "0790-8123" in told[0]["words"]
    assert ours.courier.health()["ok"] is False
    assert ours.courier.health()["overdue"] == 1
    (to,) = report["addressees"]
    call = {"confirmed_as": "call", "who": "赵科", "number": "0790-8123", "at": "2025-06-17T18:24:00Z"}
    await ours.did("officer", f"/api/reports/{report['id']}/addressees/{to['id']}/confirm", call)
    houses.later(minutes=40)
    await ours.rounds()
    assert (await ours.world.types()).count("report.undelivered") == 1  # a call has confirmed it
    await moved(houses, houses.city.url)
    houses.later(minutes=10)
    await ours.rounds()
    to = await outcome(ours, report["id"])
    assert (to["confirmed_as"], to["delivery"]["standing"]) == ("call", "delivered")


async def test_an_answer_that_was_lost_makes_no_second_report(houses: Houses) -> None:
    ours = houses.ours
    report = await ours.sent()
    await ours.rounds()
    await ours.world.run(  # as if the process had died before it could note the receipt
        "UPDATE report_outgoing SET state = 'waiting', delivered_at = NULL, next_at = :now",
        now=houses.clock.now(),
    )
    await ours.rounds()
    to = await outcome(ours, report["id"])
    assert to["delivery"]["receipt_number"] == "收报〔2025〕1号"
    assert len(await houses.city.desk.read("officer", "/api/exchange/received")) == 1
    assert (await ours.world.types()).count("report.confirmed") == 1


@asynccontextmanager
async def stranger(answer: Response) -> AsyncIterator[tuple[str, list[str]]]:
    """Somebody else at the peer's address: what he answers, what he was asked."""
    app, asked = FastAPI(), list[str]()

    @app.post("/{path:path}")
    async def anything(path: str) -> Response:
        asked.append(path)
        return answer

    async with served(app) as port:
        yield f"http://127.0.0.1:{port}", asked


async def test_a_redirect_is_not_followed_and_alarms_at_once(houses: Houses) -> None:
    ours, target = houses.ours, houses.city.url
    async with stranger(RedirectResponse(f"{target}/api/exchange/reports", 307)) as (url, asked):
        await moved(houses, url)
        report = await ours.sent()
        await ours.rounds(2)
    to = await outcome(ours, report["id"])
    assert asked == ["api/exchange/reports"]
    assert "转到别的地址" in to["delivery"]["trouble_zh"]
    assert await houses.city.desk.read("officer", "/api/exchange/received") == []
    assert "report.undelivered" in await ours.world.types()


async def test_a_receipt_that_the_peer_did_not_sign_is_none(houses: Houses) -> None:
    ours = houses.ours
    forged = '{"number":"收报〔2025〕1号","received_at":"2025-06-17T18:13:20Z","sha256":"' + "0" * 64 + '"}'
    async with stranger(Response(forged, 201, media_type="application/json")) as (url, _):
        await moved(houses, url)
        report = await ours.sent()
        await ours.rounds()
    to = await outcome(ours, report["id"])
    assert to["confirmed_at"] is None
    assert to["delivery"]["trouble_zh"].startswith("回执没有有效签名")


async def test_a_peer_behind_tls_must_show_a_certificate_that_somebody_vouches_for(
    houses: Houses, tmp_path: Path
) -> None:
    ours, shown = houses.ours, certificate(tmp_path)
    async with served(houses.city.desk.app, shown) as port:
        await moved(houses, f"https://127.0.0.1:{port}")
        report = await ours.sent()
        await ours.rounds()
        to = await outcome(ours, report["id"])
        assert to["delivery"]["trouble_zh"].startswith("对方证书不被信任")
        trusting = terms(ours, tls=lambda: shown.trusted)
        ours.courier = Courier(ours.world.database, houses.clock, STREAM, trusting)
        houses.later(minutes=2)
        await ours.rounds()
    assert (await outcome(ours, report["id"]))["confirmed_as"] == "receipt"


async def test_a_black_hole_holds_up_nobody_else(houses: Houses) -> None:
    ours = houses.ours
    other = {"node": "CG", "name": "县委县政府总值班室"}
    with socket.socket() as hole:  # takes the connection and never says a word
        hole.bind(("127.0.0.1", 0))
        hole.listen()
        url = f"http://127.0.0.1:{hole.getsockname()[1]}"
        await ours.register(**other, url=url, key_id="other", scope="")
        ours.desk.house.exchange.keys._told["other"] = "x" * 32
        report = await ours.signed(addressees=[other, {"node": "P", "name": CITY}])
        await ours.did("officer", f"/api/reports/{report['id']}/send")
        await ours.courier.look()
        while (await ours.report(report["id"]))["addressees"][1]["confirmed_at"] is None:
            pass  # each look takes a turn of the loop: the city's receipt comes beside the silence
        assert (await ours.report(report["id"]))["addressees"][0]["delivery"]["standing"] == "waiting"
        assert await ours.courier.look() == 0  # nobody is asked twice at once
        async with ours.courier._out.held():
            pass


async def test_a_township_reports_to_the_county_in_its_own_name(houses: Houses) -> None:
    ours = houses.ours
    county = {"node": "C", "name": "县应急指挥中心"}
    refused = await ours.desk.post(
        "officer",
        f"/api/incidents/{(await ours.world.incident()).id}/reports",
        {"kind": "initial", "addressees": [county]},
    )
    assert refused.status_code == 422
    await ours.world.run(
        "INSERT INTO report_peer (stream, region_code, node, name, means, url, email, key_id, scope, phone,"
        " active, registered_by, registered_at) VALUES ('990181', '990181100000', 'C',"
        " '县应急指挥中心', 'system', :url, '', :key, '', '', true, '东镇', :now)",
        url=houses.city.url,
        key="east",
        now=houses.clock.now(),
    )
    for place in (ours, houses.city):
        place.desk.house.exchange.keys._told["east"] = "y" * 32
    await houses.city.register(node="T", name="东镇", key_id="east", scope="990181100")
    report = await ours.signed(by="east", addressees=[county])
    await ours.did("east", f"/api/reports/{report['id']}/send")
    await ours.rounds()
    (came,) = await houses.city.desk.read("officer", "/api/exchange/received")
    assert (came["from_node"], came["from_name"]) == ("T", "东镇")
    (telling,) = (await ours.desk.read("officer", f"/api/incidents/{report['incident_id']}"))["tellings"]
    assert (telling["sender"], telling["receiver"]) == ("T", "C")


async def test_no_secret_is_in_any_answer_row_or_event(houses: Houses) -> None:
    from tests.reporting.exchange.houses import SECRET

    ours = houses.ours
    await ours.sent()
    await ours.rounds()
    listed = await ours.desk.get("lead", "/api/exchange/peers")
    assert listed.json()[0]["key_known"] is True
    assert SECRET not in listed.text + repr(ours.desk.house.settings) + repr(ours.desk.house.exchange)
    rows = [*await ours.bodies(), *await ours.world.rows("SELECT * FROM report_peer")]
    assert SECRET not in str(rows) + str(await ours.world.events())
    assert KEY not in str(await ours.world.events())
