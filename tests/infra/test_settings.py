"""The environment: defaults, and odd values refused by name."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from syncer.infra.settings.environment import BadSettings, Settings


def test_nothing_has_to_be_set(tmp_path: Path) -> None:
    settings = Settings.from_environment({"DATA_DIR": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path}/sync.sqlite3"
    assert settings.redis_url is None
    assert settings.callback_url == "http://localhost:8501/clients/integrations/salesforce/oauth2"
    assert settings.allowed_salesforce_hosts == frozenset()


def test_an_empty_variable_counts_as_absent() -> None:
    assert Settings.from_environment({"DATABASE_URL": " ", "PUBLIC_URL": ""}) == Settings.from_environment({})


def test_reading_the_environment_makes_no_folder(tmp_path: Path) -> None:
    settings = Settings.from_environment({"DATA_DIR": f"{tmp_path}/new"})
    assert not settings.data_dir.exists()


def test_every_variable_is_taken() -> None:
    keys = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings = Settings.from_environment(
        {
            "DATABASE_URL": "postgres://sync:pw@db/sync",
            "REDIS_URL": "redis://cache:6379/1",
            "SYNC_SECRET_KEY": " , ".join(keys),
            "PUBLIC_URL": "https://sync.school.edu/",
            "ALLOWED_SALESFORCE_HOSTS": "127.0.0.1:8451, Salesforce.School.edu",
        }
    )
    assert settings.database_url == "postgresql://sync:pw@db/sync"
    assert settings.redis_url == "redis://cache:6379/1"
    assert settings.secret_keys == keys
    assert settings.public_url == "https://sync.school.edu"
    assert settings.allowed_salesforce_hosts == {"127.0.0.1:8451", "salesforce.school.edu"}


def test_passwords_and_keys_stay_out_of_repr() -> None:
    key = Fernet.generate_key().decode()
    settings = Settings.from_environment(
        {
            "DATABASE_URL": "postgresql://u:hunter2@db/x",
            "REDIS_URL": "redis://:hunter2@r",
            "SYNC_SECRET_KEY": key,
        }
    )
    assert "hunter2" not in repr(settings)
    assert key not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://host/name"),
        ("DATABASE_URL", "my database"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "postgresql://host"),
        ("REDIS_URL", "http://cache"),
        ("REDIS_URL", "redis://"),
        ("REDIS_URL", "redis://cache:port"),
        ("SYNC_SECRET_KEY", "a simple password"),
        ("PUBLIC_URL", "sync.school.edu"),
        ("PUBLIC_URL", "http://sync.school.edu"),
        ("PUBLIC_URL", "https://sync.school.edu/?a=b"),
        ("PUBLIC_URL", "http://[::1"),
        ("ALLOWED_SALESFORCE_HOSTS", "https://127.0.0.1:8451"),
        ("ALLOWED_SALESFORCE_HOSTS", "127.0.0.1:99999"),
        ("ALLOWED_SALESFORCE_HOSTS", "*"),
        ("DATA_DIR", __file__),
        ("LOG_RETENTION_DAYS", "0"),
        ("LOG_RETENTION_DAYS", "half a year"),
        ("LEASE_SECONDS", "2"),
        ("LEASE_SECONDS", "a minute"),
        ("CALL_SECONDS", "9"),
        ("SYNC_SECRET_KEY", ","),
        ("REPLY_MEGABYTES", "0"),
        ("ALERT_WEBHOOK_URL", "hooks.school.edu"),
        ("ALERT_WEBHOOK_URL", "http://hooks.school.edu/x"),
        ("ALERT_WEBHOOK_URL", "https://hooks.school.edu/a b"),
        ("ALERT_EMAIL_FROM", "nobody"),
    ],
)
def test_an_odd_value_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(BadSettings) as caught:
        Settings.from_environment({name: value})
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].startswith(f"{name}: ")


def test_all_odd_values_are_told_at_once_and_secrets_are_not_repeated() -> None:
    with pytest.raises(BadSettings) as caught:
        Settings.from_environment(
            {"DATABASE_URL": "mysql://u:hunter2@h/n", "PUBLIC_URL": "x", "SYNC_SECRET_KEY": "hunter2"}
        )
    assert [problem.split(":")[0] for problem in caught.value.problems] == [
        "DATABASE_URL",
        "SYNC_SECRET_KEY",
        "PUBLIC_URL",
    ]
    assert "hunter2" not in str(caught.value)


def test_alerts_go_where_the_environment_says() -> None:
    given = {
        "ALERT_WEBHOOK_URL": "https://hooks.school.edu/T0/hunter2",
        "ALERT_EMAIL_TO": "ann@school.edu, it@school.edu",
        "SMTP_URL": "smtp://sync%40school.edu:hunter2%2F@mail.school.edu",
        "LOG_RETENTION_DAYS": "90",
        "LEASE_SECONDS": "5",
    }
    settings = Settings.from_environment(given)
    server = settings.alerts.mail_server
    assert server is not None
    assert (server.host, server.port, server.tls, server.password) == (
        "mail.school.edu",
        587,
        False,
        "hunter2/",
    )
    assert settings.alerts.email_to == ("ann@school.edu", "it@school.edu")
    assert settings.alerts.email_from == "sync@school.edu"
    assert settings.log_retention_days == 90
    assert settings.lease_seconds == 5
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"ALERT_EMAIL_TO": "ann@school.edu"}, "SMTP_URL"),
        ({"SMTP_URL": "smtp://mail.school.edu"}, "ALERT_EMAIL_TO"),
        ({"ALERT_EMAIL_TO": "ann@school.edu", "SMTP_URL": "smtp://mail.school.edu"}, "ALERT_EMAIL_FROM"),
        (
            {
                "ALERT_EMAIL_TO": "ann@school.edu",
                "SMTP_URL": "mail.school.edu:25",
                "ALERT_EMAIL_FROM": "a@b.c",
            },
            "SMTP_URL",
        ),
        (
            {
                "ALERT_EMAIL_TO": "ann@school.edu",
                "SMTP_URL": "smtp://ann@mail.school.edu",
                "ALERT_EMAIL_FROM": "a@b.c",
            },
            "SMTP_URL",
        ),
        (
            {
                "ALERT_EMAIL_TO": "Ann <ann@school.edu>",
                "SMTP_URL": "smtps://mail.school.edu",
                "ALERT_EMAIL_FROM": "a@b.c",
            },
            "ALERT_EMAIL_TO",
        ),
    ],
)
def test_alerts_by_mail_need_a_server_a_receiver_and_a_sender(given: dict[str, str], name: str) -> None:
    with pytest.raises(BadSettings) as caught:
        Settings.from_environment(given)
    assert [problem.split(":")[0] for problem in caught.value.problems] == [name]
