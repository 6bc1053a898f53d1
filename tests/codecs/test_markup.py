"""Hostile XML is refused while it is read: in a moment, in little memory, and with a name."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.codecs.findings import Layer, Refused
from app.codecs.markup.reader import Limits, Node, parse
from app.codecs.markup.writer import branch, document, leaf

LIMITS = Limits()

_BOMB = (
    b'<!DOCTYPE a [<!ENTITY x0 "ha">'
    + b"".join(b'<!ENTITY x%d "%s">' % (n, b"&x%d;" % (n - 1) * 10) for n in range(1, 12))
    + b"]><a>&x11;</a>"
)

HOSTILE: dict[str, tuple[bytes, str]] = {
    "an entity bomb": (_BOMB, "DOCTYPE_FORBIDDEN"),
    "a quadratic bomb": (
        b'<!DOCTYPE a [<!ENTITY x "' + b"y" * 100_000 + b'">]><a>' + b"&x;" * 100_000 + b"</a>",
        "DOCTYPE_FORBIDDEN",
    ),
    "a file as entity": (
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><a>&f;</a>',
        "DOCTYPE_FORBIDDEN",
    ),
    "an address as DTD": (b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>', "DOCTYPE_FORBIDDEN"),
    "a parameter entity": (
        b'<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]><a/>',
        "DOCTYPE_FORBIDDEN",
    ),
    "a hidden DOCTYPE in UTF-16": (
        '\ufeff<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-16-le"),
        "DOCTYPE_FORBIDDEN",
    ),
    "too many levels": (b"<a>" * 200_000, "TOO_DEEP"),
    "too many elements": (b"<a>" + b"<b/>" * 400_000 + b"</a>", "TOO_MANY_ELEMENTS"),
    "too many attributes": (
        b"<a " + b" ".join(b'b%d=""' % n for n in range(100_000)) + b"/>",
        "TOO_MANY_ATTRIBUTES",
    ),
    "too many bytes": (b"<a>" + b"x" * (LIMITS.size + 1), "TOO_LARGE"),
    "gzip": (b"\x1f\x8b\x08\x00" + b"\0" * 1000, "COMPRESSED"),
    "zip": (b"PK\x03\x04" + b"\0" * 1000, "COMPRESSED"),
    "an unknown encoding": (b'<?xml version="1.0" encoding="unicode_escape"?><a/>', "ENCODING_UNSUPPORTED"),
    "UTF-7": (b'<?xml version="1.0" encoding="utf-7"?><a/>', "ENCODING_UNSUPPORTED"),
    "UTF-32": ("<a/>".encode("utf-32-be"), "ENCODING_UNSUPPORTED"),
    "UTF-16 without a mark": ("<a/>".encode("utf-16-be"), "ENCODING_UNSUPPORTED"),
    "one text without end": (b"<a>" + b"&#65;" * 400_000, "XML_SYNTAX"),
    "one comment without end": (b"<!--" + b"-" * 2_000_000, "XML_SYNTAX"),
    "namespaces without number": (
        b"<a " + b" ".join(b'xmlns:n%d="u"' % n for n in range(100_000)) + b"><b></a>",
        "XML_SYNTAX",
    ),
    "nothing": (b"", "XML_SYNTAX"),
    "bytes that are no UTF-8": (b"<a>\xb1\xa9</a>", "XML_SYNTAX"),
    "bytes that are no GBK": (b'<?xml version="1.0" encoding="GBK"?><a>\xff\xff</a>', "XML_SYNTAX"),
    "a NUL": (b"<a>x\0y</a>", "XML_SYNTAX"),
}


def refusal(data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        parse(data)
    return refused.value.finding.code


@pytest.mark.parametrize(("data", "code"), HOSTILE.values(), ids=HOSTILE)
def test_what_may_harm_is_refused_in_under_a_second_and_a_hundred_megabytes(data: bytes, code: str) -> None:
    tracemalloc.start()
    began = time.process_time()
    assert refusal(data) == code
    took = time.process_time() - began
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert took < 1
    assert most < 100 * 1024 * 1024


def test_a_refusal_says_what_to_do_in_both_languages() -> None:
    with pytest.raises(Refused) as refused:
        parse(b"\n<!DOCTYPE a><a/>")
    finding = refused.value.finding
    assert finding.layer is Layer.SECURITY
    assert finding.detail == (
        "第 2 行:不接受 DOCTYPE 和实体声明,请删除 / "
        "line 2: DOCTYPE and entity declarations are not accepted: remove them"
    )


@pytest.mark.parametrize(
    ("encode", "head"),
    [
        (lambda text: text.encode(), ""),
        (lambda text: text.encode("utf-8-sig"), ""),
        (lambda text: text.encode("utf-16"), ""),
        (lambda text: text.encode("gbk"), '<?xml version="1.0" encoding="GB2312"?>'),
        (lambda text: text.encode("gb18030"), "<?xml version='1.0' encoding='gb18030'?>"),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16", "gbk called gb2312", "gb18030"],
)
def test_chinese_is_read_in_the_encodings_that_peers_send(encode: Callable[[str], bytes], head: str) -> None:
    assert parse(encode(f"{head}<a>暴雨橙色预警</a>")).text == "暴雨橙色预警"


def test_elements_keep_their_names_text_and_lines() -> None:
    root = parse(b'<a xmlns="urn:x" k="1">\n <b>one<!-- no --> two</b>\n <c xmlns="urn:y"/><?pi?></a>')
    assert (root.name, root.namespace, root.attributes, root.line) == ("a", "urn:x", {"k": "1"}, 1)
    b, c = root.children
    assert (b.text, b.line, c.namespace) == ("one two", 2, "urn:y")
    assert (root.child("b"), root.child("z"), root.said("b"), root.said("z")) == (b, None, "one two", "")
    assert root.all("c") == [c]


@settings(deadline=None)
@given(st.binary(max_size=300))
@example(b"\xff\xfe<\0")
@example(b"\xef\xbb\xbf\xef\xbb\xbf<a/>")
def test_no_bytes_raise_anything_but_a_refusal(data: bytes) -> None:
    with suppress(Refused):
        parse(data)


_HELD = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=20
)


@settings(deadline=None)
@given(st.recursive(_HELD, lambda inner: st.lists(inner, min_size=1, max_size=3), max_leaves=12))
def test_what_is_written_is_read_again(said: object) -> None:
    def node(value: object) -> Node:
        if isinstance(value, list):
            return branch("甲", *(node(one) for one in value))
        return leaf("b", str(value))

    def same(one: Node, other: Node) -> bool:
        texts = one.children or one.text == other.text
        return bool(texts) and [*map(same, one.children, other.children)] == [True] * len(one.children)

    root = node(said)
    assert same(root, parse(document(root)))
