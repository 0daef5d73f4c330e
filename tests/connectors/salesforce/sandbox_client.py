"""The real sign-in at a running sandbox, and clients of its org."""

from pathlib import Path
from typing import Any

import requests

from syncer.connectors.retry import RetryPolicy
from syncer.connectors.salesforce import SalesforceClient
from syncer.connectors.salesforce.oauth import App, Tokens, begin, exchange
from tests.connectors.salesforce.scripted_server import FileStore
from tests.support.sandbox import CALLBACK, CLIENT_ID, CLIENT_SECRET, RunningSandbox


def app_of(sandbox: RunningSandbox) -> App:
    return App(CLIENT_ID, CLIENT_SECRET, (sandbox.url.partition("://")[2],), sandbox.url)


def sent_back(url: str) -> str:
    """The address that the browser is sent back to once the person has allowed or denied."""
    with requests.Session() as browser:
        browser.trust_env = False
        return browser.get(url, allow_redirects=False, timeout=10).headers["Location"]


def connect(sandbox: RunningSandbox, approve: int = 1, **changes: Any) -> Tokens:
    """Sign in with the product's own code. Raises as `exchange` does."""
    app = app_of(sandbox)
    sign_in = begin(sandbox.url, app, CALLBACK)
    given = {
        "salesforce_url": sandbox.url,
        "app": app,
        "callback": CALLBACK,
        "state": sign_in.state,
        "verifier": sign_in.verifier,
        **changes,
    }
    return exchange(sent_back(f"{sign_in.authorize_url}&approve={approve}"), **given)


def client_of(sandbox: RunningSandbox, path: Path, **options: Any) -> SalesforceClient:
    """A client of the sandbox's org with a sign-in of its own, kept under ``path``."""
    app = app_of(sandbox)
    store = FileStore(path / "grant", connect(sandbox))
    more = {"retry": RetryPolicy(base_delay=0.01), **options}
    return SalesforceClient(
        store,
        client_id=app.client_id,
        client_secret=app.client_secret,
        allowed_hosts=app.allowed_hosts,
        **more,
    )
