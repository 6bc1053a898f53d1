"""A trace leads from what was heard, or asked, to the screens; it holds no name, no place, no text."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app import tracing
from app.clock import SetClock
from app.devices.adapter import Reading
from app.devices.pump import Pump
from app.devices.recorder import Recorder
from app.realtime.hub import Hub
from app.realtime.telemetry import Telemetry
from app.refusals import NotFound
from app.signals import Distress, Fix, Text
from tests.node import Service
from tests.realtime.floor import BRISK, Line, until, viewer
from tests.world import TRUCK, World

pytestmark = pytest.mark.database
WORDS = "绝密标题塌方"


@contextmanager
def recorded() -> Iterator[InMemorySpanExporter]:
    kept, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    with tracing.by(provider):
        yield kept
    provider.shutdown()


def told(kept: InMemorySpanExporter, name: str) -> list[ReadableSpan]:
    return [span for span in kept.get_finished_spans() if span.name == name]


def trace_of(span: ReadableSpan) -> int:
    assert span.context is not None
    return int(span.context.trace_id)


async def test_what_a_device_says_is_one_trace_from_the_air_to_the_screens(
    world: World, clock: SetClock
) -> None:
    hub = Hub(world.database, "990181", clock, pace=BRISK)
    lane = Telemetry(hub, world.database, clock)
    device = await world.device(TRUCK)
    with recorded() as kept:
        await hub.feed.open()
        line = Line()
        await hub.join(hub.screen(viewer(), None, line))
        async with Recorder(world.database, clock).running() as recorder:
            pump = Pump(world.database, recorder, clock)
            at = clock.now()
            signals = (Distress("sos"), Text("t", WORDS, b""), Fix(115.987654, 28.123456, fixed_at=at))
            done = await pump.hear(device, Reading("jt808", "0x0200", TRUCK, {}, b"raw", signals))
            assert done is not None
            await done
            await hub.pass_on()
            await lane.look()
        heard, (batch,) = told(kept, "heard"), told(kept, "positions")
        assert len(heard) == 2 and batch.attributes == {"zhishou.rows": 1}
        assert heard[0].attributes == {"zhishou.family": device.family}
        for span in (*heard, batch):
            (pushed,) = [one for one in told(kept, "push") if trace_of(one) == trace_of(span)]
            (commit,) = [one for one in told(kept, "commit") if trace_of(one) == trace_of(span)]
            assert commit.parent == pushed.parent == span.context
            assert commit.end_time <= pushed.end_time  # type: ignore[operator]
        everything = "".join(span.to_json() for span in kept.get_finished_spans())
        for secret in (WORDS, device.number, device.label, "115.98", "28.12"):
            assert secret not in everything
    assert line.told


async def _refused(world: World) -> None:
    with tracing.span("request", route="POST /api/x"):
        async with world.database.transaction() as tx:
            tracing.appended(tx.info, ("990181", 1))
            raise NotFound(WORDS, WORDS)


async def test_what_is_rolled_back_is_pushed_by_nobody_and_what_an_error_says_is_not_told(
    world: World, clock: SetClock
) -> None:
    with recorded() as kept:
        with pytest.raises(NotFound):
            await _refused(world)
        with tracing.pushed([("990181", 1), ("990181", 2)]):
            pass
        async with world.database.transaction():  # nobody asked for it: no trace
            pass
    (span,) = kept.get_finished_spans()
    assert (span.attributes or {})["error.type"] == "NotFound" and WORDS not in span.to_json()


async def test_without_the_setting_nothing_is_traced(world: World) -> None:
    with tracing.span("request", route="POST /api/x"):
        async with world.database.transaction() as tx:
            tracing.appended(tx.info, ("990181", 1))
            assert "traced" not in tx.info
    assert not tracing._waiting


@asynccontextmanager
async def collector() -> AsyncIterator[tuple[str, list[bytes]]]:
    """A receiver of OTLP on loopback."""
    bodies: list[bytes] = []

    async def take(request: Request) -> Response:
        bodies.append(await request.body())
        return Response(b"", media_type="application/x-protobuf")

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        app = Starlette(routes=[Route("/v1/traces", take, methods=["POST"])])
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="warning"))
        serving = asyncio.create_task(server.serve([listener]))
        await until(lambda: server.started)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1/traces", bodies
        server.should_exit = True
        await serving


def spans_in(bodies: list[bytes]) -> list[Any]:
    found = []
    for body in bodies:
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            found += [span for scope in resource.scope_spans for span in scope.spans]
    return found


async def test_a_command_of_the_real_service_reaches_the_collector_as_request_commit_and_push(
    city_url: str, tmp_path: Path
) -> None:
    async with collector() as (url, bodies):
        settings = {"ZHISHOU_TRACES_URL": url, "OTEL_BSP_SCHEDULE_DELAY": "200"}
        async with Service(city_url, tmp_path, settings) as service, service.client("wangjun") as desk:
            wanted = {"event_code": "12G00", "region_code": "990181001001", "title": WORDS}
            cookie = desk.cookies["zhishou_session"]
            assert (await desk.post("/api/incidents", json=wanted)).status_code == 201
        spans = spans_in(bodies)  # the rest leaves when it stops
    (asked,) = [
        span
        for span in spans
        if any(one.value.string_value == "POST /api/incidents" for one in span.attributes)
    ]
    assert asked.name == "request"
    below = {span.name: span for span in spans if span.parent_span_id == asked.span_id}
    assert {"commit", "push"} <= below.keys()
    assert {span.trace_id for span in below.values()} == {asked.trace_id}
    assert below["commit"].start_time_unix_nano < below["push"].start_time_unix_nano
    sent = b"".join(bodies)
    for secret in (WORDS, cookie, "wangjun", "990181001001"):
        assert secret.encode() not in sent


@pytest.mark.parametrize("url", ["ftp://x/y", "collector:4318", "http://"])
def test_an_address_that_cannot_be_meant_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="http://host:4318/v1/traces"):
        tracing.collector_of(url)
