"""Bodies as platforms post them, and as they post them wrongly."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.codecs.ebm.multipart import body_of, upload_of
from app.codecs.findings import Refused

TAR = b"\r\n--tar\r\n\0\xff--edge"
FORM = 'form-data; name="field1"; filename="EBDT_1.tar"'


def body(
    head: str = FORM, *, end: bytes = b"\r\n", last: bytes = b"\r\n--edge--\r\n", before: bytes = b""
) -> bytes:
    lines = [b"--edge", f"Content-Disposition: {head}".encode(), b"Content-Type: application/x-tar", b"", b""]
    return before + end.join(lines) + TAR + last


SEEN: dict[str, tuple[bytes, str]] = {
    "the standard": (body(), "EBDT_1.tar"),
    "another field": (body('form-data; name="file"; filename="EBDT_1.tar"'), "EBDT_1.tar"),
    "no quotes": (body("form-data; name=file; filename=EBDT_1.tar"), "EBDT_1.tar"),
    "printed quotes": (body("form-data; name=”field1”; filename=”EBDT_1.tar”"), "EBDT_1.tar"),
    "an attachment": (body('attachment; filename="EBDT_1.tar"'), "EBDT_1.tar"),
    "line feeds alone": (body(end=b"\n", last=b"\n--edge--\n"), "EBDT_1.tar"),
    "no line end after the last boundary": (body(last=b"\r\n--edge--"), "EBDT_1.tar"),
    "no last boundary": (body(last=b""), "EBDT_1.tar"),
    "a line before the first boundary": (body(before=b"\r\n"), "EBDT_1.tar"),
    "a text part before": (
        body(before=b'--edge\r\nContent-Disposition: form-data; name="comment"\r\n\r\nhello\r\n'),
        "EBDT_1.tar",
    ),
}


@pytest.mark.parametrize(("data", "name"), SEEN.values(), ids=SEEN)
@pytest.mark.parametrize("boundary", ["edge", '"edge"'])
def test_what_peers_post_is_understood(data: bytes, name: str, boundary: str) -> None:
    found = upload_of(data, f"multipart/form-data; boundary={boundary}")
    assert (found.name, found.content) == (name, TAR)


def test_a_name_in_gbk_and_a_bare_body_are_understood() -> None:
    data = body().replace(b"EBDT_1", "预警".encode("gbk"))
    assert upload_of(data, "multipart/form-data; boundary=edge").name == "预警.tar"
    for kind in ("application/x-tar", "application/octet-stream; charset=binary"):
        assert upload_of(TAR, kind).content == TAR


@pytest.mark.parametrize(
    ("data", "kind", "code"),
    [
        (TAR, "text/plain", "CONTENT_TYPE"),
        (TAR, "", "CONTENT_TYPE"),
        (body(), "multipart/form-data", "BOUNDARY"),
        (body(), "multipart/form-data; boundary=other", "NO_FILE"),
        (body('form-data; name="comment"'), "multipart/form-data; boundary=edge", "NO_FILE"),
        (b"", "multipart/form-data; boundary=edge", "NO_FILE"),
        (b"--edge", "multipart/form-data; boundary=edge", "NO_FILE"),
        (b"--edge\r\n" * 100_000, "multipart/form-data; boundary=edge", "NO_FILE"),
        (b"--edge--\r\n" + body(), "multipart/form-data; boundary=edge", "NO_FILE"),
    ],
)
def test_a_body_without_a_file_is_refused_by_name(data: bytes, kind: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        upload_of(data, kind)
    assert refused.value.finding.code == code


@settings(deadline=None)
@given(st.binary(max_size=400) | st.just(b"----zhishou00000000 ----zhishou00000001"))
def test_what_we_post_is_found_again(content: bytes) -> None:
    data, kind = body_of("EBDT_1.tar", content)
    found = upload_of(data, kind)
    assert (found.name, found.content) == ("EBDT_1.tar", content)


def test_a_name_that_is_not_plain_is_not_posted() -> None:
    with pytest.raises(ValueError, match="plain"):
        body_of('a"; filename="b', b"")


@settings(deadline=None)
@given(st.binary(max_size=300), st.text(max_size=60) | st.just("multipart/form-data; boundary=-"))
def test_nothing_raises_anything_but_a_refusal(data: bytes, kind: str) -> None:
    try:
        assert upload_of(data, kind) is not None
    except Refused:
        return
