"""Settings: read once at the edge, from the environment (`ZHISHOU_…`, `DATABASE_URL`) or a `.env` file."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)

from app.preflight import CannotStart


class Settings(BaseSettings):
    """One node's settings. Durations carry their unit in the name."""

    model_config = SettingsConfigDict(
        env_prefix="ZHISHOU_", env_file=".env", extra="ignore", populate_by_name=True
    )

    database_url: Annotated[str, Field(validation_alias="DATABASE_URL")] = ""
    # Who owns the tables, for `zhishou migrate`, where the service's own role does not (docs/operation.md)
    owner_database_url: str = ""
    data: Path = Path(".zhishou")
    host: str = "127.0.0.1"
    port: int = 8000
    jt808_host: str = "127.0.0.1"
    jt808_port: int = 8808
    jt808_max_links: int = Field(default=12_000, ge=1)  # connections of terminals; each costs some 10 KiB
    # family=url pairs, comma separated: rdss21=/dev/ttyUSB0@115200,rdss40=socket://10.1.2.3:4001
    # … satphone=/dev/ttyUSB1@115200,sbd=/dev/ttyUSB2@19200
    serial_links: str = ""
    satphone_country: str = "86"  # country code of numbers that are written without one
    # 370 MHz: hstrp://10.1.2.3?renew=600,hrnp:///dev/ttyUSB0 (docs/devices/hytera.md)
    hytera_links: str = ""
    talk_groups: str = ""  # names of the voice group plan: 1=全市通播组,101=临溪镇组
    # Gateways of radios and other devices: mqtts://user:password@host:8883 (docs/devices/mqtt-gateway.md)
    mqtt_url: str = ""
    mqtt_ca: Path | None = None  # PEM file that vouches for the broker, instead of the system's authorities
    mqtt_cert: Path | None = None  # who we are to the broker, where it asks for a certificate
    mqtt_key: Path | None = None
    mqtt_client_id: str = ""  # one a node, never two alike: the broker keeps its session under it
    mqtt_shared: bool = False  # several nodes: each event goes to one of them
    # Drones (docs/drones.md): the broker to which DJI docks and remote controls connect, may be the same
    dji_mqtt_url: str = ""
    mavlink_udp: str = ""  # … where MAVLink is heard, host:port; serial radios: mavlink=… in serial_links
    drone_rules: Path | None = None  # … the county's own drones.yaml
    # … where docks send their picture unless told: rtmp://10.1.2.3/live/{sn}; none given, it is asked for
    drone_stream_url: str = ""
    gateway_id: str = ""  # who `zhishou gateway` is at the broker and in the register
    # … the JT/T 808 terminals that may call it: a file of lines "number [terminal id]"; none given, none may
    gateway_terminals: Path | None = None
    stream: str = "990181"  # the county's 6-digit region code: journal stream and shard key
    zone_name: str = "Asia/Shanghai"
    demo: bool = False
    https: bool = False  # behind TLS: the session cookie is marked Secure
    # What one account may read a minute on one node, its commands ten times that; 0: no limit
    requests_per_minute: int = Field(default=3000, ge=0)
    allowed_origins: str = ""  # further origins allowed to open the WebSocket, comma separated

    dispatch_rules: Path | None = None  # the county's own ladder and steps (docs/assignments.md)
    reporting_rules: Path | None = None  # … and deadlines of reporting, 信息报送 (docs/reporting.md)
    # … and which of its profiles are switched on, comma separated; none named, those the file names
    reporting_profiles: str = ""
    # Map tiles of another house below the county's own map (docs/map-and-wall.md): http(s)://host/{z}/{x}/{y}.png
    tiles_url: str = ""
    tiles_datum: Literal["wgs84", "gcj02"] = "wgs84"  # gcj02: AMap, Tencent; our points are drawn shifted
    tiles_name: str = ""
    tiles_approval: str = ""  # 审图号, shown in the corner of the map
    position_limit_s: int = 600  # older positions are not offered
    nearby_fresh_s: float = Field(default=1.0, ge=0)  # the recommendation may be so far behind positions
    test_hours: str = "01:00-05:00"  # when devices are tested by themselves (domain/roster_rules R18)
    key_periods: Path | None = None  # the county's own key_periods.yaml (app/duty/roster)
    readiness_rules: Path | None = None  # … and readiness_rules.yaml (app/duty/standby)
    checklists: Path | None = None  # … and checklists.yaml, 八有/五有 (app/duty/checklist)
    spot_check_scoring: Path | None = None  # the county's own deductions and limits (docs/spot-checks.md)
    # The road service: http://10.1.2.3:5000 (docs/recommendation.md); none given, times are estimates
    router_url: str = ""
    router_kind: Literal["osrm", "valhalla"] = "osrm"
    router_wait_ms: int = Field(default=300, ge=0, le=2_000)  # a recommendation waits so long for it at most
    # The media server of live pictures (docs/video.md): its API, http://10.1.2.3:9997; none given: none
    media_url: str = ""
    media_kind: Literal["mediamtx", "zlmediakit"] = "mediamtx"
    media_webrtc_url: str = ""  # MediaMTX: where WHEP is; empty: the same machine, port 8889
    media_hls_url: str = ""  # … and HLS; empty: port 8888
    media_user: str = ""  # who we are to its API
    media_password: SecretStr = SecretStr("")  # … ZLMediaKit: its secret
    # LiveKit for meetings of more than six (docs/meetings.md): wss://10.1.2.3:7880 as browsers find it
    livekit_url: str = ""
    livekit_api_url: str = ""  # … as this process finds it; empty: the same
    livekit_api_key: str = ""
    livekit_api_secret: SecretStr = SecretStr("")
    run_cards: Path | None = None  # … and run_cards.yaml, 出动卡 (app/dispatch/recommendation)
    supplies: Path | None = None  # the county's own supplies.yaml: adequacy and expiry (docs/supplies.md)
    contact_rules: Path | None = None  # the county's own contact.yaml (docs/out-of-contact.md)
    # What outside is asked whether the centre has the public network: host:port,host:port; empty: nobody
    network_probes: str = ""
    paper_folder: Path | None = None  # where the hourly sheets go; None: `paper` in the data folder
    paper_keep_hours: int = Field(default=72, ge=1, le=24 * 366)
    print_fonts: str = ""  # folder of fonts for print, instead of the system's
    attachment_limit_mb: int = Field(default=20, ge=1, le=100)  # one photo, recording or document
    session_hours: int = 12
    break_glass_hours: int = Field(default=4, ge=1, le=12)  # how long the sealed emergency login holds
    second_factor_roles: str = ""  # role,role: who must set one up (docs/security.md); empty: nobody
    # The county's identity provider (docs/security.md): https://… as it names itself; empty: passwords only
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_redirect_url: str = ""  # the whole address of our login page, as the provider has it registered
    oidc_claim: str = "preferred_username"  # … of its proof names the account
    oidc_scope: str = "openid profile"
    oidc_name: str = "统一身份认证"  # on the button
    oidc_ca: Path | None = None  # PEM file that vouches for it, beside the system's
    phone_days: int = Field(default=30, ge=1, le=365)  # how long a phone let in by a link stays logged in
    county_short: str = "樟"  # numbers of orders: 樟应指令〔2025〕3号 …
    order_series: str = "应指令"  # … the county's short name and the name of the series
    order_ack_limit_s: int = Field(default=180, ge=1)  # receipt of an order (domain/rules B6: 3 min)
    order_ack_second_s: int = Field(default=420, ge=1)  # … then the second supervision, to the unit's head
    order_report_second_s: int = Field(default=3600, ge=1)  # report overdue: from the first to the second
    order_templates: Path | None = None  # the county's own templates of tasks (docs/orders.md)
    report_number_prefix: str = "樟应信"  # numbers of written reports: 樟应信初〔2025〕3号 (docs/reports.md)
    report_templates: Path | None = (
        None  # … the county's own folder with initial.txt, followup.txt, final.txt
    )
    document_templates: Path | None = (
        None  # the county's own folder of document templates (docs/documents.md)
    )
    # Emergency broadcast (docs/broadcast.md): our EBRID of 23 digits, and the folder of our texts
    broadcast_resource_code: str = ""
    broadcast_templates: Path | None = None
    # Reports to and from other systems (docs/reports.md): a file of lines "key = secret", or pairs key=secret
    exchange_keys_file: Path | None = None
    exchange_keys: SecretStr = SecretStr("")
    exchange_ca: Path | None = (
        None  # PEM file that vouches for peers and the mail server, beside the system's
    )
    exchange_alarm_s: int = Field(default=600, ge=30, le=86_400)  # not delivered by then: somebody phones
    mail_host: str = ""  # the county's mail server, for addressees with a mail box; none: no mail is sent
    mail_port: int = Field(default=587, ge=1, le=65_535)
    mail_security: Literal["none", "starttls", "tls"] = "starttls"
    mail_user: str = ""
    mail_password: SecretStr = SecretStr("")
    mail_from: str = ""  # the sender's address
    # The wire to emergency broadcast platforms (docs/broadcast-wire.md): lines "name = key certificate", hex
    broadcast_keys_file: Path | None = None
    broadcast_url: str = (
        ""  # where platforms reach us, told in every packet: http://10.1.2.3:8000/EB/ebdsvc.html
    )
    broadcast_keep_days: int = Field(
        default=200, ge=30, le=3_650
    )  # packets, byte by byte (GD/J 088: 6 months)
    broadcast_voice: Literal["auto", "off"] = "auto"  # speech from text by espeak-ng, where it is installed
    # How the journal goes on being chained, and what signs its daily anchor (docs/operation.md)
    journal_hash: Literal["sha256", "sm3"] = "sha256"
    anchor_signature: Literal["sm2", "ed25519"] = "sm2"
    # One line of hex (`zhishou anchor-key`)
    anchor_key_file: Path | None = None
    # How old passwords and keys may be before the doctor says so; 0: he never does. And where the days stand
    # on which gateways got theirs, kept by `prepare.sh`: lines "name TAB 2026-11-28T09:30:00Z TAB who"
    credentials_max_days: int = Field(default=365, ge=0)
    gateway_credentials: Path | None = None
    # Traces (docs/operation.md): http://host:4318/v1/traces, and which share of them; empty: none are made
    traces_url: str = ""
    traces_share: float = Field(default=1.0, ge=0, le=1)
    # Told every minute while the watch is well: https://host/path, e.g. of a dead man's switch; empty: nobody
    sign_of_life_url: str = ""
    # Backups (docs/operation.md): where to, for whose keys (age1…,age1…), and how many are kept; 0: all
    backup_folder: Path | None = None
    backup_recipients: str = ""
    backup_keep: int = Field(default=30, ge=0)
    # Increments and the log (`zhishou backup --increment`, `zhishou wal`): a new base after so many days, so
    # many bases kept (0 keeps all), and a login that may replicate where the service's own may not
    backup_base_days: int = Field(default=7, ge=1)
    backup_bases: int = Field(default=3, ge=0)
    backup_database_url: str = ""
    wal_archived: bool = False  # the database archives its WAL (docs/operation.md): the doctor says if not
    # The history of positions: days in the database (0: for ever), and where older ones go; None: dropped
    positions_keep_days: int = Field(default=180, ge=0, le=36_500)
    positions_archive: Path | None = None
    log_number_prefix: str = "樟应值"  # numbers of the duty log: 樟应值〔2025〕第 183 号
    transfer_number_prefix: str = "樟应调"  # numbers of transfer orders: 樟应调〔2025〕第 3 号
    log_json: bool = True
    # Told to stop, a node among several stays so long, not ready any more, and sends its screens on
    # (docs/deployment.md); 0: it stops at once
    leave_s: float = Field(default=0, ge=0, le=300)
    # A folder of files, each named like a setting (database_url, zhishou_mail_password) and holding its value
    secrets_folder: Path | None = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read files of secrets last: what the environment says comes first. Raises CannotStart."""
        folder = os.environ.get("ZHISHOU_SECRETS_FOLDER", "")
        if folder and not Path(folder).is_dir():
            raise CannotStart(
                f"ZHISHOU_SECRETS_FOLDER:没有目录 {folder}\nZHISHOU_SECRETS_FOLDER: no such folder: {folder}"
            )
        secrets = SecretsSettingsSource(settings_cls, secrets_dir=folder) if folder else file_secret_settings
        return init_settings, env_settings, dotenv_settings, secrets

    @cached_property
    def zone(self) -> ZoneInfo:
        """The county's time zone, used only at the edges."""
        return ZoneInfo(self.zone_name)
