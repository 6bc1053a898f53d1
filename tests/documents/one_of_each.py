"""One document of every kind from a running demo, as PDF, DOCX and pictures of its pages, to be looked at.

    .venv/bin/zhishou demo
    .venv/bin/python -m tests.documents.one_of_each http://127.0.0.1:8000 /tmp/papers

Pictures need pypdfium2 (BSD/Apache), which only developers install.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from app.clock import SystemClock
from app.desk.documents.rules.kinds import KINDS

Client = httpx.AsyncClient
ZONE = ZoneInfo("Asia/Shanghai")
HOSTILE = "行内\u202e反转\u200b零宽 <b>&amp;标签</b> =cmd|' /C calc'!A0 \U0001f525火 𠮷野家 龘靐"
"""What printers stumble over: bidi, markup, formulas, an emoji, rare hanzi."""


async def addresses(officer: Client, leader: Client) -> Mapping[str, str]:
    """Return where each kind can be read as `….{form}`; what the demo lacks is made first."""
    incident = await _incident(officer)
    found = {
        "call_record": _preview("call_record", incident),
        "phone_record": _preview("phone_record", incident, "1"),
        "damage_table": _preview("damage_table", incident),
        **await _reports(officer, leader, incident),
        **await _texts(officer, incident),
        **await _command(officer),
        **await _duty(officer),
        **await _callouts(officer),
        **await _supplies(officer),
        **await _broadcasts(officer),
    }
    return {kind: found[kind] for kind in KINDS if kind in found}


async def read(client: Client, address: str, form: str) -> bytes:
    """Return one file."""
    answer = await client.get(address.format(form=form))
    assert answer.status_code == 200, (address, answer.text[:300])
    return answer.content


async def _incident(officer: Client) -> int:
    told: dict[str, Any] = {
        "title": "东岸村洪水被困",
        "description": f"{HOSTILE}。{'3人被困屋顶,水深1.6米并持续上涨,道路中断。' * 6}",
        "life_threat": True,
        "callers": [{"name": "李某", "phone": "13900000001", "words": "水进屋了,老人走不动"}],
    }
    kinds = (await officer.get("/api/reference")).json()
    told["event_code"] = kinds["event_types"][0]["code"]
    told["region_code"] = next(one["code"] for one in kinds["regions"] if one["kind"] == "village")
    made = await _post(officer, "/api/incidents", told)
    path = f"/api/incidents/{made['id']}"
    for kind, value in (("trapped", 3), ("evacuated", 46), ("homes", 7), ("loss", 12.5)):
        await _post(officer, f"{path}/figures", {"kind": kind, "value": value, "source": "现场指挥长"})
    await _post(officer, f"{path}/tellings", {"whom": "市应急管理局值班室王某", "number": "0790-12345"})
    return int(made["id"])


async def _reports(officer: Client, leader: Client, incident: int) -> dict[str, str]:
    to = [{"node": "P", "name": "市应急管理局"}, {"node": "D", "name": "市水利局", "is_copy": True}]
    found = {}
    for kind in ("initial", "followup", "final"):
        told = {"kind": kind, "addressees": to, "contact": "0790-110", "urgency": "urgent"}
        report = await _post(officer, f"/api/incidents/{incident}/reports", told)
        path = f"/api/reports/{report['id']}"
        report = await _post(leader, f"{path}/review", {"revision": report["revision"]})
        await _post(leader, f"{path}/sign", {"revision": report["revision"]})
        await _post(officer, f"{path}/send", {})
        found[f"report_{kind}"] = path + ".{form}"
    return found


async def _texts(officer: Client, incident: int) -> dict[str, str]:
    now = SystemClock().now().astimezone(ZONE)
    to = {"addressees": ["市应急管理局"], "copies": ["市委办公室", "市政府办公室"], "contact": "0790-110"}
    brief = {"kind": "daily_brief", "title": "值班信息", "day": f"{now - timedelta(days=1):%Y-%m-%d}", **to}
    long = "堤防渗漏点已用反滤料处置,巡堤查险每小时一次。" * 40
    special = {
        "kind": "special_report",
        "title": "关于东岸村洪水被困救援情况的专报",
        "text": f"一、基本情况\n{long}\n二、存在问题\n{HOSTILE}\n三、下一步工作\n{long}",
        "incident_id": incident,
        **to,
    }
    minutes = {
        "kind": "minutes",
        "title": "防汛会商纪要",
        "text": "会议认为,上游来水趋缓。\n会议决定:\n一、继续转移低洼地带群众。\n二、加密巡堤。",
        "chaired_by": "周敏",
        "place": "应急指挥中心",
        "participants": "水利局、气象局、水文站、临溪镇",
        "held_at": now.isoformat(),
        "drill": True,
    }
    evaluation = {
        **minutes,
        "kind": "evaluation",
        "title": "防汛无脚本演练评估报告",
        "text": "一、经过\n10:17 接报,10:19 首令。\n二、问题\n签收超时1次,责任单位:临溪镇,10日内改进。",
    }
    found = {}
    for told in (brief, special, minutes, evaluation):
        answer = await officer.post("/api/document-drafts", json=told)
        if answer.status_code == 409:  # the brief of that day is there already
            held = (await officer.get("/api/document-drafts")).json()
            draft = next(one for one in held if one["kind"] == told["kind"])
        else:
            assert answer.status_code == 201, answer.text
            draft = answer.json()
        found[str(told["kind"])] = f"/api/document-drafts/{draft['id']}/preview" + ".{form}"
    return found


async def _command(officer: Client) -> dict[str, str]:
    found = {}
    orders = (await officer.get("/api/orders?state=all")).json()
    if issued := [one["id"] for one in orders if one["number"]]:
        found["order"] = _preview("order", issued[0])
    if said := (await officer.get("/api/instructions?closed=true")).json():
        found["instruction_form"] = _preview("instruction_form", said[0]["id"])
    if given := (await officer.get("/api/responses/orders")).json():
        found["response_order"] = _preview("response_order", given[0]["response_id"], str(given[0]["step"]))
    calls = (await officer.get("/api/status-calls?state=all")).json()
    for call in calls if isinstance(calls, list) else calls["calls"]:
        made = await officer.post(f"/api/status-calls/{call['id']}/summaries", json={})
        if made.status_code == 201:
            found["status_summary"] = _preview("status_summary", call["id"], str(made.json()["version"]))
            break
    return found


async def _callouts(officer: Client) -> dict[str, str]:
    held = (await officer.get("/api/call-and-respond")).json()
    ended = [one["id"] for one in held if one["state"] == "ended"] or [one["id"] for one in held]
    return {"call_and_respond_record": _preview("call_and_respond_record", ended[0])} if ended else {}


async def _duty(officer: Client) -> dict[str, str]:
    now = SystemClock().now().astimezone(ZONE)
    found = {
        "roster": _preview("roster", 1, f"{now:%Y-%m}"),
        "duty_log": _preview("duty_log", 1, f"{now - timedelta(hours=8):%Y-%m-%d}"),
        "standby_sheet": _preview("standby_sheet", 1, f"{now:%Y-%m}"),
        "standby_daily": _preview("standby_daily", 1, f"{now:%Y-%m-%d}"),
    }
    if (await officer.get("/api/handovers?post_id=1")).json() == []:
        await officer.post("/api/handovers", json={"post_id": 1})
    if sheets := (await officer.get("/api/handovers?post_id=1")).json():
        found["handover"] = _preview("handover", sheets[0]["id"])
    for check in (await officer.get("/api/spot-checks")).json():
        if (await officer.get(f"/api/spot-checks/{check['id']}/circular")).status_code == 200:
            found["circular"] = _preview("circular", check["id"])
    return found


async def _supplies(officer: Client) -> dict[str, str]:
    found = {}
    if transfers := (await officer.get("/api/supplies/transfers")).json():
        found["transfer"] = _preview("transfer", transfers[0]["id"])
    if moves := (await officer.get("/api/evacuations")).json():
        id_ = moves[0].get("id") or moves[0]["evacuation"]["id"]
        found["evacuation_list"] = _preview("evacuation_list", id_)
        found["evacuation_return"] = _preview("evacuation_return", id_)
    return found


async def _broadcasts(officer: Client) -> dict[str, str]:
    told = (await officer.get("/api/broadcasts")).json()
    return {"broadcast_sheet": _preview("broadcast_sheet", told[-1]["id"])} if told else {}


def _preview(kind: str, id_: int, part: str = "") -> str:
    return "/api/documents/preview.{form}?kind=" + f"{kind}&id={id_}&part={part}"


async def _post(client: Client, path: str, told: Any) -> Any:
    answer = await client.post(path, json=told)
    assert answer.status_code in (200, 201), (path, answer.text[:400])
    return answer.json()


def pictures(data: bytes, folder: Path, name: str) -> list[Path]:
    """Draw the pages of a PDF. Needs pypdfium2."""
    import pypdfium2  # type: ignore[import-untyped]

    paths = []
    document = pypdfium2.PdfDocument(data)
    for number, page in enumerate(document):
        path = folder / f"{name}-{number + 1}.png"
        page.render(scale=1.4).to_pil().save(path)
        paths.append(path)
    document.close()
    return paths


async def main(address: str, folder: Path) -> None:
    """Write the set into a folder and name what the demo has none of."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    async with (
        Client(base_url=address, timeout=60) as officer,
        Client(base_url=address, timeout=60) as leader,
    ):
        for client, name in ((officer, "wangjun"), (leader, "leader")):
            (
                await client.post("/api/login", json={"username": name, "password": "zhishou-demo"})
            ).raise_for_status()
        found = await addresses(officer, leader)
        for kind, where in found.items():
            for form in ("pdf", "docx"):
                data = await read(officer, where, form)
                (folder / f"{kind}.{form}").write_bytes(data)
                if form == "pdf":
                    sys.stdout.write(f"{kind}: {len(pictures(data, folder, kind))} pages\n")
    missing = sorted(set(KINDS) - set(found))
    sys.stdout.write(f"none of: {', '.join(missing)}\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
