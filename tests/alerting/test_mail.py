"""Alerts by e-mail, to a real mail server on this machine, with and without TLS."""

from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import quote

import pytest

from sandbox.tls import TlsFiles, tls_files
from syncer.alerting import deliver
from syncer.alerting.channels import Mail, Message, Undelivered, Webhook, configured_channels
from syncer.infra.settings.environment import Settings
from tests.support.listeners import PASSWORD, USER, MailBox, mail_server, webhook

ALERT = Message(
    "run_failing",
    "failing",
    "2026-09-01T08:00:00Z",
    "Run 7 failed. Elément451 could not be reached.",
    "https://sync.school.edu",
)
SIGN_IN = f"{quote(USER)}:{quote(PASSWORD, safe='')}@"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> TlsFiles:
    return tls_files(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def trusted(files: TlsFiles, monkeypatch: pytest.MonkeyPatch) -> TlsFiles:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(files.authority))
    return files


def mail(
    box: MailBox, scheme: str = "smtp", sign_in: str = "", receivers: str = "ann@school.edu, it@school.edu"
) -> Mail:
    given = {
        "ALERT_EMAIL_TO": receivers,
        "ALERT_EMAIL_FROM": "sync@school.edu",
        "SMTP_URL": f"{scheme}://{sign_in}127.0.0.1:{box.port}",
    }
    way = configured_channels(Settings.from_environment(given).alerts)[0]
    assert isinstance(way, Mail)
    return way


def test_a_mail_says_what_is_wrong_to_everybody_who_is_to_be_told() -> None:
    with mail_server() as box:
        mail(box).send(ALERT)
    sender, receivers, text = box.mails[0]
    written = message_from_bytes(text, policy=policy.default)
    assert (sender, receivers) == ("sync@school.edu", ["ann@school.edu", "it@school.edu"])
    assert written["Subject"] == "Element451–Salesforce sync: run failing, failing"
    assert written["Auto-Submitted"] == "auto-generated"
    assert written["Message-ID"].endswith("@school.edu>")
    body = written.get_content()
    assert "Run 7 failed. Elément451 could not be reached." in body
    assert "https://sync.school.edu" in body


@pytest.mark.parametrize(("scheme", "tls"), [("smtp", False), ("smtps", True)])
def test_the_sign_in_and_the_mail_go_over_tls(trusted: TlsFiles, scheme: str, tls: bool) -> None:
    with mail_server(trusted.certificate, trusted.key, tls=tls, sign_in=True) as box:
        mail(box, scheme, SIGN_IN).send(ALERT)
    assert box.protected == [True]


@pytest.mark.parametrize(("scheme", "tls"), [("smtp", False), ("smtps", True)])
def test_a_server_that_cannot_prove_who_it_is_gets_nothing(files: TlsFiles, scheme: str, tls: bool) -> None:
    with (
        mail_server(files.certificate, files.key, tls=tls) as box,
        pytest.raises(Undelivered, match="REQUESTS_CA_BUNDLE"),
    ):
        mail(box, scheme, SIGN_IN).send(ALERT)
    assert box.mails == []


def test_a_wrong_password_is_said_without_repeating_it(trusted: TlsFiles) -> None:
    with (
        mail_server(trusted.certificate, trusted.key, sign_in=True) as box,
        pytest.raises(Undelivered) as caught,
    ):
        mail(box, sign_in=f"{quote(USER)}:wrong@").send(ALERT)
    assert str(caught.value) == "127.0.0.1 refused the mail or the sign-in (SMTP 535)."


def test_a_receiver_that_the_server_does_not_know_is_named() -> None:
    with mail_server() as box:
        box.refused = frozenset({"ann@school.edu"})
        with pytest.raises(Undelivered, match=r"refused ann@school\.edu"):
            mail(box).send(ALERT)
        with pytest.raises(Undelivered, match=r"refused ann@school\.edu"):
            mail(box, receivers="ann@school.edu").send(ALERT)


def test_a_mail_server_that_is_not_there_is_said_by_its_host() -> None:
    with mail_server() as box:
        pass
    with pytest.raises(Undelivered, match=r"127\.0\.0\.1 could not be reached"):
        mail(box).send(ALERT)


def test_trying_the_ways_tells_how_each_went(tmp_path: Path) -> None:
    with webhook() as hook, mail_server() as box:
        box.refused = frozenset({"it@school.edu"})
        given = {
            "ALERT_WEBHOOK_URL": hook.url,
            "ALERT_EMAIL_TO": "it@school.edu",
            "ALERT_EMAIL_FROM": "sync@school.edu",
        }
        settings = Settings.from_environment(given | {"SMTP_URL": f"smtp://127.0.0.1:{box.port}"})
        tried = deliver.send_test(settings.alerts, settings.public_url)
    assert [(one.channel, bool(one.problem)) for one in tried] == [("webhook", False), ("e-mail", True)]
    assert hook.alerts == [("test", "good")]
    assert Webhook(hook.url).address == "127.0.0.1"
