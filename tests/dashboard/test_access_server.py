"""The dashboard's server: under which names it answers, with which headers, and what it says where it cannot
serve."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress

import pytest
import requests
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as NotInTime
from starlette.datastructures import MutableHeaders

from dashboard import page_script
from dashboard.middleware import SecurityMiddleware
from dashboard.server import sign_in_secrets, streamlit_options
from syncer.infra.settings.environment import Settings
from tests.support.browser import open_page, settled, watched_page
from tests.support.dashboard import (
    Installed,
    clean_environment,
    dashboard_process,
    free_port,
    open_view,
    texts,
)
from tests.support.sandbox import ROOT
from tests.worker.installation import eventually, is_alive


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, _empty: Installed) -> Iterator[tuple[str, int]]:
    with dashboard_process(_empty.copy_to(tmp_path_factory.mktemp("served") / "data").environment) as found:
        yield found


@pytest.mark.parametrize("path", ["/", "/healthz", "/_stcore/health", "/connection"])
def test_every_answer_tells_browsers_what_they_may_do_with_it(served: tuple[str, int], path: str) -> None:
    headers = requests.get(served[0] + path, timeout=30).headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe-eval" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/openapi.json", "/logs/_stcore/metrics"])
def test_what_asks_nobody_who_they_are_is_not_there(served: tuple[str, int], path: str) -> None:
    assert requests.get(served[0] + path, timeout=30).status_code == 404


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("", 421),
        ("localhost", 200),
        ("127.0.0.1:1", 200),
        ("[::1]:8501", 200),
    ],
)
def test_other_names_are_not_answered_to(served: tuple[str, int], host: str, status: int) -> None:
    assert requests.get(served[0], headers={"Host": host}, timeout=30).status_code == status
    assert requests.get(f"{served[0]}/healthz", headers={"Host": host}, timeout=30).status_code == 200


def test_every_page_comes_with_a_secret_for_its_browser_and_our_scripts(
    served: tuple[str, int],
) -> None:
    page = requests.get(f"{served[0]}/connection", headers={"Accept": "text/html"}, timeout=30)
    tags = "".join(f'<script src="{path}"></script>' for path in page_script.SCRIPTS)
    assert f"<head>{tags}" in page.text
    assert "HttpOnly; SameSite=Lax" in page.headers["Set-Cookie"]
    for path in page_script.SCRIPTS:
        script = requests.get(served[0] + path, timeout=30)
        assert script.status_code == 200
        assert script.headers["Content-Type"].partition(";")[0] == "text/javascript"


def test_a_browser_that_kept_too_large_a_sign_in_is_told_so_and_signed_out(served: tuple[str, int]) -> None:
    """A connection with as many headers would get no answer, and the page would stay empty."""
    parts = {f"_streamlit_user_{number}": "x" * 3000 for number in range(3)}
    with requests.Session() as browser:
        for name, value in {**parts, "of_another": "kept"}.items():
            browser.cookies.set(name, value, domain="127.0.0.1", path="/")
        told = browser.get(served[0], timeout=30)
        assert (told.status_code, "Sign in again" in told.text) == (431, True)
        assert [cookie.name for cookie in browser.cookies] == ["of_another"]
        assert browser.get(served[0], timeout=30).status_code == 200


@pytest.mark.parametrize(
    ("origin", "status"), [("http://evil.example", b"403"), ("http://localhost:3000", b"403"), (None, b"101")]
)
def test_pages_of_other_sites_get_no_connection(
    served: tuple[str, int], origin: str | None, status: bytes
) -> None:
    host = served[0].removeprefix("http://")
    asked = [
        f"GET /_stcore/stream HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection:"
        " Upgrade\r\nSec-WebSocket-Version: 13"
    ]
    asked += ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", *([f"Origin: {origin}"] if origin else [])]
    with socket.create_connection(("127.0.0.1", int(host.partition(":")[2])), timeout=30) as connection:
        connection.sendall("\r\n".join([*asked, "", ""]).encode())
        assert status in connection.recv(100)


def test_the_page_is_drawn_under_these_rules_and_says_that_nobody_signs_in(
    served: tuple[str, int], page: Page
) -> None:
    open_page(page, served[0])
    expect(page.get_by_text("No sign-in is set up: this dashboard serves this machine only")).to_be_visible()


def test_a_port_that_is_taken_is_said_in_a_sentence(served: tuple[str, int], installation: Installed) -> None:
    port = served[0].rpartition(":")[2]
    environment = clean_environment({**installation.environment, "DASHBOARD_PORT": port})
    ended = subprocess.run(
        [sys.executable, "-m", "dashboard"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"DASHBOARD_PORT: Port {port} is taken by another program.")


def test_it_ends_when_it_is_told_to_though_pages_are_open_and_an_open_dialog_says_so(
    installation: Installed, browser: Browser
) -> None:
    environment = {**installation.environment, "DASHBOARD_PORT": str(free_port())}
    with watched_page(browser) as (page, watch):
        watch.allowed += ["ERR_", "WebSocket", "server endpoint", "Streamlit server"]
        with dashboard_process(environment) as (address, pid):
            open_page(page, f"{address}/preferences")
            page.get_by_text("Create New", exact=True).first.click()
            page.get_by_role("button", name="Review and save").click()
            save = page.get_by_role("dialog").get_by_role("button", name="Save")
            expect(save).to_be_visible()
            os.kill(pid, signal.SIGTERM)
            eventually(lambda: not is_alive(pid), 20)
            expect(page.get_by_role("alert").filter(has_text="is lost")).to_be_visible()
        with dashboard_process(environment):
            said = page.get_by_role("alert").filter(has_text="nothing of it was saved")
            expect(said).to_be_visible()
            with suppress(NotInTime):  # once the page has its server again, it takes the dialog away
                save.click(timeout=1000)
            settled(page)
            expect(said).to_be_visible()
            assert installation.application.configuration.current() is None
            said.get_by_role("button", name="Reload").click()
            expect(said).to_have_count(0)
            expect(page.get_by_role("heading", name="Sync Preferences")).to_be_visible()


def settings(installation: Installed, **more: str) -> Settings:
    return Settings.from_environment({**installation.environment, **more})


def test_a_path_in_public_url_is_where_the_dashboard_is(installation: Installed) -> None:
    options = streamlit_options(settings(installation, PUBLIC_URL="https://school.edu/sync"))
    assert options["server.baseUrlPath"] == "sync"


def test_the_sign_in_comes_back_to_public_url(installation: Installed) -> None:
    more = {
        "LOGIN_ISSUER": "https://login.school.edu/",
        "LOGIN_CLIENT_ID": "a",
        "LOGIN_CLIENT_SECRET": "b",
        "LOGIN_ADMINS": "ann@school.edu",
    }
    secrets = sign_in_secrets(settings(installation, PUBLIC_URL="https://sync.school.edu", **more), "cookies")
    assert secrets
    assert secrets["auth"]["redirect_uri"] == "https://sync.school.edu/oauth2callback"
    assert (
        secrets["auth"]["server_metadata_url"] == "https://login.school.edu/.well-known/openid-configuration"
    )
    assert sign_in_secrets(settings(installation), "cookies") is None


def test_whoever_is_guarded_by_a_proxy_is_told_what_that_means(
    installation: Installed, environment: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASHBOARD_OPEN", "yes")
    assert "a proxy in front must ask people who they are" in texts(open_view())


async def _never_called(*_: object) -> None:
    raise AssertionError("nobody is served here")


def test_cookies_are_for_https_alone_where_the_dashboard_is() -> None:
    headers = MutableHeaders(raw=[(b"set-cookie", b"a=b; Path=/"), (b"set-cookie", b"c=d; Secure")])
    middleware = SecurityMiddleware(_never_called, "https://sync.school.edu")
    middleware.add_headers(headers)
    assert headers.getlist("set-cookie") == ["a=b; Path=/; Secure", "c=d; Secure"]
    assert headers["strict-transport-security"]
