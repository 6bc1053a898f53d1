"""Write the contracts that other programs rely on: OpenAPI of the HTTP side, AsyncAPI of the WebSocket."""

from __future__ import annotations

import json
from pathlib import Path

from app.config import Settings
from app.main import create_app
from app.realtime import asyncapi

OPENAPI = Path(__file__).parent.parent / "docs" / "openapi.json"


def openapi_text() -> str:
    """Return the OpenAPI document as it is committed."""
    app = create_app(Settings(database_url="postgresql://nobody@localhost/nothing"))
    return json.dumps(app.openapi(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def write() -> None:
    """Write both documents into docs/."""
    OPENAPI.write_text(openapi_text(), encoding="utf-8")
    asyncapi.write()


if __name__ == "__main__":
    write()
