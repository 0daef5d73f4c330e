"""What the environment says (docs/architecture.md, "Surfaces"): read once at the start, and refused by name
where it is odd.

Reading has no side effects: no directory or file is made, and no server is asked. Secrets may come as files
(`secret_files`).
"""

import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from syncer.core.hosts import is_loopback
from syncer.infra.settings.alerts import AlertOptions
from syncer.infra.settings.login import DashboardOptions
from syncer.infra.settings.secret_files import with_files
from syncer.infra.settings.urls import split

SECRETS = (
    "DATABASE_URL",
    "REDIS_URL",
    "SYNC_SECRET_KEY",
    "SMTP_URL",
    "ALERT_WEBHOOK_URL",
    "LOGIN_CLIENT_SECRET",
    "METRICS_TOKEN",
)
"""Settings that may hold a password. Each may come as a file instead, named by the same name and
``_FILE``."""
MAY_BE_EMPTY = ("SMTP_URL", "ALERT_WEBHOOK_URL", "LOGIN_CLIENT_SECRET", "METRICS_TOKEN")
"""Those of them that may be left out without meaning anything else."""
CALLBACK_PATH = "/clients/integrations/salesforce/oauth2"
_LONGEST_INTERVAL = 86_400
_HOST = re.compile(r"(?P<host>\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)(:(?P<port>\d{1,5}))?")


