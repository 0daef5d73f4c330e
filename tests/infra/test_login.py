"""Who may come into the dashboard, as the environment says it."""

from pathlib import Path

import pytest

from syncer.core.permissions import Role
from syncer.infra.settings.environment import BadSettings, Settings

LOGIN = {
    "LOGIN_ISSUER": "https://login.school.edu/",
    "LOGIN_CLIENT_ID": "dashboard",
    "LOGIN_CLIENT_SECRET": "a-secret",
    "LOGIN_ADMINS": "Ann@School.edu, bob@school.edu",
    "LOGIN_VIEWERS": "@school.edu",
}

ANYWHERE = "0.0.0.0"  # noqa: S104 - what the settings say of it is tried; nothing listens there


def read(tmp_path: Path, **environment: str) -> Settings:
    return Settings.from_environment({"DATA_DIR": str(tmp_path), **environment})


def problems(tmp_path: Path, **environment: str) -> str:
    with pytest.raises(BadSettings) as caught:
        read(tmp_path, **environment)
    return str(caught.value)


def test_nobody_signs_in_by_default_and_this_machine_alone_is_served(tmp_path: Path) -> None:
    options = read(tmp_path).dashboard
    assert (options.host, options.port, options.login, options.open_to_all) == (
        "127.0.0.1",
        8501,
        None,
        False,
    )


def test_an_address_counts_before_its_domain_and_case_does_not_count(tmp_path: Path) -> None:
    login = read(tmp_path, **LOGIN).dashboard.login
    assert login
    assert login.metadata_url == "https://login.school.edu/.well-known/openid-configuration"
    roles = {who: login.role_of(who) for who in ("ANN@school.EDU ", "bob@school.edu", "eve@school.edu")}
    assert roles == {
        "ANN@school.EDU ": Role.ADMIN,
        "bob@school.edu": Role.ADMIN,
        "eve@school.edu": Role.VIEWER,
    }
    for stranger in (
        "eve@other.edu",
        "eve@school.edu.evil.example",
        "@school.edu",
        "school.edu",
        "x",
        "",
        " ",
    ):
        assert login.role_of(stranger) is None


def test_the_secret_is_not_shown_and_may_come_as_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from-a-file\n")
    given = {name: value for name, value in LOGIN.items() if name != "LOGIN_CLIENT_SECRET"}
    settings = read(tmp_path, **given, LOGIN_CLIENT_SECRET_FILE=str(tmp_path / "secret"))
    assert settings.dashboard.login
    assert settings.dashboard.login.client_secret == "from-a-file"
    assert "from-a-file" not in repr(settings)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"LOGIN_ISSUER": ""}, "LOGIN_ISSUER: LOGIN_CLIENT_ID is set, so this is needed too"),
        ({"LOGIN_ISSUER": "http://login.school.edu"}, "LOGIN_ISSUER: Give the issuer's address"),
        ({"LOGIN_ISSUER": "nonsense"}, "LOGIN_ISSUER: Give the issuer's address"),
        ({"LOGIN_ADMINS": ""}, "LOGIN_ADMINS: Name at least one administrator"),
        ({"LOGIN_ADMINS": "ann"}, "LOGIN_ADMINS: “ann” is neither an e-mail address nor a domain"),
        ({"LOGIN_VIEWERS": "ann@school.edu"}, "LOGIN_VIEWERS: ann@school.edu is listed twice"),
        ({"LOGIN_ANALYSTS": "@"}, "LOGIN_ANALYSTS: “@” is neither"),
        ({"DASHBOARD_OPEN": "true"}, "DASHBOARD_OPEN: “true” is neither yes nor no"),
        ({"DASHBOARD_PORT": "0"}, "DASHBOARD_PORT: “0” is not a port"),
    ],
)
def test_what_is_odd_is_refused_by_name(tmp_path: Path, change: dict[str, str], said: str) -> None:
    assert said in problems(tmp_path, **(LOGIN | change))


def test_other_machines_are_served_only_where_people_sign_in_or_something_else_guards_it(
    tmp_path: Path,
) -> None:
    assert "nobody would have to sign in" in problems(tmp_path, DASHBOARD_HOST=ANYWHERE)
    assert read(tmp_path, DASHBOARD_HOST=ANYWHERE, DASHBOARD_OPEN="yes").dashboard.open_to_all
    assert read(tmp_path, DASHBOARD_HOST=ANYWHERE, **LOGIN).dashboard.login


def test_the_port_is_public_urls_where_that_is_this_machine(tmp_path: Path) -> None:
    assert read(tmp_path, PUBLIC_URL="http://localhost:8600").dashboard.port == 8600
    assert read(tmp_path, PUBLIC_URL="https://sync.school.edu:444").dashboard.port == 8501
    assert read(tmp_path, PUBLIC_URL="http://localhost:8600", DASHBOARD_PORT="8700").dashboard.port == 8700


@pytest.mark.parametrize("tenant", ["common", "organizations", "consumers", "Common"])
def test_an_issuer_that_admits_every_organization_is_refused(tmp_path: Path, tenant: str) -> None:
    issuer = f"https://login.microsoftonline.com/{tenant}/v2.0"
    assert problems(tmp_path, **LOGIN | {"LOGIN_ISSUER": issuer}).startswith("LOGIN_ISSUER: ")
    own = "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0"
    assert read(tmp_path, **LOGIN | {"LOGIN_ISSUER": own}).dashboard.login


def test_that_addresses_are_verified_is_said_aloud_or_not_at_all(tmp_path: Path) -> None:
    for given, expected in (({}, False), ({"LOGIN_EMAILS_VERIFIED": "yes"}, True)):
        login = read(tmp_path, **LOGIN | given).dashboard.login
        assert login
        assert login.emails_verified is expected
    assert "LOGIN_EMAILS_VERIFIED" in problems(tmp_path, **LOGIN | {"LOGIN_EMAILS_VERIFIED": "perhaps"})
