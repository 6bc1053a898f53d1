"""S04 “三断”: only satellite phone, 370 MHz and Beidou. The acceptance test, step by step."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.delivery import actions as delivery
from app.delivery import store as deliveries
from app.delivery.messages import Message, queue
from app.dispatch.actions import intake
from app.dispatch.messenger import actions as messengers
from app.org import store as org
from app.org.rules.access import Concern
from app.signals import Text
from tests.dark.county import CARDS, FIELD, HEAD, HEAD_VILLAGES, TAIL, Dark
from tests.dark.fieldcard import Card
from tests.world import STREAM

pytestmark = pytest.mark.database
SILENT = ("洲头乡", "洲尾乡", "洋田乡")
WORDS = "洲尾乡 房倒2 伤1 路断 需医"


async def hears(dark: Dark, card: str, words: str, ref: str) -> None:
    """Let the command machine hear a text of a card."""

    async def work(tx: Any) -> None:
        device = await org.device_by_number(tx, ("rdss21",), card)
        assert device is not None
        await intake.hear_text(tx, device, Text(ref, words, b""), words.encode("gbk"), dark.now)

    await dark.world.do(work)


async def test_s04_from_the_first_silence_to_the_network_back(dark: Dark) -> None:
    read = dark.desk.read

    # 1. 20:30 heartbeat lost: amber after 2 min, red after 5, a task each, the situation frozen.
    await dark.fall_silent(*SILENT, minutes=3)
    board = await dark.board()
    assert [board[name]["state"] for name in SILENT] == ["amber"] * 3
    await dark.fall_silent(*SILENT, minutes=3)
    board = await dark.board()
    assert [board[name]["state"] for name in SILENT] == ["lost"] * 3
    assert all(board[name]["frozen"]["at"] == "2025-07-02T12:30:00Z" for name in SILENT)
    tasks = {name: board[name]["task"]["id"] for name in SILENT}
    assert len(set(tasks.values())) == 3

    # 2. 20:36 the ladder runs, each try is logged; 洋田 answers on 370 MHz only.
    dark.at("20:36")
    for name in SILENT:
        for means in ("sms", "voice", "duty_line"):
            told = {"means": means, "result": "failed"}
            await dark.post(f"/api/contact/tasks/{tasks[name]}/attempts", told)
        came = "reached" if name == "洋田乡" else "no_answer"
        told = {"means": "radio_370", "result": came, "voucher": "洋01"}
        await dark.post(f"/api/contact/tasks/{tasks[name]}/attempts", told)
    board = await dark.board()
    assert (board["洋田乡"]["state"], board["洲头乡"]["state"]) == ("limited", "lost")
    assert [one["means"] for one in board["洋田乡"]["means"] if one["works"]] == ["radio_370"]
    assert len(board["洲头乡"]["task"]["attempts"]) == 5
    assert board["洲头乡"]["task"]["next_means"] == "satellite_phone"

    # 3. 20:53 a report by satellite phone is typed: three times, channel, voucher.
    dark.at("20:53")
    report = {
        "kind": "report",
        "region_code": HEAD,
        "text": "洲头村滑坡埋房3间,被困4人,道路中断",
        "happened_at": "2025-07-02T20:15:00+08:00",
        "told_at": "2025-07-02T20:50:00+08:00",
        "channel": "satellite_phone",
        "voucher": "洲头乡书记李明",
    }
    entered = await dark.post("/api/late-entries", report, "lead")
    assert (entered["happened_at"], entered["told_at"], entered["entered_at"]) == (
        "2025-07-02T12:15:00Z",
        "2025-07-02T12:50:00Z",
        "2025-07-02T12:53:00Z",
    )
    assert (entered["channel"], entered["voucher"]) == ("satellite_phone", "洲头乡书记李明")
    await dark.look()
    unit = (await dark.board())["洲头乡"]
    assert [one["means"] for one in unit["means"] if one["works"]] == ["satellite_phone"]

    # 4. 20:58 free text by Beidou: filed under the township, a receipt goes back, the copy counts once.
    dark.at("20:58")
    await hears(dark, CARDS[FIELD], WORDS, "ref-1")  # another township's card, borrowed
    dark.world.later(seconds=40)
    await hears(dark, CARDS[FIELD], WORDS, "ref-2")
    filed = [one for one in await read("officer", "/api/intake") if one["source"] == "device"]
    assert [(one["text"], one["region_code"], one["channel"]) for one in filed] == [(WORDS, TAIL, "beidou")]
    card = Card(dark)
    (receipt,) = await card.runs_for(seconds=0)
    assert receipt == (CARDS[FIELD], f"值守收到 20:58 来报{filed[0]['id']}号")

    # 5. 21:05 an order longer than one message: three parts, one a minute, progress told.
    dark.at("21:05")
    order = await long_order(dark)
    assert await card.runs_for(seconds=0) and await progress(dark, order) == (1, 3, "queued")
    assert await card.runs_for(seconds=61) == []
    assert len(await card.runs_for(seconds=1)) == 1
    assert await progress(dark, order) == (2, 3, "queued")
    assert len(await card.runs_for(seconds=62)) == 1
    assert await progress(dark, order) == (3, 3, "accepted")

    # 6. 21:10 the centre loses the public network: the desk goes on, what needs it waits, paper prints.
    dark.at("21:10")
    await dark.post("/api/network", {"state": "offline"}, "lead", 200)
    early, late = await queued(dark, "early"), await queued(dark, "late", lifetime=timedelta(hours=8))
    await dark.pass_by(30 * 60, ())
    assert (await dark.world.types()).count("contact.lost") == 3, "nobody else is declared lost"
    view = await read("officer", "/api/network")
    assert view["network"]["state"] == "offline"
    assert {one["channel"]: one["count"] for one in view["waiting"]} == {"jt808": 2}
    assert view["waiting"][0]["oldest_at"] == "2025-07-02T13:10:00Z"
    assert await taken_by_terminal(dark) == []
    sheet = await dark.desk.get("officer", "/api/paper-sheets/now.pdf")
    assert sheet.status_code == 200 and sheet.content.startswith(b"%PDF")

    # 7. 21:40 a messenger on foot to two silent villages, expected at 23:00, alarm when not back.
    dark.at("21:40")
    errand = {
        "messenger": "民兵赵刚",
        "region_code": HEAD,
        "villages": list(HEAD_VILLAGES),
        "words": "核实人数并带回名单",
        "expected_at": "2025-07-02T23:00:00+08:00",
    }
    sent = await dark.post("/api/messengers", errand)
    dark.at("22:59")
    assert await dark.world.do(lambda tx: messengers.look(tx, STREAM, dark.now)) == 0
    dark.at("23:00")
    assert await dark.world.do(lambda tx: messengers.look(tx, STREAM, dark.now)) == 1
    assert await dark.world.do(lambda tx: messengers.look(tx, STREAM, dark.now)) == 0
    (out,) = await read("officer", "/api/messengers")
    assert (out["id"], out["state"]) == (sent["id"], "overdue")

    # 8. 03:10 the network is back: flushed once, late words marked, too old ones shown; three conflicts.
    dark.at("03:05")
    incident = await dark.post("/api/incidents", slide())
    for value, source, channel in ((4, "洲头乡书记", "satellite_phone"), (2, "现场应用", "app")):
        figure = {"kind": "trapped", "value": value, "source": source, "channel": channel}
        await dark.post(f"/api/incidents/{incident['id']}/figures", {**figure, **times()})
    dark.at("03:10")
    await dark.world.do(lambda tx: delivery.give_up_waiting(tx, dark.now))
    await dark.post("/api/network", {"state": "online"}, "lead", 200)
    assert (await dark.world.types()).count("network.back") == 1
    assert await taken_by_terminal(dark) == ["【迟发 原07-02 21:10】late"]
    assert await taken_by_terminal(dark) == []
    view = await read("officer", "/api/network")
    assert [(one["delivery_id"], one["decision"]) for one in view["late"]] == [(early, None)]
    assert late not in {one["delivery_id"] for one in view["late"]}

    before = [await read("officer", "/api/intake"), await figures(dark, incident["id"])]
    field = {"text": "洲头村滑坡,埋房3间被困4人", "region_code": HEAD, "channel": "app", **times()}
    await dark.post("/api/intake/reports", field, "zhoutou")
    again = {"text": "洲尾乡房倒2户 伤1人 路断 需要医生", "region_code": TAIL, "channel": "app"}
    again |= {"happened_at": "2025-07-02T20:55:00+08:00"}
    await dark.post("/api/intake/reports", again, "officer")
    pairs = await dark.post("/api/reconciliation/look", status=200)
    assert len(pairs) >= 3
    kinds = sorted((one["left"]["kind"], one["right"]["kind"]) for one in pairs)
    assert ("figure", "figure") in kinds and ("notice", "notice") in kinds
    for pair in pairs:
        told = {"decision": "same", "reason": "同一件事"}
        await dark.post(f"/api/reconciliation/{pair['id']}/decision", told, status=200)
    after = [await read("officer", "/api/intake"), await figures(dark, incident["id"])]
    known = {one["id"]: one for one in after[0]}
    assert all(known[one["id"]] == one for one in before[0]), "no report is rewritten"
    assert after[1] == before[1], "no figure is rewritten"
    assert await read("officer", "/api/reconciliation") == []

    # The whole night stands in the journal, chained.
    assert {
        "contact.lost",
        "contact.attempted",
        "late.entered",
        "intake.received",
        "messenger.overdue",
    } <= set(await dark.world.types())


def times() -> dict[str, str]:
    return {"happened_at": "2025-07-02T20:15:00+08:00", "told_at": "2025-07-02T20:50:00+08:00"}


def slide() -> dict[str, Any]:
    return {
        "event_code": "12Y00",
        "region_code": HEAD,
        "title": "洲头山体滑坡",
        "occurred_at": times()["happened_at"],
    }


async def figures(dark: Dark, incident_id: int) -> Any:
    return (await dark.desk.read("officer", f"/api/incidents/{incident_id}/figures"))["figures"]


async def long_order(dark: Dark) -> int:
    """Queue an order of 180 bytes to the card of 洲尾 as dispatch does; return its delivery."""
    words = (
        "【派单】SJ-20250702-001 洲尾乡 房屋倒塌。即组织党员民兵逐户排查转移危房群众至洲尾小学,先医后转,"
        "断路处设卡值守,每小时用北斗报人数。回复1收到2拒绝3出发4到场5完成"
    )

    async def work(tx: Any) -> int:
        message = Message(
            STREAM, "beidou", CARDS[TAIL], words, Concern((TAIL,)), dark.now + timedelta(minutes=30)
        )
        return await queue(tx, message, dark.now)

    return await dark.world.do(work)


async def progress(dark: Dark, delivery_id: int) -> tuple[int, int, str]:
    """Return what the wire says of a message's parts: taken, in all, and its state."""

    async def work(tx: Any) -> Any:
        row = await deliveries.locked(tx, delivery_id)
        assert row is not None
        return deliveries.fact(row)

    fact = await dark.world.do(work)
    return fact.parts_sent, fact.part_count, fact.state


