"""A short turn of `make fuzz`: every operation, the WebSocket, every reader of bytes. The same each time."""

from __future__ import annotations

import asyncio
import json
import warnings
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import schemathesis
from schemathesis.core.failures import Failure, FailureGroup

from fuzz.api import ApiFuzzer, without_tuples
from fuzz.codecs import Fed, feed
from fuzz.house import login
from fuzz.mutate import mutated
from fuzz.readers import Reader, readers
from fuzz.screens import ScreenFuzzer
from tests.node import Service

CONTRACT = Path(__file__).parents[2] / "docs" / "openapi.json"
SEED = 20261128


@pytest.mark.database
@pytest.mark.long
async def test_no_request_breaks_the_service_and_every_refusal_is_said_well(
    city_url: str, tmp_path: Path
) -> None:
    document = json.loads(CONTRACT.read_text(encoding="utf-8"))
    async with Service(city_url, tmp_path) as service:
        api = ApiFuzzer(service.address, lambda who: login(service.address, who), document, SEED)
        found = await asyncio.to_thread(api.run, api.names(), 1, 1)
        api.close()
        cookie = await asyncio.to_thread(login, service.address, "chenjie")
        seen = await asyncio.to_thread(ScreenFuzzer(service.port, cookie, SEED).run, 60)
        assert [*found.lines(), *seen.findings] == [], service.log_path.read_text()[-4000:]
    assert len(found.operations) == len(api.names()) > 600
    assert found.statuses[200] > 50 and found.statuses[422] > 50
    assert seen.ends["words: 1008"] and seen.ends["frames: 1002"]


def test_no_reader_raises_anything_but_its_own_refusal() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # openpyxl's, of what it leaves out
        fed = feed(list(readers().values()), 60, SEED)
    assert fed.findings == {}
    assert len(fed.inputs) == len(readers()) and set(fed.inputs.values()) == {60}


def _fed(read: Reader) -> Fed:
    return feed([read], 200, SEED)


def test_a_reader_that_breaks_is_found_and_the_same_seed_finds_it_again() -> None:
    def fragile(data: bytes) -> None:
        if b"-1" in data:
            raise KeyError("size")

    reader = Reader("fragile", (b"size=1;name=a",), fragile, (ValueError,))
    first, again = _fed(reader), _fed(reader)
    assert [what.split(" at ")[0] for what in first.findings] == ["fragile: KeyError"]
    assert first.findings == again.findings


def test_a_changed_archive_is_an_archive_still() -> None:
    import random
    import zipfile
    from io import BytesIO

    sheet = readers()["sheet of devices"].seeds
    draw = random.Random(SEED)
    whole = sum(zipfile.is_zipfile(BytesIO(mutated(sheet, draw))) for _ in range(50))
    assert whole > 25


def test_the_answer_of_every_operation_can_be_judged() -> None:
    contract = json.loads(CONTRACT.read_text(encoding="utf-8"))
    schema = schemathesis.openapi.from_dict(without_tuples(contract))
    judged = 0
    for path, operations in contract["paths"].items():
        for method, operation in operations.items():
            for status, told in operation["responses"].items():
                if status[0] != "2" or "application/json" not in told.get("content", {}):
                    continue
                answer = httpx.Response(int(status), json=7, request=httpx.Request(method, f"http://x{path}"))
                answer.elapsed = timedelta(0)
                with suppress(Failure, FailureGroup):  # seven is no answer; anything else breaks the fuzzer
                    schema[path][method].validate_response(answer)
                judged += 1
    assert judged > 400
