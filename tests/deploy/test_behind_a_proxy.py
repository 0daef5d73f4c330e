"""As at a school: whatever leaves the machine passes a proxy that looks into TLS under an authority of its
own and drops connections, and the dashboard is served below a path. Connect, sync, look, and sign in."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, expect

from tests.deploy.installation import ELEMENT451, Installation, connect, rehearsal
from tests.deploy.test_production import awaited, school
from tests.support.dashboard import free_port
from tests.support.identity_provider import CLIENT_ID, CLIENT_SECRET, identity_provider
from tests.support.inspecting_proxy import InspectingProxy, inspecting_proxy
from tests.support.postgres import Server
from tests.support.tls_sandbox import TlsSandbox

pytestmark = pytest.mark.long

ISSUER, WHO = "login.school.edu", "registrar@school.edu"


@pytest.mark.timeout(400)
def test_everything_works_behind_a_proxy_that_inspects_and_drops(
    postgres: Server, browser: Browser, tmp_path: Path
) -> None:
    port = free_port()
    public = f"http://127.0.0.1:{port}/sync"
    proxies: list[InspectingProxy] = []
    with tempfile.TemporaryDirectory() as name, identity_provider(public, {WHO: {}}) as provider:
        folder, issuer_port = Path(name), int(provider.issuer.rpartition(":")[2])
        provider.issuer = f"https://{ISSUER}"

        @contextmanager
        def inspected(ports: Mapping[str, int]) -> Iterator[str]:
            everything = {**ports, f"{ISSUER}:443": issuer_port}
            with inspecting_proxy(folder / "proxy", everything) as proxy:
                (folder / "certificates").mkdir()
                (folder / "certificates" / "ca.pem").write_bytes(proxy.authority.read_bytes())
                proxies.append(proxy)
                yield proxy.address

        settings = {"REQUESTS_CA_BUNDLE": "/certificates/ca.pem", "LOGIN_CLIENT_ID": CLIENT_ID}
        with rehearsal(folder, postgres, public, inspected, **settings) as (installation, sandbox):
            (folder / "secrets" / "login_client_secret").write_text(CLIENT_SECRET)
            (proxy,) = proxies
            _cannot_connect_without_the_authority(installation)
            connect(installation)
            installation.ask("config", "import", str(school(tmp_path)))
            proxy.drop_every = 2
            _synced(installation, sandbox)
            assert proxy.dropped
            installation.start("dashboard", DASHBOARD_HOST="127.0.0.1", DASHBOARD_PORT=str(port))
            awaited(lambda: _answers(f"{public}/healthz"), "the dashboard", installation, "dashboard")
            proxy.drop_every = 0
            before = proxy.inspected
            _signed_in(browser, public, proxy)
            assert proxy.inspected > before
            assert "Traceback" not in installation.log("dashboard")


def _cannot_connect_without_the_authority(installation: Installation) -> None:
    arguments = ["--api-url", f"https://{ELEMENT451}/v2", "--feature-token", "sandbox-feature"]
    assert installation.run("migrate").status == 0
    refused = installation.run(
        "worker", ["python", "-m", "syncer", "connect", "element451", *arguments], REQUESTS_CA_BUNDLE=""
    )
    assert refused.status == 1
    assert "REQUESTS_CA_BUNDLE" in refused.err


def _synced(installation: Installation, sandbox: TlsSandbox) -> None:
    """A sync, by as many runs as the dropped connections ask for, after which nothing is left to do."""
    for _ in range(4):
        run = installation.ask("sync")
        if run["state"] == "done" and installation.ask("status")["due"] == 0:
            break
    assert run["state"] == "done", run
    assert [row for row in sandbox.records("Contact", fields=["Element451_ID__c"]) if row["Element451_ID__c"]]


def _answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=5).ok
    except requests.ConnectionError:
        return False


def _signed_in(browser: Browser, public: str, proxy: InspectingProxy) -> None:
    """A person signs in at the school's provider, whose certificate the proxy replaces, and sees the pages
    below the path."""
    context = browser.new_context(
        ignore_https_errors=True, proxy={"server": proxy.address, "bypass": "127.0.0.1"}
    )
    page = context.new_page()
    page.goto(public)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name=WHO).click()
    expect(page.get_by_text(f"{WHO} · Admin")).to_be_visible(timeout=30_000)
    assert page.url.startswith(f"{public}")
    page.get_by_role("link", name="Integration Logs").first.click()
    expect(page.get_by_role("heading", name="Integration Logs").first).to_be_visible(timeout=30_000)
    context.close()