async def queued(dark: Dark, words: str, lifetime: timedelta = timedelta(minutes=30)) -> int:
    """Queue a message to a vehicle's terminal, which is reached through the public network."""

    async def work(tx: Any) -> int:
        message = Message(
            STREAM, "jt808", "13900000001", words, Concern((TAIL,)), dark.now + lifetime, device_id=1
        )
        return await queue(tx, message, dark.now)

    return await dark.world.do(work)


async def taken_by_terminal(dark: Dark) -> list[str]:
    """Play the terminal's driver: send what may leave now, each answered at once; return the words."""
    sent: list[str] = []
    while True:

        async def work(tx: Any) -> str | None:
            rows = await deliveries.next_for_devices(tx, "jt808", [1], dark.now)
            for row in rows:
                await delivery.submit(tx, row, "jt808:1", 1, dark.now)
                await delivery.report(tx, row, delivery.Outcome("deliver"), dark.now)
                return row.body
            return None

        body = await dark.world.do(work)
        if body is None:
            return sent
        sent.append(body)


async def test_the_words_of_the_night_stand_in_the_duty_log(dark: Dark) -> None:
    await dark.fall_silent("洲头乡")
    rows = await dark.world.rows("SELECT type FROM journal WHERE type = 'contact.lost'")
    assert len(rows) == 1
    assert await dark.world.do(lambda tx: tx.scalar(text("SELECT count(*) FROM contact_task"))) == 1
