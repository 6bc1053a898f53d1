"""What a running process consists of, as the routes see it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Protocol, cast

from fastapi import Depends, Request

from app.api.bearer import People, Tokens
from app.api.readings import Readings
from app.api.short_road import Known
from app.broadcast.settings import BroadcastTerms, load_terms
from app.broadcast.speech import Speech, load_speech
from app.broadcast.wire.terms import WireTerms, load_wire
from app.clock import Clock
from app.config import Settings
from app.db import Database, Tx
from app.devices.drones.live import LiveLink
from app.devices.talk_groups import parse_talk_groups
from app.devices.testing.prober import Prober
from app.dispatch.contact.rules import ContactRules
from app.dispatch.contact.settings import load_contact_rules
from app.dispatch.meeting.room.livekit import LiveKit
from app.dispatch.order.actions.issuing import Series
from app.dispatch.order.rules.supervise import Waits
from app.dispatch.order.templates import OrderTemplate, load_templates
from app.dispatch.recommendation.nearby import Nearby
from app.dispatch.recommendation.roads.asker import RoadService
from app.dispatch.recommendation.settings import ForceRules, load_force_rules
from app.dispatch.secrecy import store as secrecy
from app.dispatch.settings import DispatchRules, load_dispatch_rules
from app.dispatch.video.media.server import MediaServer
from app.duty.checklist.rules import Checklist
from app.duty.checklist.settings import load_checklists
from app.duty.generation.desk import GenerationDesk
from app.duty.spot_check.settings import SHIPPED, Scoring, load_scoring
from app.duty.standby.rules.rulebook import Rulebook
from app.duty.standby.settings import load_rulebook
from app.org.oidc.provider import Provider
from app.org.oidc.settings import load_oidc
from app.org.rules.access import Role, Viewer
from app.org.second_factor.due import roles_of
from app.realtime.pictures import Pictures
from app.realtime.together import Together
from app.reporting.exchange.courier import ExchangeTerms
from app.reporting.exchange.settings import load_exchange
from app.reporting.follow import follow_incidents
from app.reporting.settings import Reporting, load_reporting
from app.supplies.settings import SupplyPolicy, load_policy


class HealthSource(Protocol):
    """A part of the process that can say how it is."""

    def health(self) -> dict[str, Any]:
        """Return plain facts; `ok: False` makes the whole process degraded."""
        ...


@dataclass
class House:
    """One process: its settings, its database, its clock and the parts that report their health."""

    settings: Settings
    database: Database
    clock: Clock
    parts: dict[str, HealthSource] = field(default_factory=dict)
    generation: GenerationDesk | None = None  # where rosters are generated, once the house runs
    roads: RoadService | None = None  # the county's own road service, if it has one
    media: MediaServer | None = None  # the county's own media server, if it has one
    livekit: LiveKit | None = None  # the county's own LiveKit for large meetings, if it has one
    prober: Prober | None = None  # who can ask a device, once the drivers run
    live: LiveLink | None = None  # who can ask a dock for its picture, where a broker of docks is set
    disconnect: Any = None  # called with (account_id) when a login ends
    leaving: bool = False  # told to stop: screens are sent to other nodes, nobody new is wanted

    @cached_property
    def reporting(self) -> Reporting:
        """The deadlines of reporting as the file has them. Raises ValueError when the file is wrong.

        What holds in a transaction, `rulebook.in_force` says: a version the county published comes first.
        """
        told = self.settings
        return load_reporting(told.reporting_rules, told.reporting_profiles, told.zone)

    def attend(self, database: Database) -> None:
        """Let whoever must know within the same transaction follow what is changed through a database."""
        follow_incidents(database, self.reporting)

    @cached_property
    def factor_roles(self) -> frozenset[Role]:
        """The roles that must have a second factor. Raises ValueError for what is no role."""
        return roles_of(self.settings.second_factor_roles)

    @cached_property
    def oidc(self) -> Provider | None:
        """The county's identity provider, if it has one. Raises ValueError, OSError for bad settings."""
        terms = load_oidc(self.settings)
        return Provider(terms, self.clock) if terms else None

    @cached_property
    def exchange(self) -> ExchangeTerms:
        """How reports go to other systems, and the keys. Raises ValueError for what cannot be meant."""
        return load_exchange(self.settings)

    @cached_property
    def wire(self) -> WireTerms:
        """How broadcast platforms are spoken with. Raises ValueError for keys that cannot be meant."""
        return load_wire(self.settings)

    @cached_property
    def speech(self) -> Speech:
        """Who speaks texts; without an engine it says so."""
        return load_speech(self.settings)

    @cached_property
    def broadcast(self) -> BroadcastTerms:
        """How the county broadcasts. Raises ValueError for a resource code that is none."""
        told = self.settings
        return load_terms(told.broadcast_resource_code, told.stream, told.zone, told.broadcast_templates)

    @cached_property
    def talk_groups(self) -> Mapping[str, str]:
        """The names of talk groups by number. Raises ValueError for a setting that cannot be meant."""
        return parse_talk_groups(self.settings.talk_groups)

    @cached_property
    def dispatch(self) -> DispatchRules:
        """The rules of dispatch, read once. Raises ValueError when the county's file is wrong."""
        return load_dispatch_rules(self.settings.dispatch_rules, self.settings.zone)

    @cached_property
    def contact(self) -> ContactRules:
        """The rules of contact, read once. Raises ValueError when the county's file is wrong."""
        return load_contact_rules(self.settings.contact_rules)

    @cached_property
    def tokens(self) -> Tokens:
        """What this process remembers of the programs that ask."""
        return Tokens(self.database)

    @cached_property
    def readings(self) -> Readings:
        """What this process wrote down of who opens lists of personal data."""
        return Readings(self.database)

    @cached_property
    def people(self) -> People:
        """How often each person may ask."""
        return People(self.settings.requests_per_minute)

    @property
    def paper_folder(self) -> Path:
        """Where the hourly sheets lie."""
        return self.settings.paper_folder or self.settings.data / "paper"

    @cached_property
    def readiness(self) -> Rulebook:
        """The rules of readiness, read once. Raises ValueError when a file of the county is wrong."""
        settings = self.settings
        return load_rulebook(settings.readiness_rules, settings.key_periods, settings.zone)

    @cached_property
    def supplies(self) -> SupplyPolicy:
        """What supplies must suffice for, read once. Raises ValueError when the county's file is wrong."""
        settings = self.settings
        return load_policy(settings.supplies, settings.transfer_number_prefix, settings.zone)

    @cached_property
    def checklists(self) -> tuple[Checklist, ...]:
        """The checklists of readiness, read once. Raises ValueError when the county's file is wrong."""
        return load_checklists(self.settings.checklists)

    @cached_property
    def scoring(self) -> Scoring:
        """Return what spot checks cost and from where on an answer is late."""
        return load_scoring(self.settings.spot_check_scoring or SHIPPED)

    @cached_property
    def forces(self) -> ForceRules:
        """The run cards, roads and cover, read once. Raises ValueError when the county's file is wrong."""
        return load_force_rules(self.settings.run_cards)

    @cached_property
    def nearby(self) -> Nearby:
        """Where the units are, at most a second behind."""
        return Nearby(self.settings.stream, self.settings.nearby_fresh_s, self.forces.equipment)

    @cached_property
    def order_series(self) -> Series:
        """How orders are numbered, and their waiting times."""
        told = self.settings
        seconds = (told.order_ack_limit_s, told.order_ack_second_s, told.order_report_second_s)
        waits = Waits(*(timedelta(seconds=one) for one in seconds))
        return Series(told.county_short, told.order_series, waits, told.zone)

    @cached_property
    def order_templates(self) -> tuple[OrderTemplate, ...]:
        """The templates of tasks, read once. Raises ValueError when the county's file is wrong."""
        return load_templates(self.settings.order_templates)

    @cached_property
    def logins(self) -> Together[str, Viewer]:
        """Who is behind the sessions of all who ask at the same time, in one statement."""

        async def behind(tokens: list[str]) -> dict[str, Viewer]:
            async with self.database.glance() as tx:
                return await secrecy.all_logged_in(tx, tokens, self.clock.now())

        return Together(behind)

    @cached_property
    def pictures(self) -> Pictures:
        """What the screens load when they come, once for all who see the same."""
        return Pictures(lambda: self.database)

    @property
    def position_limit(self) -> timedelta:
        """The age from which a position is not offered."""
        return timedelta(seconds=self.settings.position_limit_s)


Afterwards = Callable[[], Awaitable[object]]


# Coroutines, though they wait for nothing: FastAPI would run plain functions in a thread, three a request.
# Most requests come by the short road, which asks FOUND.
async def _house(request: Request) -> House:
    return cast("House", request.app.state.house)


async def _tx(request: Request) -> Tx:
    return cast("Tx", request.state.tx)


async def _viewer(request: Request) -> Viewer:
    return cast("Viewer", request.state.viewer)


async def _after(request: Request) -> list[Afterwards]:
    return cast("list[Afterwards]", request.state.afterwards)


FOUND: Known = {
    _house: lambda request: request.app.state.house,
    _tx: lambda request: request.state.tx,
    _viewer: lambda request: request.state.viewer,
    _after: lambda request: request.state.afterwards,
}
InHouse = Annotated[House, Depends(_house)]
InTx = Annotated[Tx, Depends(_tx)]
By = Annotated[Viewer, Depends(_viewer)]
After = Annotated[list[Afterwards], Depends(_after)]
"""What a command leaves for after its commit: slow work for which the county's journal must not wait."""