class BadSettings(Exception):
    """Settings with which the program cannot work. ``problems`` holds a sentence for each, naming the setting
    and what to do."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """The environment, checked. What may hold a password stays out of ``repr``.

    ``redis_url`` None stands for the embedded Redis; ``secret_keys`` empty for the key file under
    ``data_dir``. ``allowed_salesforce_hosts`` are ``host`` or ``host:port``, in lower case.
    ``log_retention_days``: how long log entries, and runs without any, are kept. ``lease_seconds``: how long
    a run that is not heard of keeps others from running. A call to a system ends after ``call_seconds``, and
    at a reply above ``reply_megabytes``. ``interval_seconds`` replaces the interval of the configuration in
    force (for trials).
    """

    data_dir: Path
    database_url: str = field(repr=False)
    redis_url: str | None = field(default=None, repr=False)
    secret_keys: tuple[str, ...] = field(default=(), repr=False)
    public_url: str = "http://localhost:8501"
    allowed_salesforce_hosts: frozenset[str] = frozenset()
    log_retention_days: int = 180
    lease_seconds: int = 60
    call_seconds: int = 300
    reply_megabytes: int = 64
    interval_seconds: int | None = None
    alerts: AlertOptions = field(default_factory=AlertOptions)
    dashboard: DashboardOptions = field(default_factory=DashboardOptions)

    @property
    def callback_url(self) -> str:
        """Where Salesforce sends a person back to after the sign-in."""
        return self.public_url + CALLBACK_PATH

    @property
    def key_file(self) -> Path:
        """Where the key is kept when `SYNC_SECRET_KEY` is not set."""
        return self.data_dir / "secret.key"

    @property
    def shared_database(self) -> bool:
        """Whether the database is a server's, which processes on several machines may use at once, and not a
        file of this machine."""
        return not self.database_url.startswith("sqlite")

    @property
    def database_setting(self) -> str:
        """The setting that says where the database is: `DATA_DIR` for the file that is there by default."""
        return "DATA_DIR" if self.database_url == _own_file(self.data_dir) else "DATABASE_URL"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """The settings that ``environment`` asks for; an empty variable counts as absent. Raises
        `BadSettings` with all problems at once."""
        problems: list[str] = []
        given = with_files(environment, SECRETS, MAY_BE_EMPTY, problems)
        _bundle(given.get("REQUESTS_CA_BUNDLE"), problems)
        data_dir = _data_dir(given.get("DATA_DIR", "data"), problems)

        def number(name: str, bounds: tuple[int, int], default: int, what: str) -> int:
            return _number(name, given.get(name), bounds, default, what, problems)

        settings = cls(
            data_dir=data_dir,
            database_url=_database(given.get("DATABASE_URL"), data_dir, problems),
            redis_url=_redis(given.get("REDIS_URL"), problems),
            secret_keys=_keys(given.get("SYNC_SECRET_KEY", ""), problems),
            public_url=_public_url(given.get("PUBLIC_URL", cls.public_url), problems),
            allowed_salesforce_hosts=_hosts(given.get("ALLOWED_SALESFORCE_HOSTS", ""), problems),
            log_retention_days=number("LOG_RETENTION_DAYS", (1, 36_500), cls.log_retention_days, "days"),
            # Requests give up sooner than the default: a shorter life is for trials.
            lease_seconds=number("LEASE_SECONDS", (3, 3600), cls.lease_seconds, "seconds"),
            call_seconds=number("CALL_SECONDS", (10, 3600), cls.call_seconds, "seconds"),
            reply_megabytes=number("REPLY_MEGABYTES", (1, 2048), cls.reply_megabytes, "megabytes"),
            interval_seconds=_interval(given.get("SYNC_INTERVAL_SECONDS"), problems),
            alerts=AlertOptions.read(given, problems),
            dashboard=DashboardOptions.read(given, given.get("PUBLIC_URL", cls.public_url), problems),
        )
        if problems:
            raise BadSettings(problems)
        return settings


def _data_dir(text: str, problems: list[str]) -> Path:
    path = Path(text).expanduser().absolute()
    if path.exists() and not path.is_dir():
        problems.append(
            f"DATA_DIR: “{text}” is a file. Give the path of a folder that this program may write to."
        )
    try:
        text.encode()
    except UnicodeEncodeError:  # bytes in another encoding: no address could name it
        problems.append("DATA_DIR: The folder's name is no text in UTF-8. Give another folder, or rename it.")
        return Path("data").absolute()
    return path


def _bundle(text: str | None, problems: list[str]) -> None:
    # requests reads it; a wrong path would only be noticed at the first call, by an error without a name.
    if text is None:
        return
    place = Path(text)
    try:
        if not place.is_dir():
            ssl.create_default_context(cafile=place)
        return
    except ssl.SSLError:
        problem = "holds no certificate"
    except OSError:
        problem = "cannot be read" if place.exists() else "is not there"
    problems.append(
        f"REQUESTS_CA_BUNDLE: “{text}” {problem}. Give the path of a file with certificates to trust (PEM),"
        " or leave it out."
    )


def _database(text: str | None, data_dir: Path, problems: list[str]) -> str:
    if text is None:
        return _own_file(data_dir)
    allowed = (
        "Give postgresql://user:password@host/name, or sqlite:///path/to/file, or leave it out for a file in"
        " DATA_DIR."
    )
    try:
        # The short form is what several hosting companies hand out.
        address = make_url(re.sub(r"^postgres://", "postgresql://", text))
    except (ArgumentError, ValueError):
        problems.append(f"DATABASE_URL: This is not the address of a database. {allowed}")
        return ""
    if address.get_backend_name() not in ("sqlite", "postgresql"):
        problems.append(
            f"DATABASE_URL: “{address.get_backend_name()}” is not a database that this program works with."
            f" {allowed}"
        )
    elif address.get_backend_name() == "sqlite" and (address.database or ":memory:") == ":memory:":
        problems.append(f"DATABASE_URL: A database in memory would forget everything. {allowed}")
    elif address.get_backend_name() == "postgresql" and not address.database:
        problems.append(f"DATABASE_URL: The name of the database is missing. {allowed}")
    return address.render_as_string(hide_password=False)


def _own_file(data_dir: Path) -> str:
    # Not put together by hand: a folder's name may hold signs of an address.
    address = URL.create("sqlite", database=str(data_dir / "sync.sqlite3"))
    return address.render_as_string(hide_password=False)


def _redis(text: str | None, problems: list[str]) -> str | None:
    if text is None:
        return None
    parts = split(text)
    if (
        parts is None
        or parts.scheme not in ("redis", "rediss", "unix")
        or not (parts.path if parts.scheme == "unix" else parts.hostname)
    ):
        problems.append(
            "REDIS_URL: Give redis://host:port/number, rediss://… or unix:///path, or leave it out for the"
            " embedded Redis."
        )
    return text


def _keys(text: str, problems: list[str]) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in text.split(",") if key.strip())
    if text and not keys:
        problems.append("SYNC_SECRET_KEY: There is no key in it. Give one, or leave it out.")
    for at, key in enumerate(keys, 1):
        try:
            Fernet(key)
        except ValueError:
            problems.append(
                f"SYNC_SECRET_KEY: Key {at} of {len(keys)} is not a key. A key is 32 bytes in URL-safe base64"
                ' (44 characters), as made by python -c "from cryptography.fernet import Fernet;'
                ' print(Fernet.generate_key().decode())". Several are separated by commas; the first'
                " encrypts."
            )
    return keys


def _public_url(text: str, problems: list[str]) -> str:
    parts = split(text)
    if (
        parts is None
        or parts.scheme not in ("http", "https")
        or not parts.hostname
        or parts.query
        or parts.fragment
        or parts.username
    ):
        problems.append(
            "PUBLIC_URL: Give the dashboard's address as https://host or https://host/path, or"
            " http://localhost:8501."
        )
    elif parts.scheme == "http" and not is_loopback(parts.hostname):
        problems.append(
            "PUBLIC_URL: Plain http is allowed for this machine itself only (http://localhost:8501). Give an"
            " address with https://."
        )
    return text.rstrip("/")


def _hosts(text: str, problems: list[str]) -> frozenset[str]:
    hosts = {host.strip().lower() for host in text.split(",") if host.strip()}
    for host in sorted(hosts):
        found = _HOST.fullmatch(host)
        if not found or not 0 < int(found["port"] or 1) < 65536:
            problems.append(
                f"ALLOWED_SALESFORCE_HOSTS: “{host}” is not a host. Give host or host:port, several separated"
                " by commas."
            )
    return frozenset(hosts)


def _number(
    name: str, text: str | None, bounds: tuple[int, int], default: int, what: str, problems: list[str]
) -> int:
    """The whole number that ``text`` gives within ``bounds``; ``what`` says what it counts."""
    if text is None:
        return default
    least, most = bounds
    if not re.fullmatch(r"[0-9]{1,6}", text) or not least <= int(text) <= most:
        problems.append(
            f"{name}: “{text}” is not a whole number of {what} from {least} to {most}. Leave it out for"
            f" {default}."
        )
        return default
    return int(text)


def _interval(text: str | None, problems: list[str]) -> int | None:
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,6}", text) or not 1 <= int(text) <= _LONGEST_INTERVAL:
        wanted = (
            f"a whole number of seconds from 1 to {_LONGEST_INTERVAL}. Leave it out to use interval_minutes."
        )
        problems.append(f"SYNC_INTERVAL_SECONDS: “{text}” is not {wanted}")
        return None
    return int(text)
