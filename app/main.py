"""Put the house together: one process, its parts started in order and stopped in reverse."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import structlog
from fastapi import FastAPI, WebSocket
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.routing import WebSocketRoute

from app import migrations, pauses, tracing
from app.api import problems
from app.api.addresses import CONSOLE_PATHS
from app.api.house import House
from app.api.late_route import LateRoute
from app.api.meeting_line import both, door_of, start_meetings
from app.api.routers import ROUTERS
from app.api.security import Shield
from app.api.signpost import Signpost
from app.api.tiles import origin_of, tiles_of
from app.background import Turn
from app.clock import Clock, SystemClock
from app.config import Settings
from app.dark import start_dark
from app.db import Database
from app.devices.driver import Rig
from app.devices.drones.dji import DjiCloud
from app.devices.drones.settings import load_drone_limits
from app.devices.kit.norms import norms
from app.devices.network.probe import parse_probes
from app.devices.pump import Pump
from app.devices.recorder import Recorder
from app.devices.register import Register
from app.devices.roll_call.asker import Asker
from app.devices.sender import Sender
from app.devices.start import all_drivers
from app.devices.testing.examiner import Examiner
from app.devices.testing.prober import Prober
from app.devices.testing.rules import night_of
from app.devices.watch.watcher import Watcher
from app.dispatch.contact.settings import load_contact_rules
from app.dispatch.level.table import level_table
from app.dispatch.meeting.room.start import livekit, origins_of
from app.dispatch.recommendation.roads.start import road_service
from app.dispatch.recommendation.store.register import some_place
from app.dispatch.settings import load_dispatch_rules
from app.dispatch.video.media.start import media_server
from app.duty.checklist.settings import load_checklists
from app.duty.generation.desk import GenerationDesk
from app.journal.ends import store as ends
from app.leader.leadership import Leadership
from app.realtime.attendance import Attendance
from app.realtime.endpoint import Screens
from app.realtime.front import Front
from app.realtime.hub import Hub
from app.realtime.signalling.endpoint import Seats
from app.realtime.telemetry import Telemetry
from app.reporting.settings import load_reporting
from app.watchers import start_watchers

log = structlog.get_logger()
STATIC = Path(__file__).parent / "static"
TEMPLATES = Path(__file__).parent / "api" / "templates"


async def leave(app: FastAPI, within_s: float) -> None:
    """Be ready no more and send the screens to other nodes, within half of the time that is left."""
    house: House = app.state.house
    house.leaving = True
    screens: Screens = app.state.screens
    log.info("leaving", screens=len(screens.present()))
    seats: Seats = app.state.seats
    seats.move_on()
    await screens.move_on(within_s / 2)


def front_of(app: FastAPI) -> Front:
    """Return what the server runs: the application, and the short way for screens."""
    return Front(app, _websocket)


def create_app(settings: Settings, clock: Clock | None = None) -> FastAPI:
    """Return the application of one node. Nothing is opened before its lifespan begins."""
    clock = clock or SystemClock()
    norms()  # a minimum kit that cannot be read stops the start, not the first who looks
    load_checklists(settings.checklists)  # … nor a county's checklists
    load_dispatch_rules(settings.dispatch_rules)  # … nor its ladder
    level_table()  # … nor the level table
    load_contact_rules(settings.contact_rules)  # … nor who is watched for silence
    parse_probes(settings.network_probes)
    load_reporting(
        settings.reporting_rules, settings.reporting_profiles, settings.zone
    )  # … nor its deadlines
    app = FastAPI(
        title="值守 Zhishou",
        version="0.1.0",
        description="应急指挥中心值班值守与指挥调度 / duty and dispatch for an emergency command centre",
        lifespan=_lifespan,
        docs_url=None,
        openapi_url=None,  # ours does not hold up the loop
        redoc_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # ours are /metrics and the log
    )
    house = House(settings, Database(settings.database_url), clock)
    _ = house.exchange, house.wire  # … nor keys that cannot be read
    _ = house.broadcast  # … nor a resource code that is none
    house.media, house.livekit = media_server(settings, clock), livekit(settings, clock)
    house.attend(house.database)
    app.state.house = house
    problems.install(app)
    # First: a storm of screens must not walk past every other route (0.6 ms each).
    app.router.routes.append(WebSocketRoute("/ws", _websocket))
    app.router.routes.append(WebSocketRoute("/ws/meeting", _seat))
    # As they are: including builds each a second time.
    routes = [route for router in ROUTERS for route in router.routes]
    app.router.routes.append(Signpost(route for route in routes if isinstance(route, LateRoute)))
    app.router.routes.extend(routes)
    _serve_contract(app)
    _serve_pages(app)
    app.add_middleware(Shield, images=origin_of(tiles_of(settings)), spoken_to=origins_of(house.livekit))
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    house: House = app.state.house
    settings, clock = house.settings, house.clock
    # A pool of their own: however many requests wait for a connection, calls for help do not.
    database = Database(settings.database_url, pool_size=8, beside=house.database)
    house.attend(database)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(house.database.close)
        stack.push_async_callback(database.close)
        await stack.enter_async_context(pauses.watched())
        node = f"{settings.stream}:{settings.port}"
        stack.enter_context(tracing.traced(settings.traces_url, node, settings.traces_share))
        await migrations.require_current(settings.database_url)
        async with database.transaction() as tx:
            await ends.open_by(tx, settings.stream, settings.journal_hash)
        screens = await open_screens(stack, app, database)
        seats = app.state.seats = await start_meetings(stack, house, database)
        house.disconnect = both(screens, seats)
        leader = await stack.enter_async_context(Leadership(database, settings.stream, clock).running())
        nearby = await stack.enter_async_context(house.nearby.running(database))
        house.parts.update(leader=leader, nearby=nearby)
        await start_watchers(stack, house, database, leader.turn)
        await start_dark(stack, house, database, screens.present, leader.turn)
        house.generation = await stack.enter_async_context(GenerationDesk(database, clock).running())
        await _start_roads(stack, house, database)
        if house.media is not None:
            house.parts[house.media.name] = await stack.enter_async_context(house.media.running())
        await _start_devices(stack, house, database, leader.turn)
        gc.collect()
        gc.freeze()  # what lives for ever is not searched again (design/performance.md, finding 5)
        log.info("serving", stream=settings.stream, port=settings.port, jt808=settings.jt808_port)
        yield
        log.info("stopping")


async def open_screens(stack: AsyncExitStack, app: FastAPI, database: Database) -> Screens:
    """Let screens in until the stack is unwound: what they are told, and who has one open."""
    house: House = app.state.house
    hub = await stack.enter_async_context(Hub(database, house.settings.stream, house.clock).running())
    await stack.enter_async_context(Telemetry(hub, database, house.clock).running())
    attendance = await stack.enter_async_context(Attendance(database, hub.feed, house.clock).running())
    screens = await stack.enter_async_context(Screens(hub, *door_of(house), attendance).running())
    app.state.screens = screens
    house.disconnect = screens.recheck
    house.parts.update(realtime=_HubHealth(hub), screen_times=attendance)
    return screens


async def _start_roads(stack: AsyncExitStack, house: House, database: Database) -> None:
    service = road_service(house.settings, house.clock)
    if service is None:
        return

    async def somewhere() -> tuple[float, float] | None:
        async with database.transaction() as tx:
            return await some_place(tx, house.settings.stream)

    house.roads = await stack.enter_async_context(service.running(somewhere))
    house.parts[service.name] = service


async def _start_devices(stack: AsyncExitStack, house: House, database: Database, turn: Turn) -> None:
    settings, clock = house.settings, house.clock
    register = Register(database, clock, settings.stream)
    recorder = await stack.enter_async_context(Recorder(database, clock).running())
    drivers = all_drivers(
        Rig(
            settings,
            database,
            clock,
            register,
            Pump(database, recorder, clock, house.scoring.limits, house.dispatch),
        )
    )
    for driver in drivers:
        await stack.enter_async_context(driver.running())
    sender = await stack.enter_async_context(Sender(database, clock, drivers).running())
    house.prober = Prober(drivers, clock)
    house.live = next((driver for driver in drivers if isinstance(driver, DjiCloud)), None)
    night = night_of(settings.test_hours, settings.zone)
    examiner = Examiner(database, clock, settings.stream, house.prober, night)
    await stack.enter_async_context(examiner.running())
    asker = Asker(database, clock, settings.stream, house.prober)
    await stack.enter_async_context(asker.running())
    watcher = await stack.enter_async_context(
        Watcher(database, clock, settings.stream, load_drone_limits(settings.drone_rules)).running(turn)
    )
    house.parts.update(
        positions=recorder, sender=sender, device_tests=examiner, device_watch=watcher, roll_calls=asker
    )
    house.parts.update({driver.name: driver for driver in drivers})


class _HubHealth:
    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def health(self) -> dict[str, object]:
        facts = self._hub.health()
        return {
            "ok": facts.read_age_s < 5,
            "lag": facts.lag,
            "read_age_s": round(facts.read_age_s, 1),
            "listening": facts.listening,
            "screens": facts.screens,
            "slow_dropped": facts.slow_dropped,
        }


async def _websocket(websocket: WebSocket) -> None:
    screens: Screens = websocket.app.state.screens
    await screens.serve(websocket)


async def _seat(websocket: WebSocket) -> None:
    seats: Seats = websocket.app.state.seats
    await seats.serve(websocket)


class _Console(StaticFiles):
    """The built console: hashed assets may be kept for ever, pages and the service worker never."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        kept = "/assets/" in str(args[0]) or "/vendor/" in str(args[0])
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if kept else "no-cache"
        return response


