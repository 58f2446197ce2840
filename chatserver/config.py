"""One frozen settings object, read once. Each field is documented; the manual is made from it."""

import dataclasses
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PREFIX = "CHATSERVER_"


class BadSettings(Exception):
    """A setting is unknown or wrong; the message says which and why."""


def setting(default: Any, doc: str, *, shown: bool = True) -> Any:
    """`shown`: whether the value may stand where settings are printed."""
    return dataclasses.field(default=default, metadata={"doc": doc}, repr=shown)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set, by `CHATSERVER_NAME` in the environment or in a file."""

    host: str = setting("127.0.0.1", "Address to listen on.")
    port: int = setting(8000, "Port to listen on.")
    public_url: str = setting(
        "", "Where browsers reach the service, without a path. Empty: http://HOST:PORT."
    )
    widget_url: str = setting(
        "", "Origin that serves the widget's loader and frame. Empty: PUBLIC_URL."
    )
    console_url: str = setting("", "Origin that serves the agents' console. Empty: PUBLIC_URL.")
    uploads_url: str = setting(
        "", "Origin that serves uploaded files; better one without cookies. Empty: PUBLIC_URL."
    )
    data_dir: str = setting(
        "./data", "Folder of the embedded database, the secret key and the uploaded files."
    )
    database_url: str = setting(
        "", "sqlite:///PATH or postgresql://USER@HOST/NAME. Empty: a SQLite file in DATA_DIR."
    )
    disk_warn_mb: int = setting(
        500, "Free megabytes of the data's disk below which owners are warned; 0: never."
    )
    database_connections: int = setting(
        10,
        "Connections of one process to PostgreSQL, at least 2. Those of all nodes together, and one"
        " for each command that runs beside them, must be fewer than its max_connections.",
    )
    redis_url: str = setting(
        "",
        "redis://, rediss:// or unix:// address of the Redis that several nodes share, with a"
        " DATABASE_URL and a SECRET_KEY that they share too. Empty: one process.",
        shown=False,
    )
    redis_prefix: str = setting(
        "chatserver", "Begins every key and channel: installations that share a Redis differ here."
    )
    secret_key: str = setting(
        "",
        "Signs tickets; 32 characters at least. To rotate it, put the new one, then a comma,"
        " before the old one. Empty: made once and kept in DATA_DIR.",
    )
    backup_dir: str = setting(
        "", "Folder into which the running service writes backups. Empty: it makes none."
    )
    backup_hours: int = setting(24, "Hours between two of them; 0: only on SIGUSR1.")
    backup_keep: int = setting(7, "How many of the newest are kept there; 0: all.")
    log_level: str = setting("info", "debug, info, warning or error.")
    log_format: str = setting("auto", "json, console, or auto: console on a terminal.")
    metrics_port: int = setting(
        0, "Port that answers /metrics and nothing else, on METRICS_HOST; 0: none."
    )
    metrics_host: str = setting("127.0.0.1", "Address of that port.")
    metrics_token: str = setting(
        "",
        "Bearer token of /metrics, 16 characters at least; with one, PORT answers it too. Empty:"
        " only METRICS_PORT does, and asks for none.",
        shown=False,
    )
    sentry_dsn: str = setting(
        "", "Sentry that gets errors, without words; needs chatserver[sentry].", shown=False
    )
    otlp_url: str = setting(
        "", "OpenTelemetry collector's /v1/traces that gets requests; needs chatserver[otel]."
    )
    demo_password: str = setting("", "Password of the demo sign-ins. Empty: random, printed.")
    session_idle_hours: int = setting(12, "Hours after which an idle agent must sign in again.")
    visitor_token_days: int = setting(30, "Days a visitor is remembered after the last visit.")
    visitor_token_rotate_hours: int = setting(
        24, "Age in hours at which a visitor's token is replaced by a new one."
    )
    identity_seconds: int = setting(
        300, "How far ahead the end of an identity token may be that a site signs for its visitor."
    )
    visitor_attributes: int = setting(50, "Attributes that a page may give a visitor; 0: none.")
    visitor_attribute_bytes: int = setting(
        4096, "Bytes of all attributes of a visitor together, as JSON."
    )
    frame_ticket_seconds: int = setting(300, "Life of the ticket baked into the widget's frame.")
    agent_ticket_seconds: int = setting(30, "Life of the single-use ticket that opens a socket.")
    invitation_hours: int = setting(72, "Life of an invitation link.")
    reopen_hours: int = setting(24, "Hours in which a closed chat reopens when the visitor writes.")
    idle_close_hours: int = setting(
        24, "Hours without a message after which a chat closes by itself; 0: never."
    )
    rating_hours: int = setting(
        24, "Hours after its close in which a chat can be rated, and a rating changed."
    )
    text_chars: int = setting(4000, "Longest message, in characters.")
    visitor_frame_bytes: int = setting(16384, "Largest frame a visitor may send.")
    agent_frame_bytes: int = setting(65536, "Largest frame an agent may send.")
    body_bytes: int = setting(262144, "Largest HTTP request body.")
    greeting_minute: int = setting(
        30, "Reports of what happened to greetings that one address may send in a minute."
    )
    site_check_private: int = setting(
        0, "1: a site check also fetches pages at private addresses, for development."
    )
    site_check_seconds: float = setting(10.0, "Longest time a site check waits for the page.")
    site_check_bytes: int = setting(2_000_000, "Bytes of the page that a site check reads.")
    site_check_minute: int = setting(20, "Site checks of one workspace in a minute.")
    picture_minute: int = setting(
        20, "Photos and pictures of sites that one agent may upload in a minute; 0: any."
    )
    agent_photo_bytes: int = setting(
        8 * 1024 * 1024, "Largest photo that an agent may bring; it is kept small."
    )
    site_picture_bytes: int = setting(
        8 * 1024 * 1024, "Largest picture that is taken for a site's widget; it is kept small."
    )
    site_pictures: int = setting(50, "Pictures that a site's widget may have.")
    widget_settings_bytes: int = setting(
        65536, "Longest JSON of all settings of a site's widget: looks, launcher, greetings, texts."
    )
    visitor_rate: float = setting(1.0, "Messages a visitor may send per second, on average.")
    visitor_burst: int = setting(10, "Messages a visitor may send at once.")
    agent_rate: float = setting(5.0, "Messages an agent may send per second, on average.")
    agent_burst: int = setting(30, "Messages an agent may send at once.")
    hello_seconds: float = setting(10.0, "Time a new socket has for its first frame.")
    ping_seconds: float = setting(25.0, "Interval of the server's pings.")
    pong_seconds: float = setting(10.0, "Time a client has to answer a ping.")
    slow_seconds: float = setting(
        30.0, "Time a client may take nothing, or too little to keep up, before it is sent away."
    )
    unseen_seconds: float = setting(
        60.0, "Time in which a client that was sent something must say that it has seen more."
    )
    signal_seconds: float = setting(
        0.25, "Time after which typing and the like are left out for a connection that is full."
    )
    outbox_frames: int = setting(64, "Frames that may wait for a slow connection.")
    outbox_bytes: int = setting(262144, "Bytes that may wait for a slow connection.")
    expiring_seconds: float = setting(
        60.0,
        "Time before the end of a visitor's token or an agent's session that clients are told.",
    )
    draft_chars: int = setting(500, "Characters of an unsent message that agents see, at its end.")
    pending_requests: int = setting(10, "Requests of one connection that may wait for a reply.")
    connections_per_visitor: int = setting(5, "Open tabs of one visitor.")
    connections_per_agent: int = setting(10, "Open consoles of one agent.")
    arrivals_at_once: int = setting(
        128, "Visitors who are being let in at a time, and agents; others wait for their turn."
    )
    arrival_wait_seconds: float = setting(
        3.0, "Longest wait for that; who would wait longer is told when to come back."
    )
    connections_per_node: int = setting(20000, "Sockets one process accepts.")
    connections_per_address: int = setting(2000, "Sockets of one address before authentication.")
    sign_in_attempts: int = setting(
        10, "Failed sign-ins per account and address at once; they come back over 15 minutes."
    )
    tail_seconds: float = setting(3.0, "Interval at which the log is read for missed hints.")
    drain_seconds: float = setting(30.0, "Longest time clients are given to move on at shutdown.")
    trusted_proxies: str = setting(
        "", "Addresses of proxies whose X-Forwarded-For is believed, separated by commas."
    )

    upload_bytes: int = setting(20 * 1024 * 1024, "Largest file that is taken.")
    upload_files: int = setting(10, "Most files of a message; 0: no files are taken.")
    upload_types: str = setting(
        ".png .jpg .jpeg .gif .webp .pdf .txt .log .csv .md .docx .xlsx .pptx .odt .ods .odp .doc"
        " .xls .ppt .zip .mp3 .m4a .wav .ogg .mp4 .mov .webm",
        "Endings of the files that are taken. The content must be what the ending says.",
    )
    upload_pixels: int = setting(
        16_000_000, "Largest picture, in pixels; a JPEG may have 8 times as many, a WebP half."
    )
    upload_minute: int = setting(60, "Files one visitor or agent may upload in a minute; 0: any.")
    upload_visitor_day: int = setting(200, "Files one visitor may upload in 24 hours; 0: no limit.")
    upload_visitor_day_bytes: int = setting(
        200 * 1024 * 1024, "Bytes one visitor may upload in 24 hours; 0: no limit."
    )
    upload_workspace_bytes: int = setting(
        20 * 1024**3, "Bytes of all files of a workspace; 0: no limit."
    )
    upload_spare_bytes: int = setting(
        512 * 1024 * 1024, "Room on the disk that uploads leave to the database."
    )
    upload_seconds: float = setting(600.0, "Longest time an upload may take.")
    upload_link_seconds: int = setting(
        600, "Life of a link to a file, which may be up to five minutes longer."
    )
    upload_orphan_hours: int = setting(
        24, "Hours after which a file that was never sent is deleted."
    )

    mail_from: str = setting(
        "", "Sender of mails, as chat@example.com or Shop <chat@example.com>. Empty: no mail."
    )
    smtp_host: str = setting("", "Mail server that takes our mails. Empty: no mail.")
    smtp_port: int = setting(587, "Port of the mail server; 465 is usual with tls.")
    smtp_security: str = setting(
        "starttls", "starttls, tls (from the first byte), or none: only for a server nearby."
    )
    smtp_user: str = setting("", "Account at the mail server. Empty: it asks for none.")
    smtp_password: str = setting("", "Password of that account.", shown=False)
    smtp_ca_file: str = setting(
        "", "PEM file of authorities to believe the mail server by. Empty: the system's."
    )
    smtp_seconds: float = setting(30.0, "Longest wait for an answer of the mail server.")
    absent_mail_seconds: int = setting(
        120,
        "Seconds without a connection after which a visitor is mailed what was answered; 0: never.",
    )
    transcript_mails_hour: int = setting(
        5, "Transcripts that a visitor may have mailed in an hour, on average."
    )
    resume_link_days: int = setting(7, "Days for which the link of such a mail leads back.")
    mail_recipient_hour: int = setting(
        10, "Mails to one address in an hour, by one workspace; 0: no limit."
    )
    mail_workspace_hour: int = setting(300, "Mails of one workspace in an hour; 0: no limit.")

    @property
    def public_origin(self) -> str:
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"

    @property
    def widget_origin(self) -> str:
        return self.widget_url.rstrip("/") or self.public_origin

    @property
    def console_origin(self) -> str:
        return self.console_url.rstrip("/") or self.public_origin

    @property
    def uploads_origin(self) -> str:
        return self.uploads_url.rstrip("/") or self.public_origin

    @property
    def upload_endings(self) -> list[str]:
        return list(dict.fromkeys(self.upload_types.lower().replace(",", " ").split()))

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{Path(self.data_dir).resolve() / 'chat.db'}"

    @property
    def is_https(self) -> bool:
        return self.console_origin.startswith("https://")


def load_settings(
    environ: Mapping[str, str] | None = None, file: str | None = None, **overrides: Any
) -> Settings:
    """Defaults, then the file, then the environment, then `overrides`. Raises BadSettings.

    The file is `file`, else CHATSERVER_CONFIG, else none. Unknown names are refused.
    """
    environ = os.environ if environ is None else environ
    path = file or environ.get(f"{PREFIX}CONFIG")
    values = _from_file(path) if path else {}
    for name, text in environ.items():
        if name.startswith(PREFIX) and not name.startswith(RESERVED):
            values[name.removeprefix(PREFIX).lower()] = text
    values.update({name: value for name, value in overrides.items() if value is not None})
    settings = Settings(**{name: _convert(name, value) for name, value in values.items()})
    _check(settings)
    _check_nodes(settings)
    _check_mail(settings)
    return settings


# Read by the build and the tests, or naming the file itself.
RESERVED = tuple(f"{PREFIX}{name}" for name in ("CONFIG", "FRONTEND", "TEST_"))


def _from_file(path: str) -> dict[str, Any]:
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise BadSettings(f"cannot read {path}: {error}") from error


def _convert(name: str, value: Any) -> Any:
    known = {field.name: field for field in dataclasses.fields(Settings)}
    if name not in known:
        raise BadSettings(f"there is no setting {name!r}; see docs/settings.md")
    kind: type[Any] = type(known[name].default)
    try:
        return kind(value)
    except (TypeError, ValueError) as error:
        raise BadSettings(f"{PREFIX}{name.upper()}: {value!r} is not a {kind.__name__}") from error


def _check(settings: Settings) -> None:
    keys = settings.secret_key.split(",") if settings.secret_key else []
    if any(len(key.strip()) < 32 for key in keys):
        raise BadSettings(f"{PREFIX}SECRET_KEY needs 32 characters; empty: one is made")
    if settings.database_connections < 2:
        raise BadSettings(f"{PREFIX}DATABASE_CONNECTIONS must be 2 at least")
    if 0 < len(settings.metrics_token) < 16:
        raise BadSettings(f"{PREFIX}METRICS_TOKEN needs 16 characters; empty: none")
    for name in ("public_url", "widget_url", "console_url", "uploads_url"):
        url = getattr(settings, name)
        parts = urlsplit(url)
        if url and (parts.scheme not in ("http", "https") or parts.path.strip("/")):
            raise BadSettings(f"{PREFIX}{name.upper()} must look like https://chat.example.com")
    for field in dataclasses.fields(Settings):
        value = getattr(settings, field.name)
        if isinstance(value, int | float) and value < 0:
            raise BadSettings(f"{PREFIX}{field.name.upper()} must not be negative")


def _check_nodes(settings: Settings) -> None:
    """What each node would otherwise make for itself would be another one on each."""
    if not settings.redis_url:
        return
    if urlsplit(settings.redis_url).scheme not in ("redis", "rediss", "unix"):
        raise BadSettings(f"{PREFIX}REDIS_URL must begin with redis://, rediss:// or unix://")
    if settings.database.startswith("sqlite"):
        raise BadSettings(f"{PREFIX}REDIS_URL: several nodes need one {PREFIX}DATABASE_URL")
    if not settings.secret_key:
        raise BadSettings(f"{PREFIX}REDIS_URL: several nodes need one {PREFIX}SECRET_KEY")
    if not re.fullmatch(r"[\w.:-]{1,64}", settings.redis_prefix, re.ASCII):
        raise BadSettings(f"{PREFIX}REDIS_PREFIX: letters, digits and . : - _ only, at most 64")


def _check_mail(settings: Settings) -> None:
    """Half of it would queue mails that never leave."""
    if bool(settings.smtp_host) != bool(settings.mail_from):
        raise BadSettings(f"{PREFIX}SMTP_HOST and {PREFIX}MAIL_FROM belong together")
    if settings.smtp_security not in ("starttls", "tls", "none"):
        raise BadSettings(f"{PREFIX}SMTP_SECURITY must be starttls, tls or none")
    if bool(settings.smtp_user) != bool(settings.smtp_password):
        raise BadSettings(f"{PREFIX}SMTP_USER and {PREFIX}SMTP_PASSWORD belong together")
    if settings.smtp_user and settings.smtp_security == "none":
        raise BadSettings(f"{PREFIX}SMTP_SECURITY none would send the password in the clear")
    if settings.mail_from and not _is_sender(settings.mail_from):
        raise BadSettings(f"{PREFIX}MAIL_FROM must look like Shop <chat@example.com>")


def _is_sender(text: str) -> bool:
    _, address = parseaddr(text)
    return text.isprintable() and re.fullmatch(r"[!-~]+@[A-Za-z0-9.-]+", address) is not None
