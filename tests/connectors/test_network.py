"""One setting leads every outgoing connection by a proxy, and one makes it trust that proxy's authority. What
stops a connection is told in three sentences, each of which names the setting to look at."""

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from sandbox.tls import tls_files
from syncer.alerting.channels import Mail, Message, Undelivered, Webhook
from syncer.connectors import network
from syncer.connectors.element451.http import ApiSession
from syncer.connectors.errors import Fault
from syncer.connectors.retry import RetryPolicy
from syncer.connectors.salesforce.oauth import http
from syncer.infra.settings.alerts import MailServer
from syncer.infra.settings.environment import BadSettings, Settings
from tests.support.dashboard import free_port
from tests.support.inspecting_proxy import InspectingProxy, inspecting_proxy
from tests.support.listeners import mail_server, webhook
from tests.support.sandbox import RunningSandbox

SALESFORCE, ELEMENT451, HOOK = "school.my.salesforce.com", "school.api.451.io", "hooks.school.edu"
ALERT = Message("run_failing", "failing", "2026-09-01T08:00:00Z", "Run 7 failed.", "https://sync.school.edu")


@pytest.fixture
def proxy(
    tmp_path: Path, running: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> Iterator[InspectingProxy]:
    for name in ("NO_PROXY", "no_proxy", "https_proxy", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    port = int(running.url.rpartition(":")[2])
    with webhook() as hook:
        there = {
            f"{SALESFORCE}:443": port,
            f"{ELEMENT451}:443": port,
            f"{HOOK}:443": int(hook.url.split(":")[2].split("/")[0]),
        }
        with inspecting_proxy(tmp_path / "proxy", there) as found:
            monkeypatch.setenv("HTTPS_PROXY", found.address)
            yield found


def to_salesforce() -> None:
    http.get(f"https://{SALESFORCE}", "/services/oauth2/userinfo")


def to_element451() -> None:
    session = ApiSession(f"https://{ELEMENT451}", "sandbox-feature", retry=RetryPolicy(max_attempts=1))
    try:
        session.get("users/fields", {})
    except Fault as fault:
        if fault.code.startswith("HTTP"):  # it was answered
            return
        raise
    finally:
        session.close()


def to_the_webhook() -> None:
    Webhook(f"https://{HOOK}/alerts").send(ALERT)


EVERYBODY = [to_salesforce, to_element451, to_the_webhook]


def said(call: Callable[[], None]) -> str:
    with pytest.raises((Fault, Undelivered)) as caught:
        call()
    return str(caught.value)


@pytest.mark.parametrize("call", EVERYBODY)
def test_each_cause_is_told_in_a_sentence_of_its_own_that_names_its_setting(
    proxy: InspectingProxy, monkeypatch: pytest.MonkeyPatch, call: Callable[[], None]
) -> None:
    untrusted = said(call)
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{free_port()}")
    dead_proxy = said(call)
    monkeypatch.setenv("HTTPS_PROXY", proxy.address)
    proxy.ports.clear()
    closed_proxy = said(call)
    assert "REQUESTS_CA_BUNDLE" in untrusted
    assert "proxy that HTTPS_PROXY names" in dead_proxy
    assert dead_proxy == closed_proxy
    monkeypatch.delenv("HTTPS_PROXY")
    monkeypatch.setattr("socket.getaddrinfo", _no_network)
    dead_network = said(call)
    assert len({untrusted, dead_proxy, dead_network}) == 3
    assert "REQUESTS_CA_BUNDLE" not in dead_network


@pytest.mark.parametrize("call", EVERYBODY)
def test_with_the_authority_named_every_connection_goes_through(
    proxy: InspectingProxy, monkeypatch: pytest.MonkeyPatch, call: Callable[[], None]
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(proxy.authority))
    call()
    assert proxy.inspected == 1


def test_so_do_mail_and_libraries_that_read_the_variables_of_openssl(
    proxy: InspectingProxy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    files = tls_files(tmp_path / "mail")
    with mail_server(files.certificate, files.key, tls=True) as box:
        mail = Mail(MailServer("127.0.0.1", box.port, True), "sync@school.edu", ["it@school.edu"])
        assert "REQUESTS_CA_BUNDLE" in said(lambda: mail.send(ALERT))
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(files.authority))
        mail.send(ALERT)
        assert len(box.mails) == 1
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(proxy.authority))
    environment: dict[str, str] = {}
    network.trust_in_libraries(environment)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(HTTPError, match=r"HTTP Error 40[13]"):  # an answer: the way there is open
        urlopen(f"https://{SALESFORCE}/services/oauth2/userinfo", timeout=10)


def test_a_connection_that_is_dropped_in_the_handshake_says_nothing_of_certificates(
    proxy: InspectingProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(proxy.authority))
    proxy.drop_every = 1
    for call in (to_salesforce, to_element451):
        with pytest.raises(Fault) as caught:
            call()
        assert caught.value.code.lower() == "network"


def test_a_file_without_a_certificate_is_refused_by_the_name_of_its_setting(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("no certificate\n")
    with pytest.raises(BadSettings, match=r"^REQUESTS_CA_BUNDLE: .*no certificate"):
        Settings.from_environment({"REQUESTS_CA_BUNDLE": str(tmp_path / "empty.pem")})


def test_a_folder_of_certificates_is_trusted_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path))
    assert isinstance(network.tls_context(), ssl.SSLContext)
    environment: dict[str, str] = {}
    network.trust_in_libraries(environment)
    assert environment == {"SSL_CERT_DIR": str(tmp_path)}


def _no_network(*_: object, **__: object) -> object:
    raise OSError("Name or service not known")
