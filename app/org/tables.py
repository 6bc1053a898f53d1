"""Tables of the organisation: places, units, people, teams, devices' holders, accounts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from app.db import instant, none_yet


class Region(SQLModel, table=True):
    """A place of the administrative tree, by its 12-digit code (domain/rules B9)."""

    __tablename__ = "region"
    __table_args__ = (CheckConstraint("code ~ '^[0-9]{12}$'", name="region_code_is_12_digits"),)

    code: str = Field(primary_key=True)
    parent_code: str | None = Field(default=None, foreign_key="region.code")
    kind: str
    name_zh: str
    name_en: str
    lon: float
    lat: float
    population: int = 0


class UnitKind(SQLModel, table=True):
    """What a unit can be, as a county calls it; how many posts, how many of them full-time (A1.5)."""

    __tablename__ = "unit_kind"
    __table_args__ = (CheckConstraint("min_full_time <= min_posts", name="unit_kind_minimum_is_sane"),)

    code: str = Field(primary_key=True)
    name_zh: str
    name_en: str
    ordinal: int = 0
    min_posts: int = 0
    min_full_time: int = 0


class OrgUnit(SQLModel, table=True):
    """A unit of the command system: the centre, a township desk, a member unit, a team base.

    `business_parent_id` is its second superior (双重管理): reports go to both.
    """

    __tablename__ = "org_unit"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    kind: str
    name_zh: str
    name_en: str
    region_code: str = Field(foreign_key="region.code")
    parent_id: int | None = Field(default=None, foreign_key="org_unit.id", sa_type=BigInteger)
    business_parent_id: int | None = Field(default=None, foreign_key="org_unit.id", sa_type=BigInteger)
    active: bool = Field(default=True, sa_column_kwargs={"server_default": "true"})


class Person(SQLModel, table=True):
    """A person with a title (`post`) and telephone numbers, the first of which is tried first.

    `phone_labels` runs beside `phones`: office, mobile, home. Nobody is deleted: `active` goes.
    """

    __tablename__ = "person"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    name_zh: str
    post: str = ""
    region_code: str = Field(foreign_key="region.code")
    unit_id: int | None = Field(default=None, foreign_key="org_unit.id", sa_type=BigInteger)
    phones: list[str] = Field(default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False))
    phone_labels: list[str] = Field(
        default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False, server_default="{}")
    )
    call_sign: str = Field(default="", sa_column_kwargs={"server_default": ""})
    satellite_number: str = Field(default="", sa_column_kwargs={"server_default": ""})
    beidou_number: str = Field(default="", sa_column_kwargs={"server_default": ""})
    qualifications: list[str] = Field(
        default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False, server_default="{}")
    )
    full_time: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    active: bool = Field(default=True, sa_column_kwargs={"server_default": "true"})


class Team(SQLModel, table=True):
    """A rescue team (救援队伍). Its status is not here: it is derived from its assignments."""

    __tablename__ = "team"
    __table_args__ = (Index("team_region", "stream", "region_code"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    name_zh: str
    name_en: str
    call_sign: str
    kind: str
    region_code: str = Field(foreign_key="region.code")
    parent_id: int | None = Field(default=None, foreign_key="team.id", sa_type=BigInteger)
    unit_id: int | None = Field(default=None, foreign_key="org_unit.id", sa_type=BigInteger)
    leader_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BigInteger)
    lon: float | None = None
    lat: float | None = None
    strength: int = 0
    standby_strength: int = 0  # how many of them are on standby tonight
    speed_kmh: float = 40.0
    capabilities: list[str] = Field(default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False))
    standby: bool = False
    standby_at: datetime | None = instant(nullable=True)  # when somebody marked it so; None: the register
    dispatchable: bool = True  # a brigade's headquarters entry is counted but not sent as such
    phone: str = Field(default="", sa_column_kwargs={"server_default": ""})  # of its duty room
    # A retired team stays, and is not dispatchable. `revision` counts the changes of its entry.
    active: bool = Field(default=True, sa_column_kwargs={"server_default": "true"})
    revision: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    changed_by: str = Field(default="", sa_column_kwargs={"server_default": ""})
    changed_at: datetime | None = instant(nullable=True)


class Device(SQLModel, table=True):
    """A device in the register: which number speaks, who holds it, to which team it belongs.

    One number of one family is one device, for ever. `auth_code_hash` is the SHA-256 of the
    credential that the device proves itself with; `terminal_id` is pinned at first registration.
    `kind` is what it is (glossary: radio_370, satellite_phone …), `family` how it speaks.
    `heard_via` names the driver it was last heard through: what is meant for it leaves there.
    `test_passed` is the outcome of its last test (定期调试), None before the first.
    `credential_at`: since when it has its code, or a gateway its password; `credential_by`: who gave it that.
    """

    __tablename__ = "device"
    __table_args__ = (UniqueConstraint("family", "number", name="device_number_is_unique_in_its_family"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    family: str
    number: str
    label: str
    kind: str = Field(default="other", sa_column_kwargs={"server_default": "other"})
    printed_number: str = Field(default="", sa_column_kwargs={"server_default": ""})  # on the case
    region_code: str = Field(foreign_key="region.code")
    holder_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BigInteger)
    team_id: int | None = Field(default=None, foreign_key="team.id", sa_type=BigInteger, index=True)
    lon: float | None = None  # where a fixed device stands
    lat: float | None = None
    coverage_km: float | None = None  # of a repeater
    talk_groups: list[str] = Field(
        default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False, server_default="{}")
    )
    note: str = Field(default="", sa_column_kwargs={"server_default": ""})
    auth_code_hash: str | None = None
    credential_at: datetime | None = instant(nullable=True)
    credential_by: str = Field(default="", sa_column_kwargs={"server_default": ""})
    terminal_id: str | None = None
    active: bool = True
    facts: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    last_heard_at: datetime | None = instant(nullable=True)
    heard_via: str | None = Field(default=None, index=True)
    battery_pct: float | None = None
    signal_pct: float | None = None
    firmware: str | None = None
    health_at: datetime | None = instant(nullable=True)
    tested_at: datetime | None = instant(nullable=True)
    test_passed: bool | None = None


class UnknownDevice(SQLModel, table=True):
    """The quarantine list: numbers that spoke to us and stand in no register. Nothing is dropped silently."""

    __tablename__ = "unknown_device"

    family: str = Field(primary_key=True)
    number: str = Field(primary_key=True)
    first_heard_at: datetime = instant()
    last_heard_at: datetime = instant()
    count: int = 1
    last_frame: bytes = b""


NO_PASSWORD = "-"  # noqa: S105  is no hash: nobody logs in with it


class Account(SQLModel, table=True):
    """Somebody who may log in. `scope` is the prefix of region codes this person answers for."""

    __tablename__ = "account"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    username: str = Field(unique=True)
    password_hash: str
    name_zh: str
    role: str
    stream: str
    scope: str
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BigInteger)
    team_ids: list[int] = Field(default_factory=none_yet, sa_column=Column(ARRAY(BigInteger), nullable=False))
    active: bool = True


class LoginSession(SQLModel, table=True):
    """A browser that is logged in. Only the hash of the cookie is kept."""

    __tablename__ = "login_session"

    token_hash: str = Field(primary_key=True)
    account_id: int = Field(foreign_key="account.id", sa_type=BigInteger, index=True)
    created_at: datetime = instant()
    expires_at: datetime = instant()


class KnownBrowser(SQLModel, table=True):
    """A browser from which an account has logged in: the guesses of others do not slow it down."""

    __tablename__ = "known_browser"

    token_hash: str = Field(primary_key=True)
    account_id: int = Field(foreign_key="account.id", sa_type=BigInteger, index=True)
    expires_at: datetime = instant()


class LoginThrottle(SQLModel, table=True):
    """Failed logins by key (`user:<name>` or `address:<ip>`), so that guessing is slow on every node."""

    __tablename__ = "login_throttle"

    key: str = Field(primary_key=True)
    failures: int = 0
    last_failed_at: datetime = instant()
    blocked_until: datetime | None = instant(nullable=True)


class IdempotencyRecord(SQLModel, table=True):
    """The answer to a command that was already carried out, by account and Idempotency-Key."""

    __tablename__ = "idempotency_record"

    account_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    key: str = Field(primary_key=True)
    request_hash: str
    status: int
    body: str
    at: datetime = instant(index=True)
