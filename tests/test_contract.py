"""The committed contracts are what the code says."""

from __future__ import annotations

from app.contract import OPENAPI, openapi_text


def test_the_committed_openapi_document_is_what_the_code_says() -> None:
    assert OPENAPI.read_text(encoding="utf-8") == openapi_text(), "run `make api`"
