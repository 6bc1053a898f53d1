"""One document of every kind the demo can make: it is printed, says what it is, and carries its fonts."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest

from app.clock import SystemClock
from app.db import Database
from app.desk.documents.rules.kinds import KINDS
from app.duty.standby.settings import load_rulebook
from app.stage.callouts import call_out
from app.stage.orders import give_orders
from app.stage.readiness import muster
from app.stage.shelters import move_out
from app.stage.status_calls import ask_around
from app.stage.supplies import preposition
from app.supplies.settings import load_policy
from tests.documents.one_of_each import addresses, read
from tests.node import Service
from tests.orders.order_evening import SERIES
from tests.world import ZONE

pytestmark = pytest.mark.database
HEADS = {  # where the paper's own title is not the kind's name
    "report_initial": "突发事件信息快报",
    "report_followup": "突发事件信息快报",
    "report_final": "突发事件信息快报",
    "status_summary": "汇总表",
}
NONE_IN_THE_DEMO = {"circular"}  # its text is tested with spot checks, its letter with the others


async def test_one_of_each_is_printed_with_its_title_and_fonts(city_url: str, tmp_path: Path) -> None:
    database, now = Database(city_url), SystemClock().now()
    await muster(database, load_rulebook(None, None, ZONE), now)
    await ask_around(database, now, ZONE)
    await call_out(database, now, ZONE)
    await give_orders(database, SERIES, now)
    await preposition(database, load_policy(None, "樟应调", ZONE), now)
    await move_out(database, now)
    await database.close()
    async with (
        Service(city_url, tmp_path) as service,
        service.client("wangjun") as officer,
        service.client("leader") as leader,
    ):
        found = await addresses(officer, leader)
        assert set(KINDS) - set(found) == NONE_IN_THE_DEMO
        for kind, where in found.items():
            title = HEADS.get(kind, KINDS[kind].zh)  # type: ignore[index]
            pdf = await read(officer, where, "pdf")
            assert b"/FontFile2" in pdf, kind
            words = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_bounded()
            assert title in words.replace("\r\n", ""), (kind, words[:200])
            docx = zipfile.ZipFile(io.BytesIO(await read(officer, where, "docx")))
            assert title in docx.read("word/document.xml").decode(), kind
            assert [name for name in docx.namelist() if name.endswith(".odttf")], kind
