"""Secrets that come as files."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from syncer.infra.settings.environment import MAY_BE_EMPTY, SECRETS, BadSettings, Settings

VALUES = {
    "DATABASE_URL": "postgresql://sync:hunter2@db/sync",
    "REDIS_URL": "redis://:hunter2@cache:6379/0",
    "SYNC_SECRET_KEY": Fernet.generate_key().decode(),
    "SMTP_URL": "smtp://sync%40school.edu:hunter2@mail.school.edu",
    "ALERT_WEBHOOK_URL": "https://hooks.school.edu/hunter2",
    "LOGIN_CLIENT_SECRET": "hunter2",
    "METRICS_TOKEN": "hunter2-and-sixteen",
}
_LOGIN = {
    "LOGIN_ISSUER": "https://login.school.edu",
    "LOGIN_CLIENT_ID": "sync",
    "LOGIN_ADMINS": "it@school.edu",
}
MORE = {"SMTP_URL": {"ALERT_EMAIL_TO": "it@school.edu"}, "LOGIN_CLIENT_SECRET": _LOGIN}


def problems_of(environment: dict[str, str]) -> list[str]:
    with pytest.raises(BadSettings) as caught:
        Settings.from_environment(environment)
    return caught.value.problems


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_from_a_file_counts_like_one_from_the_environment(name: str, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{VALUES[name]}\n")
    more = MORE.get(name, {})
    assert Settings.from_environment({f"{name}_FILE": str(file), **more}) == Settings.from_environment(
        {name: VALUES[name], **more}
    )


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_given_twice_is_refused_by_name(name: str, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(VALUES[name])
    problems = problems_of({name: VALUES[name], f"{name}_FILE": str(file), **MORE.get(name, {})})
    assert problems == [f"{name}_FILE: {name} is set as well. Keep one of the two."]


@pytest.mark.parametrize("name", SECRETS)
def test_a_file_that_is_not_there_is_refused_by_name(name: str, tmp_path: Path) -> None:
    problems = problems_of({f"{name}_FILE": str(tmp_path / "none")})
    assert len(problems) == 1
    assert problems[0].startswith(
        f"{name}_FILE: {tmp_path}/none cannot be read (No such file or directory). Give the path of"
    )


@pytest.mark.parametrize("name", SECRETS)
def test_an_empty_file_means_nothing_else_than_no_alerts(name: str, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("\n")
    if name in MAY_BE_EMPTY:
        assert Settings.from_environment({f"{name}_FILE": str(file)}) == Settings.from_environment({})
    else:
        assert problems_of({f"{name}_FILE": str(file)}) == [
            f"{name}_FILE: {file} is empty. Put the value of {name} there."
        ]


@pytest.mark.parametrize(
    "content", [b"\0\0\0", b"\xff\xfe", b"x" * 70_000], ids=["zeroes", "not UTF-8", "too long"]
)
def test_a_file_that_holds_no_text_is_refused(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_bytes(content)
    (problem,) = problems_of({"SYNC_SECRET_KEY_FILE": str(file)})
    assert problem.startswith(f"SYNC_SECRET_KEY_FILE: {file} is no text file with one value.")


def test_a_folder_is_no_secret(tmp_path: Path) -> None:
    assert "Is a directory" in problems_of({"REDIS_URL_FILE": str(tmp_path)})[0]


def test_what_an_odd_file_holds_is_not_repeated(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("hunter2")
    for name in SECRETS:
        assert "hunter2" not in str(problems_of({f"{name}_FILE": str(file)}))


def test_certificates_that_are_not_there_are_told_at_the_start(tmp_path: Path) -> None:
    assert problems_of({"REQUESTS_CA_BUNDLE": f"{tmp_path}/ca.pem"})[0].startswith("REQUESTS_CA_BUNDLE: “")