async def _console() -> FileResponse:
    return FileResponse(STATIC / "index.html", headers={"Cache-Control": "no-cache"})


def _serve_contract(app: FastAPI) -> None:
    @app.get("/docs", include_in_schema=False)
    async def docs() -> FileResponse:
        return FileResponse(TEMPLATES / "docs.html", media_type="text/html")

    @app.get("/docs.js", include_in_schema=False)
    async def docs_js() -> FileResponse:
        return FileResponse(TEMPLATES / "docs.js", media_type="text/javascript")

    @app.get("/openapi.json", include_in_schema=False)
    async def contract() -> JSONResponse:
        # It takes seconds to build, once: beside the loop, on which calls for help arrive.
        return JSONResponse(await asyncio.to_thread(app.openapi))


def _serve_pages(app: FastAPI) -> None:
    @app.get("/print.css", include_in_schema=False)
    async def print_css() -> FileResponse:
        return FileResponse(TEMPLATES / "timeline.css", media_type="text/css")

    @app.get("/roster.css", include_in_schema=False)
    async def roster_css() -> FileResponse:
        return FileResponse(TEMPLATES / "roster.css", media_type="text/css")

    if STATIC.is_dir():
        for path in CONSOLE_PATHS:
            app.add_api_route(path, _console, include_in_schema=False)
        app.mount("/", _Console(directory=STATIC, html=True), name="console")
    else:

        @app.get("/", include_in_schema=False)
        async def no_console() -> HTMLResponse:
            return HTMLResponse(
                "<p>控制台尚未构建,请运行 make setup。</p><p>The console is not built: run make setup.</p>",
                status_code=503,
            )
