"""docker-compose.yml is complete and closed: everything that it names is there, and nothing is open to the
network."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from syncer.infra.settings.environment import SECRETS, BadSettings, Settings
from tests.deploy.compose import ROOT, Service, compose, variables

FILE = compose()
SERVICES: dict[str, Service] = FILE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
PRODUCT = {name: service for name, service in OURS.items() if service["build"]["target"] == "product"}
KEYS = {
    *(
        "image",
        "build",
        "command",
        "restart",
        "init",
        "read_only",
        "tmpfs",
        "cap_drop",
        "security_opt",
        "logging",
        "stop_grace_period",
        "networks",
    ),
    *(
        "volumes",
        "environment",
        "secrets",
        "depends_on",
        "healthcheck",
        "profiles",
        "ports",
        "deploy",
        "shm_size",
        "mem_limit",
        "pids_limit",
        "user",
    ),
}
FOR_PEOPLE = set(
    re.findall(
        r'"((?:DASHBOARD|LOGIN|METRICS)_[A-Z_]+)"',
        (ROOT / "syncer" / "infra" / "settings" / "login.py").read_text("utf-8"),
    )
)
"""The settings that the dashboard alone needs."""
PROXIES = {"HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"}
"""What libraries read, by which connections leave the machine."""
CERTIFICATES = "./certificates"
"""The folder beside the compose file for the authority of a proxy that looks into TLS."""
FIRST_START = "./deploy/create-database.sh"
"""What an empty PostgreSQL runs."""
every_service = pytest.mark.parametrize("name", SERVICES)


def known_settings() -> set[str]:
    """Every variable that the program reads, by the code that reads it."""
    sources = [
        *(ROOT / "syncer" / "infra" / "settings").glob("*.py"),
        *(ROOT / "worker").glob("settings.py"),
        *(ROOT / "worker").glob("options.py"),
    ]
    return FOR_PEOPLE | {
        name
        for source in sources
        for name in re.findall(r'(?:given\.get|number)\("([A-Z_]+)"', source.read_text("utf-8"))
    }


def test_production_has_its_parts() -> None:
    assert set(SERVICES) == {"database", "redis", "migrate", "scheduler", "worker", "dashboard", "sandbox"}
    assert SERVICES["sandbox"]["profiles"] == ["sandbox"]
    assert not any("profiles" in service for name, service in SERVICES.items() if name != "sandbox")


@every_service
def test_a_service_has_no_key_that_the_engine_does_not_know(name: str) -> None:
    assert set(SERVICES[name]) <= KEYS


@every_service
def test_an_image_is_named_with_its_version(name: str) -> None:
    image, _, tag = SERVICES[name]["image"].partition(":")
    assert image
    assert re.match(r"\d", tag)


def test_our_images_bear_the_version_of_the_program() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert {service["image"].partition(":")[2] for service in OURS.values()} == {version}


def test_the_database_and_redis_are_new_enough() -> None:
    assert int(re.findall(r"postgres:(\d+)", SERVICES["database"]["image"])[0]) >= 16
    assert int(re.findall(r"redis:(\d+)", SERVICES["redis"]["image"])[0]) >= 7
    command = SERVICES["redis"]["command"]
    assert command[command.index("--appendonly") + 1] == "yes"


@every_service
def test_what_a_service_waits_for_can_happen(name: str) -> None:
    for other, how in SERVICES[name].get("depends_on", {}).items():
        if how["condition"] == "service_healthy":
            assert SERVICES[other]["healthcheck"]["test"]
        else:
            assert how["condition"] == "service_completed_successfully"
            assert SERVICES[other]["restart"] == "no"
        assert how.get("required", True) is ("profiles" not in SERVICES[other])


@every_service
def test_everything_a_service_names_is_declared(name: str) -> None:
    service = SERVICES[name]
    assert set(service.get("secrets", [])) <= set(FILE["secrets"])
    assert set(service["networks"]) <= set(FILE["networks"])
    for volume in service.get("volumes", []):
        assert volume.split(":")[0] in {*FILE["volumes"], CERTIFICATES, FIRST_START}


def test_nothing_is_declared_in_vain() -> None:
    used = [*(secret for service in SERVICES.values() for secret in service.get("secrets", []))]
    assert set(used) == set(FILE["secrets"])
    assert {
        volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])
    } == {*FILE["volumes"], CERTIFICATES, FIRST_START}


@every_service
def test_a_service_that_dies_is_started_again_and_one_that_hangs_is_seen(name: str) -> None:
    service = SERVICES[name]
    if name == "migrate":
        assert (service["restart"], service["healthcheck"]) == ("no", {"disable": True})
    else:
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")


@every_service
def test_ports_are_published_on_this_machine_only(name: str) -> None:
    for port in SERVICES[name].get("ports", []):
        assert re.fullmatch(r"127\.0\.0\.1:\d+:\d+", port)


def test_the_database_and_redis_are_on_a_network_of_their_own() -> None:
    assert FILE["networks"]["inside"] == {"internal": True}
    for name in ("database", "redis"):
        assert SERVICES[name]["networks"] == ["inside"]
        assert "ports" not in SERVICES[name]


@every_service
def test_a_container_may_do_little(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "/tmp" in service["tmpfs"]
    assert name in OURS or service["user"] not in ("", "root"), "another's image may begin as root"


@pytest.mark.parametrize("name", PRODUCT)
def test_every_setting_is_one_that_the_program_knows_and_secrets_come_from_files(name: str) -> None:
    service = PRODUCT[name]
    known = known_settings() | {"REQUESTS_CA_BUNDLE"} | PROXIES
    assert known > {"DATABASE_URL", "REDIS_URL", "PUBLIC_URL"}
    for setting, value in service["environment"].items():
        assert setting not in SECRETS
        assert setting in known or setting.removesuffix("_FILE") in SECRETS
        if setting.endswith("_FILE"):
            assert Path(value).parent == Path("/run/secrets")
            assert Path(value).name in service["secrets"]


@pytest.mark.parametrize("name", sorted(set(PRODUCT) - {"migrate"}))
def test_what_reaches_out_gets_the_proxy_and_has_a_place_for_its_authority(name: str) -> None:
    service = compose({"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "a.school.edu"})["services"][name]
    assert service["environment"]["HTTPS_PROXY"] == "http://proxy:3128"
    assert {"127.0.0.1", "database", "redis", "a.school.edu"} <= set(
        service["environment"]["NO_PROXY"].split(",")
    )
    assert f"{CERTIFICATES}:/certificates:ro" in service["volumes"]


def test_workers_get_every_setting_that_makes_sense_in_a_container() -> None:
    given = {name.removesuffix("_FILE") for name in SERVICES["worker"]["environment"]}
    assert known_settings() - FOR_PEOPLE - given <= {"REDIS_SERVER"}
    assert SERVICES["worker"]["environment"] == SERVICES["scheduler"]["environment"]


def test_the_dashboard_gets_every_setting_and_refuses_to_serve_just_anybody() -> None:
    given = SERVICES["dashboard"]["environment"]
    assert known_settings() - {name.removesuffix("_FILE") for name in given} <= {"REDIS_SERVER"}
    neither = {name: value for name, value in given.items() if name in FOR_PEOPLE}
    with pytest.raises(BadSettings, match=r"DASHBOARD_HOST: .*nobody would have to sign in"):
        Settings.from_environment(neither)
    assert Settings.from_environment(neither | {"DASHBOARD_OPEN": "yes"}).dashboard.port == 8501
    people = {
        "LOGIN_ISSUER": "https://login.school.edu",
        "LOGIN_CLIENT_ID": "sync",
        "LOGIN_CLIENT_SECRET": "s",
        "LOGIN_ADMINS": "a@school.edu",
    }
    assert Settings.from_environment(neither | people).dashboard.login


def test_every_secret_is_made_by_the_script_closed_to_others_and_kept_the_second_time(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    subprocess.run([ROOT / "deploy" / "make-secrets", folder], check=True, capture_output=True)
    made = {path.name: path.read_text() for path in folder.iterdir()}
    assert (
        set(made)
        == {Path(secret["file"]).name for secret in FILE["secrets"].values()}
        == set(FILE["secrets"])
    )
    assert folder.stat().st_mode & 0o777 == 0o700
    assert made["database_password"] in made["database_url"]
    assert made["database_password"] != made["database_admin_password"]
    assert made["redis_conf"].split()[1] in made["redis_url"]
    again = subprocess.run(
        [ROOT / "deploy" / "make-secrets", folder], check=True, capture_output=True, text=True
    )
    assert again.stdout == ""
    assert {path.name: path.read_text() for path in folder.iterdir()} == made


def test_secrets_and_settings_of_an_installation_are_not_committed() -> None:
    assert {"secrets/", ".env"} <= set((ROOT / ".gitignore").read_text().split())


def test_the_example_of_settings_has_a_sentence_for_each_and_misses_none() -> None:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    named = {
        found[1]: before
        for before, line in zip(["", *lines], lines, strict=False)
        if (found := re.match(r"#?([A-Z_]+)=", line))
    }
    assert set(named) == known_settings() | variables() | {"COMPOSE_PROFILES", "COMPOSE_PROJECT_NAME"}
    for name, sentence in named.items():
        assert re.match(r"# [A-Z].{20,}", sentence), f"{name} has no sentence"
    for name in SECRETS:
        assert f"#{name}=" in lines, "a secret has no value in the example"


@every_service
def test_no_service_can_take_the_whole_machine(name: str) -> None:
    service = SERVICES[name]
    assert service["mem_limit"]
    assert service["pids_limit"] <= 256
