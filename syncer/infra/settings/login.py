"""Who may come into the dashboard: the part of the environment that says it, refused by name where it is odd
(see `syncer.infra.settings.environment`)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from syncer.core.hosts import is_loopback
from syncer.core.permissions import Role
from syncer.infra.settings.urls import split

_ROLES = {"LOGIN_ADMINS": Role.ADMIN, "LOGIN_ANALYSTS": Role.ANALYST, "LOGIN_VIEWERS": Role.VIEWER}
_NEEDED = ("LOGIN_ISSUER", "LOGIN_CLIENT_ID", "LOGIN_CLIENT_SECRET")
_SHORTEST_TOKEN = 16
_WHO = re.compile(r"([^\s@<>,;:\"()\[\]\\]+)?@[a-z0-9]([a-z0-9.-]*[a-z0-9])?")


_MICROSOFT, _EVERYBODY = "login.microsoftonline.com", ("common", "organizations", "consumers")
"""Where Microsoft's issuers are, and those of them that admit everybody."""


@dataclass(frozen=True, slots=True)
class Login:
    """Sign-in by OpenID Connect. ``roles``: e-mail address, or ``@domain`` for everybody of it, in lower
    case, and the role. ``emails_verified``: the issuer gives people their addresses, so that it need not say
    of each that it was verified."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    roles: Mapping[str, Role]
    emails_verified: bool = False

    @property
    def metadata_url(self) -> str:
        """Where the issuer says how to sign in (OpenID Connect Discovery 1.0, section 4)."""
        return f"{self.issuer}/.well-known/openid-configuration"

    def role_of(self, email: str) -> Role | None:
        """The role of whoever signed in under this address: what is said of the address itself counts before
        its domain; None: may not come in."""
        whole = email.strip().lower()
        name, _, domain = whole.rpartition("@")
        return (self.roles.get(whole) or self.roles.get(f"@{domain}")) if name else None


@dataclass(frozen=True)
class DashboardOptions:
    """How the dashboard is served. ``login`` None: nobody signs in; then it listens on this machine only,
    unless ``open_to_all`` says aloud that something in front of it (a proxy) guards it. ``metrics_token``:
    what whoever reads the numbers for operators must name; empty for none."""

    host: str = "127.0.0.1"
    port: int = 8501
    open_to_all: bool = False
    login: Login | None = None
    metrics_token: str = field(default="", repr=False)

    @classmethod
    def read(cls, given: Mapping[str, str], public_url: str, problems: list[str]) -> "DashboardOptions":
        """The options that the (stripped, non-empty) variables of ``given`` ask for; what is odd is added to
        ``problems``."""
        options = cls(
            host=given.get("DASHBOARD_HOST", cls.host),
            port=_port(given.get("DASHBOARD_PORT"), public_url, problems),
            open_to_all=_yes("DASHBOARD_OPEN", given.get("DASHBOARD_OPEN", "no"), problems),
            login=_login(given, problems),
            metrics_token=_token(given.get("METRICS_TOKEN", ""), problems),
        )
        if not is_loopback(options.host) and not options.login and not options.open_to_all:
            problems.append(
                f"DASHBOARD_HOST: “{options.host}” can be reached from other machines, and nobody would have"
                " to sign in. Set LOGIN_ISSUER and what belongs to it, or DASHBOARD_OPEN=yes where a proxy"
                " in front of the dashboard asks people who they are."
            )
        return options


def _port(text: str | None, public_url: str, problems: list[str]) -> int:
    if text is None:
        parts = split(public_url)
        return (
            parts.port
            if parts and parts.hostname and is_loopback(parts.hostname) and parts.port
            else DashboardOptions.port
        )
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 0 < int(text) < 65536:
        problems.append(f"DASHBOARD_PORT: “{text}” is not a port from 1 to 65535.")
        return DashboardOptions.port
    return int(text)


def _token(text: str, problems: list[str]) -> str:
    if text and not (len(text) >= _SHORTEST_TOKEN and text.isascii() and text.isprintable()):
        problems.append(
            f"METRICS_TOKEN: Give at least {_SHORTEST_TOKEN} letters and digits that nobody can guess, or"
            " leave it out."
        )
    return text


def _yes(name: str, text: str, problems: list[str]) -> bool:
    if text.lower() not in ("yes", "no"):
        problems.append(f"{name}: “{text}” is neither yes nor no.")
    return text.lower() == "yes"


def _login(given: Mapping[str, str], problems: list[str]) -> Login | None:
    names = [name for name in (*_NEEDED, *_ROLES) if name in given]
    if not names:
        return None
    for name in _NEEDED:
        if name not in given:
            problems.append(
                f"{name}: {names[0]} is set, so this is needed too: sign-in by OpenID Connect takes an"
                " issuer, a client ID and a secret."
            )
    issuer = _issuer(given.get("LOGIN_ISSUER", "").rstrip("/"), problems)
    roles: dict[str, Role] = {}
    for name, role in _ROLES.items():
        for who in (part.strip().lower() for part in given.get(name, "").split(",") if part.strip()):
            if not _WHO.fullmatch(who):
                problems.append(
                    f"{name}: “{who}” is neither an e-mail address nor a domain such as @your-school.edu."
                )
            elif who in roles:
                problems.append(f"{name}: {who} is listed twice. Give everybody one role.")
            roles[who] = role
    if Role.ADMIN not in roles.values():
        problems.append(
            "LOGIN_ADMINS: Name at least one administrator by e-mail address, or nobody could connect the"
            " systems."
        )
    trusts = _yes("LOGIN_EMAILS_VERIFIED", given.get("LOGIN_EMAILS_VERIFIED", "no"), problems)
    return Login(
        issuer, given.get("LOGIN_CLIENT_ID", ""), given.get("LOGIN_CLIENT_SECRET", ""), roles, trusts
    )


def _issuer(issuer: str, problems: list[str]) -> str:
    parts = split(issuer) if issuer else None
    host = (parts.hostname or "") if parts else ""
    if issuer and (
        parts is None
        or not host
        or (parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)))
    ):
        problems.append("LOGIN_ISSUER: Give the issuer's address, as https://login.your-school.edu.")
    elif parts and host.endswith(_MICROSOFT) and _tenant(parts.path) in _EVERYBODY:
        problems.append(
            f"LOGIN_ISSUER: “{_tenant(parts.path)}” admits people of every organization, who may call"
            " themselves what they like. Give the address of your own tenant:"
            " https://login.microsoftonline.com/TENANT-ID/v2.0."
        )
    return issuer


def _tenant(path: str) -> str:
    return path.strip("/").partition("/")[0].lower()
