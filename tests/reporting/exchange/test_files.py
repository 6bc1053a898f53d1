"""A report as a file: exported for one addressee, imported by another house, proved on the way."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from app.reporting.exchange.rules.package import pack
from tests.api.desk import problem
from tests.reporting.exchange.houses import Houses, Place

pytestmark = pytest.mark.database


async def exported(houses: Houses, report: dict[str, Any] | None = None) -> bytes:
    report = report or await houses.ours.signed(title="东岸村洪水")
    to = report["addressees"][0]["id"]
    answer = await houses.ours.desk.get("officer", f"/api/reports/{report['id']}/addressees/{to}/package.zip")
    assert answer.status_code == 200, answer.text
    return answer.content


async def imported(place: Place, data: bytes, who: str = "officer") -> httpx.Response:
    headers = {"Cookie": f"zhishou_session=token-{who}"}
    return await place.desk.client.post("/api/exchange/received/file", content=data, headers=headers)


def rezipped(data: bytes, change: Callable[[dict[str, bytes]], object]) -> bytes:
    """The package with a file of it changed, as somebody with an archiver would."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    change(files)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return made.getvalue()


async def test_a_signed_file_comes_in_as_its_peers_and_twice_or_by_both_ways_is_once(houses: Houses) -> None:
    report = await houses.ours.signed(title="东岸村洪水")
    data = await exported(houses, report)
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert set(packed.namelist()) == {
            "report.json",
            "report.pdf",
            "report.docx",
            "manifest.json",
            "signature.json",
        }
        listed = json.loads(packed.read("manifest.json"))["files"]
        for name, said in listed.items():
            assert hashlib.sha256(packed.read(name)).hexdigest() == said["sha256"]
    first, again = await imported(houses.city, data), await imported(houses.city, data)
    assert (first.status_code, again.status_code) == (201, 200)
    came = first.json()
    assert (came["signed"], came["means"], came["entered_by"]) == (True, "file", "值班员甲")
    await houses.ours.did("officer", f"/api/reports/{report['id']}/send")
    await houses.ours.rounds()
    (to,) = (await houses.ours.report(report["id"]))["addressees"]
    assert to["delivery"]["receipt_number"] == came["number"]
    assert len(await houses.city.desk.read("officer", "/api/exchange/received")) == 1


async def test_an_unsigned_file_is_marked_so_until_the_signed_one_comes(houses: Houses) -> None:
    report = await houses.ours.signed(title="东岸村洪水")
    data = rezipped(await exported(houses, report), lambda files: files.pop("signature.json"))
    came = (await imported(houses.city, data)).json()
    assert (came["signed"], came["from_name"]) == (False, "樟川市应急指挥中心")
    await houses.ours.did("officer", f"/api/reports/{report['id']}/send")
    await houses.ours.rounds()
    (now,) = await houses.city.desk.read("officer", "/api/exchange/received")
    assert (now["id"], now["signed"]) == (came["id"], True)


Files = dict[str, bytes]


def _text(files: Files) -> None:
    files["report.json"] = files["report.json"].replace("洪水".encode(), "火灾".encode())


def _paper(files: Files) -> None:
    files["report.pdf"] += b" "


def _manifest(files: Files) -> None:
    _text(files)
    told = json.loads(files["manifest.json"])
    told["files"]["report.json"]["sha256"] = hashlib.sha256(files["report.json"]).hexdigest()
    files["manifest.json"] = json.dumps(told).encode()


def _missing(files: Files) -> None:
    del files["report.pdf"]


def _stranger(files: Files) -> None:
    files["signature.json"] = json.dumps({"key": "nobody", "signature": "sha256=00"}).encode()


def _climbs(files: Files) -> None:
    files["../../etc/passwd"] = b""


def _bare(files: Files) -> None:
    del files["manifest.json"]


async def test_a_file_that_was_altered_is_refused_and_the_altered_part_is_named(houses: Houses) -> None:
    data = await exported(houses)
    altered = [
        (_text, "report.json"),
        (_paper, "report.pdf"),
        (_manifest, "signature"),
        (_missing, "report.pdf"),
    ]
    for change, name in altered:
        told = problem(await imported(houses.city, rezipped(data, change)), 422, "altered_content")
        assert name in told["zh"]
    problem(await imported(houses.city, rezipped(data, _stranger)), 401, "unknown_peer")
    assert await houses.city.desk.read("officer", "/api/exchange/received") == []


async def test_a_file_that_is_no_package_is_refused_and_not_unpacked(houses: Houses) -> None:
    data = await exported(houses)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("report.pdf", b"0" * (7 * 1024 * 1024))
    no_package = [rezipped(data, _climbs), rezipped(data, _bare), b"", b"PK\x03\x04", b"hello", data[:-30]]
    for nonsense in [*no_package, bomb.getvalue()]:
        problem(await imported(houses.city, nonsense), 422, "no_package")
    problem(await imported(houses.city, pack(b"{}", {})), 422, "invalid_input")
    assert await houses.city.desk.read("officer", "/api/exchange/received") == []


async def test_only_a_signed_report_is_exported_and_only_to_its_addressees(houses: Houses) -> None:
    ours = houses.ours
    about = await ours.world.incident()
    told = {"kind": "initial", "addressees": [{"node": "P", "name": "市应急管理局"}]}
    draft = await ours.did("officer", f"/api/incidents/{about.id}/reports", told)
    base = f"/api/reports/{draft['id']}/addressees"
    to = draft["addressees"][0]["id"]
    problem(await ours.desk.get("officer", f"{base}/{to}/package.zip"), 409, "unsigned_report")
    problem(await ours.desk.get("west", f"{base}/{to}/package.zip"), 404, "not_found")
    data = await exported(houses)
    problem(await imported(houses.city, data, "auditor"), 403, "not_permitted")
    report = (await ours.world.rows("SELECT id FROM written_report WHERE state = 'signed'"))[0]["id"]
    problem(
        await ours.desk.get("officer", f"/api/reports/{report}/addressees/999/package.zip"), 404, "not_found"
    )
