"""No secret leaves its place: every secret that there is is looked for in all that a browser gets, and in
what every process says, while somebody signs in, connects, fails to connect, syncs, and looks at pages that
break."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from playwright.sync_api import Browser, Page, Response, WebSocket, expect
from sqlalchemy import select, text
from sqlalchemy.engine import make_url

from dashboard.server import COOKIES
from dashboard.shared import errors
from syncer.connections.token_store import DatabaseTokenStore
from syncer.infra import logs
from syncer.infra.database.tables import SignInRow, table
from tests.support.browser import open_page, settled, watched_page
from tests.support.dashboard import Installed, clean_environment, dashboard_process, free_port
from tests.support.databases import Databases
from tests.support.identity_provider import CLIENT_SECRET as LOGIN_SECRET
from tests.support.identity_provider import identity_provider
from tests.support.postgres import Server
from tests.support.sandbox import CLIENT_ID, CLIENT_SECRET, ROOT, RunningSandbox
from tests.support.signing_in import FEATURE_TOKEN

pytestmark = pytest.mark.long

API_KEY, PASSWORD, MISTAKEN = "planted-api-key", "planted-database-password", "planted-mistake"
ADMIN = "admin@school.edu"
PAGES = (
    "",
    "student",
    "student?find=a",
    "logs",
    "runs",
    "connection",
    "preferences",
    "mappings",
    "versions",
    "preview",
    "dry-run",
    "audit",
)


class Eavesdropper:
    """Keeps everything that a page gets or sends: documents, frames, addresses, what it holds in its
    storage."""

    def __init__(self, page: Page) -> None:
        self.page, self.heard, self.addresses = page, list[str](), list[str]()
        page.on("websocket", self._connected)
        page.on("request", lambda request: self.addresses.append(request.url))
        page.on("response", self._answered)
        page.on("console", lambda message: self.heard.append(message.text))

    def look(self) -> None:
        """Keep what the page shows at this moment."""
        settled(self.page)
        kept = "() => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
        self.heard += [self.page.content(), self.page.evaluate(kept), self.page.url]

    def _connected(self, socket: WebSocket) -> None:
        socket.on(
            "framereceived",
            lambda frame: self.heard.append(
                frame if isinstance(frame, str) else frame.decode("utf-8", "replace")
            ),
        )

    def _answered(self, response: Response) -> None:
        self.heard.append(json.dumps(response.headers))


def connect_element451(page: Page, url: str, token: str, key: str) -> None:
    page.get_by_label("API URL", exact=True).fill(url)
    page.get_by_label("Feature token", exact=True).fill(token)
    page.get_by_label("API key", exact=True).fill(key)
    page.get_by_role("button", name="Connect", exact=True).click()


def go_to_salesforce(page: Page, url: str, secret: str) -> None:
    page.get_by_label("Salesforce URL", exact=True).fill(url)
    page.get_by_label("Client ID", exact=True).fill(CLIENT_ID)
    page.get_by_label("Secret Key", exact=True).fill(secret)
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(page.get_by_role("button", name="Allow")).to_be_visible()


def verifier(installed: Installed) -> str:
    """That of the sign-in under way."""
    with installed.application.database.connect() as connection:
        sealed = [row.secrets for row in connection.execute(select(table(SignInRow).c.secrets))]
    (found,) = [
        opened["verifier"] for opened in map(installed.application.vault.open, sealed) if "verifier" in opened
    ]
    return str(found)


@pytest.fixture(scope="module")
def planted(sandbox: RunningSandbox) -> Iterator[RunningSandbox]:
    sandbox.options(element451_api_key=API_KEY)
    yield sandbox
    sandbox.options(element451_api_key="")


def test_no_secret_is_in_anything_that_a_browser_gets_or_a_process_says(
    planted: RunningSandbox,
    browser: Browser,
    postgres: Server,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    redis_url: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    port, sealing = free_port(), Fernet.generate_key().decode()
    address = f"http://127.0.0.1:{port}"
    databases = Databases(tmp_path_factory.mktemp("databases"), postgres)
    with databases.url() as plain_url, identity_provider(address, {ADMIN: {}}) as provider:
        database = make_url(plain_url).set(password=PASSWORD).render_as_string(hide_password=False)
        more = {
            "DATABASE_URL": database,
            "SYNC_SECRET_KEY": sealing,
            "REDIS_URL": redis_url,
            "LOGIN_ADMINS": ADMIN,
            **provider.environment(),
        }
        installed = Installed(
            tmp_path / "data", planted, **more, PUBLIC_URL=address, DASHBOARD_PORT=str(port)
        )
        secrets = {
            FEATURE_TOKEN,
            API_KEY,
            CLIENT_SECRET,
            LOGIN_SECRET,
            sealing,
            PASSWORD,
            MISTAKEN,
            installed.application.vault.derived(COOKIES),
        }
        with dashboard_process(installed.environment, planted), watched_page(browser) as (page, watch):
            watch.allowed.append("favicon.ico")
            ear = Eavesdropper(page)
            open_page(page, f"{address}/connection")
            page.get_by_role("button", name="Sign in").click()
            page.get_by_role("link", name=ADMIN).click()
            expect(page.get_by_text("· Administrator")).to_be_visible()

            open_page(page, f"{address}/connection")
            connect_element451(page, f"{planted.url}/v2", MISTAKEN, MISTAKEN)
            expect(page.get_by_role("alert").first).to_be_visible()
            ear.look()
            connect_element451(page, f"{planted.url}/v2", FEATURE_TOKEN, API_KEY)
            expect(page.get_by_text("Element451 is connected.")).to_be_visible()
            ear.look()
            go_to_salesforce(page, planted.url, MISTAKEN)
            page.get_by_role("button", name="Allow").click()
            expect(page.get_by_text("Salesforce refuses the consumer key or secret.")).to_be_visible()
            ear.look()

            go_to_salesforce(page, planted.url, CLIENT_SECRET)
            secrets.add(verifier(installed))
            page.get_by_role("button", name="Allow").click()
            expect(page.get_by_text("Salesforce is connected.")).to_be_visible()
            ear.look()
            tokens = DatabaseTokenStore(installed.application.database, installed.application.vault).load()
            secrets |= {tokens.access_token, tokens.refresh_token}
            assert len(secrets) == 11

            installed.configure()
            command = [sys.executable, "-m", "syncer", "sync"]
            environment = clean_environment(installed.environment) | {"COLUMNS": "200"}
            synced = subprocess.run(
                command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=200, check=False
            )
            for path in PAGES:
                open_page(page, f"{address}/{path}")
                ear.look()
            with installed.application.database.begin() as connection:
                for name in ("entries", "runs", "versions", "connections"):
                    connection.execute(text(f"ALTER TABLE {name} RENAME TO {name}_away"))
            for path in PAGES:
                open_page(page, f"{address}/{path}")
                ear.look()
            expect(page.get_by_role("heading", name="Audit trail")).to_be_visible()
        installed.application.close()
    said = synced.stdout + synced.stderr + capsys.readouterr().out
    assert "The dashboard is at" in said
    for secret in secrets:
        assert secret not in said
        assert not [text[max(0, text.index(secret) - 60) :][:200] for text in ear.heard if secret in text]
        assert not [one for one in ear.addresses if secret in one]


def test_what_somebody_typed_is_not_in_the_log_of_a_page_that_breaks(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure()
    try:
        raise ValueError(f"could not use {MISTAKEN}")
    except ValueError as error:
        sentence = errors.report(error)
    assert sentence == errors.UNEXPECTED
    said = capsys.readouterr().err
    assert "ValueError" in said
    assert f"{os.path.join('tests', 'dashboard', 'test_planted_secrets.py')}" in said
    assert MISTAKEN not in said
