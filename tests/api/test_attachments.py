"""Attachments: told by content, kept once, given out by scope, never run."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from PIL import Image

from app.api.attachments import shelf_of
from app.dispatch.attachments.rules import FileRefused, plain_name, type_of
from app.dispatch.attachments.vault import path_of, thumbnail
from tests.api.desk import Desk, problem
from tests.world import RIVER


def photo(width: int = 640, height: int = 480) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (200, 30, 30)).save(out, "JPEG")
    return out.getvalue()


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        for name in names:
            book.writestr(name, "x")
    return out.getvalue()


async def send(desk: Desk, who: str, path: str, content: bytes, name: str, **headers: str) -> Any:
    sent = {"Cookie": f"zhishou_session=token-{who}", **headers}
    return await desk.client.post(path, params={"name": name}, content=content, headers=sent)


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (photo(), "现场.JPG", "photo"),
        (photo(), "", "photo"),
        (b"\x89PNG\r\n\x1a\n...", "a.png", "photo"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "a.wav", "audio"),
        (b"#!AMR\n...", "a.amr", "audio"),
        (b"\x1aE\xdf\xa3...webm...A_OPUS", "voice-0-12.webm", "audio"),
        (b"%PDF-1.7 ...", "通知.pdf", "document"),
        (zipped("[Content_Types].xml", "word/document.xml"), "a.docx", "document"),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "a.xlsx", "document"),
        ("水位1.6米,𠮷家村😀".encode(), "a.txt", "document"),
    ],
)
def test_a_file_is_what_its_content_says(content: bytes, name: str, kind: str) -> None:
    assert type_of(content, name).kind == kind


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (zipped("virus.exe"), "现场.jpg", "文件名是 .jpg,内容却是ZIP 压缩包"),
        (zipped("[Content_Types].xml", "word/document.xml"), "现场.jpg", "内容却是Word 文件"),
        (photo(), "现场.png", "内容却是JPEG 照片"),
        (b"MZ\x90\x00", "a.pdf", "Windows 程序"),
        (b"<script>alert(1)</script>", "a.txt", "无法识别"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "无法识别"),
        (b"", "a.txt", "无法识别"),
    ],
)
def test_what_is_not_what_its_name_says_is_refused_with_a_sentence(
    content: bytes, name: str, words: str
) -> None:
    with pytest.raises(FileRefused, match=words):
        type_of(content, name)


def test_a_name_leads_nowhere() -> None:
    kind = type_of(photo(), "")
    assert plain_name("../../etc/pass\x00wd.jpg", kind) == "passwd.jpg"
    assert plain_name('C:\\a\\b".jpg', kind) == "b_.jpg"
    assert plain_name("...", kind) == "photo.jpeg"


@pytest.mark.database
async def test_a_photo_goes_in_once_and_comes_out_by_scope_only(desk: Desk) -> None:
    sent = await desk.world.send(RIVER)
    path = f"/api/incidents/{sent.incident_id}/attachments"
    content = photo()
    first = await send(desk, "crew", path, content, "现场𠮷.jpg", **{"Idempotency-Key": "k1"})
    assert first.status_code == 201, first.text
    again = await send(desk, "crew", path, content, "现场𠮷.jpg", **{"Idempotency-Key": "k1"})
    assert again.headers["Idempotency-Replayed"] == "true"
    fact = first.json()
    assert (fact["kind"], fact["size"], fact["added_by"]) == ("photo", len(content), "江队队员")
    assert (await send(desk, "officer", path, content, "again.jpg")).json()["sha256"] == fact["sha256"]
    folder = desk.house.settings.data
    assert [one.name for one in path_of(folder, fact["sha256"]).parent.iterdir()] == [fact["sha256"]]

    answer = await desk.get("officer", f"{path}/{fact['id']}/content")
    assert answer.content == content
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    small = await desk.get("officer", f"{path}/{fact['id']}/content?thumb=true")
    assert small.headers["content-type"] == "image/jpeg"
    assert max(Image.open(io.BytesIO(small.content)).size) == 320
    for who in ("west", "boatman", "admin"):
        problem(await desk.get(who, f"{path}/{fact['id']}/content"), 404, "not_found")
    problem(await send(desk, "west", path, content, "a.jpg"), 404, "not_found")
    problem(await send(desk, "auditor", path, content, "a.jpg"), 403, "not_permitted")

    withdrawn = await desk.post("officer", f"{path}/{fact['id']}/withdrawal", {"reason": "含隐私"})
    assert withdrawn.json()["withdrawn_by"] == "值班员甲"
    problem(await desk.get("officer", f"{path}/{fact['id']}/content"), 404, "not_found")
    assert len(await desk.read("officer", path)) == 2  # its line stays
    types = await desk.world.types()
    assert types.count("incident.attached") == 2 and types[-1] == "incident.attachment_withdrawn"


def laden() -> bytes:
    """A photo that says where it was taken, by what, and carries a script in four places."""
    image = Image.effect_noise((3000, 1500), 40).convert("RGB")
    exif = image.getexif()
    exif[0x010F] = "Maker<script>"
    exif[0x0112] = 6  # lying on its side
    exif.get_ifd(0x8825)[2] = (28.0, 31.0, 12.0)  # GPSLatitude
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, comment=b"<script>comment", icc_profile=b"<script>profile")
    return out.getvalue() + b"<script>behind"


@pytest.mark.database
async def test_what_a_browser_is_shown_of_a_photo_is_drawn_anew_and_the_original_is_kept(desk: Desk) -> None:
    sent = await desk.world.send(RIVER)
    path = f"/api/incidents/{sent.incident_id}/attachments"
    original = laden()
    fact = (await send(desk, "crew", path, original, "现场.jpg")).json()
    where = f"{path}/{fact['id']}/content"
    assert (await desk.get("officer", where)).content == original
    for shown, side in (("thumb", 320), ("picture", 2560)):
        answer = await desk.get("officer", f"{where}?{shown}=true")
        assert answer.headers["content-disposition"].startswith("inline")
        picture = Image.open(io.BytesIO(answer.content))
        assert picture.size == (side // 2, side) and picture.format == "JPEG"  # upright
        assert not picture.getexif() and set(picture.info) <= {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
        }
        assert b"script" not in answer.content and b"Exif" not in answer.content
    damaged = (await send(desk, "crew", path, original[:300], "坏.jpg")).json()  # evidence all the same
    problem(await desk.get("officer", f"{path}/{damaged['id']}/content?picture=true"), 404, "not_found")


@pytest.mark.database
async def test_ten_megabytes_are_taken_within_the_setting_and_refused_clearly_above(desk: Desk) -> None:
    incident = await desk.world.incident()
    path = f"/api/incidents/{incident.id}/attachments"
    ten = photo() + b"\x00" * (10_000_000 - len(photo()))
    assert (await send(desk, "officer", path, ten, "大.jpg")).status_code == 201
    desk.house.settings.attachment_limit_mb = 9
    refused = problem(await send(desk, "officer", path, ten + b"1", "大.jpg"), 413, "file_too_large")
    assert "上限9 MB" in refused["zh"]
    refused = problem(await send(desk, "officer", path, zipped("a.txt"), "假.jpg"), 415, "file_refused")
    assert "ZIP" in refused["zh"]
    assert thumbnail(shelf_of(desk.house).folder, "0" * 64) is None
