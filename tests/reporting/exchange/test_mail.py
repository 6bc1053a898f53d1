"""An addressee without a system gets the report by mail: taken by the server is not received."""

from __future__ import annotations

import hashlib
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.reporting.exchange.courier import Courier
from app.reporting.exchange.mailer import MailServer
from tests.reporting.exchange.houses import Houses, certificate, terms
from tests.reporting.exchange.mail_server import mail_box
from tests.world import STREAM

pytestmark = pytest.mark.database
WATER: dict[str, Any] = {"node": "D", "name": "县水利局"}


async def mailed(houses: Houses, server: MailServer) -> dict[str, Any]:
    """Send a report to who has a mail box, through this server; return the addressee."""
    ours = houses.ours
    await ours.register(**WATER, means="email", email="water@zhangchuan.test")
    ours.courier = Courier(ours.world.database, houses.clock, STREAM, terms(ours, mail=server))
    report = await ours.signed(addressees=[WATER])
    await ours.did("officer", f"/api/reports/{report['id']}/send")
    await ours.rounds()
    told = await ours.report(report["id"])
    return {**told["addressees"][0], "report": told}


async def test_a_mail_brings_text_pdf_and_docx_and_asks_for_a_call(houses: Houses) -> None:
    async with mail_box(login="duty:secret-of-mail") as box:
        server = MailServer("127.0.0.1", box.port, "none", "duty", "secret-of-mail", "duty@zhangchuan.test")
        to = await mailed(houses, server)
    report = to["report"]
    assert (to["channel"], to["delivery"]["standing"], to["delivery"]["means"]) == (
        "email",
        "delivered",
        "email",
    )
    assert (to["confirmed_at"], report["state"]) == (None, "sent")  # nobody over there has said so
    (mail,) = box.mails
    assert (box.recipients, box.logged_in) == (["water@zhangchuan.test"], 1)
    assert mail["Subject"] == f"【加急】{report['number']} {report['title']}"
    body = mail.get_body(("plain",))
    assert body is not None
    assert report["text"].splitlines()[0] in body.get_content()
    assert "回电确认：0790-110" in body.get_content()
    kept = {one["form"]: one["sha256"] for one in report["papers"]}
    came = {
        str(part.get_filename()).rpartition(".")[2]: hashlib.sha256(part.get_content()).hexdigest()
        for part in mail.iter_attachments()
    }
    assert came == kept
    assert "secret-of-mail" not in str(await houses.ours.world.events()) + repr(server)
    path = f"/api/reports/{report['id']}/addressees/{to['id']}/confirm"
    call = {"confirmed_as": "call", "who": "赵科", "number": "8123", "at": "2025-06-17T18:13:20Z"}
    assert (await houses.ours.did("officer", path, call))["state"] == "confirmed"


@pytest.mark.parametrize(
    ("told", "trouble"),
    [
        ({"login": "duty:right"}, "发信服务器不接受账号或密码"),
        ({"to_recipient": "550 no such mailbox"}, "发信服务器拒收：550 no such mailbox"),
        ({"to_recipient": "451 try again later"}, "发信服务器拒收：451 try again later"),
    ],
)
async def test_what_the_mail_server_refuses_is_said_in_words_and_alarms(
    houses: Houses, told: dict[str, str], trouble: str
) -> None:
    async with mail_box(**told) as box:
        user = "duty" if "login" in told else ""
        to = await mailed(houses, MailServer("127.0.0.1", box.port, "none", user, "wrong", "duty@a.test"))
        assert to["delivery"]["trouble_zh"].startswith(trouble)
        assert box.mails == []
        await houses.ours.rounds()
        assert "report.undelivered" in await houses.ours.world.types()


async def test_without_a_mail_server_or_with_one_that_is_away_it_waits(houses: Houses) -> None:
    to = await mailed(houses, MailServer())
    assert to["delivery"]["trouble_zh"].startswith("未设置发信服务器")
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        away = MailServer("127.0.0.1", nobody.getsockname()[1], "none", sender="duty@a.test")
        ours = houses.ours
        ours.courier = Courier(ours.world.database, houses.clock, STREAM, terms(ours, mail=away))
        (line,) = await ours.desk.read("officer", "/api/exchange/outgoing")
        retried = await ours.did("officer", f"/api/exchange/outgoing/{line['id']}/retry")
        assert retried["next_at"] == "2025-06-17T18:13:20Z"
        await ours.rounds()
    (line,) = await ours.desk.read("officer", "/api/exchange/outgoing")
    assert line["trouble_zh"].startswith("连不上发信服务器")
    assert (line["attempts"], line["standing"]) == (2, "waiting")


async def test_the_mail_server_is_spoken_to_in_private_and_must_be_trusted(
    houses: Houses, tmp_path: Path
) -> None:
    shown = certificate(tmp_path)
    async with mail_box(tls=shown.context, login="duty:right") as box:
        server = MailServer("127.0.0.1", box.port, "starttls", "duty", "right", "duty@a.test")
        to = await mailed(houses, server)
        assert to["delivery"]["trouble_zh"].startswith("对方证书不被信任")
        assert box.mails == []
        ours = houses.ours
        trusting = replace(server, tls=shown.trusted)
        ours.courier = Courier(ours.world.database, houses.clock, STREAM, terms(ours, mail=trusting))
        houses.later(minutes=2)
        await ours.rounds()
        assert (len(box.mails), box.encrypted, box.logged_in) == (1, 1, 1)
