"""Whoever cannot sign in because the issuer was not reached reads why, and which setting to look at: a
missing authority, a dead proxy and a dead network in three sentences."""

import asyncio
import importlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response
from streamlit.web.server.starlette import starlette_auth_routes as sign_in

from dashboard import sign_in_failures
from tests.support.dashboard import free_port
from tests.support.inspecting_proxy import InspectingProxy, inspecting_proxy

METADATA = "https://login.school.edu/.well-known/openid-configuration"
BACK = "https://sync.school.edu/sync/oauth2callback"


@pytest.fixture
def proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InspectingProxy]:
    """The only way out; Streamlit's routes know one provider, and were told to say why."""
    for name in (
        "NO_PROXY",
        "no_proxy",
        "https_proxy",
        "REQUESTS_CA_BUNDLE",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
    ):
        monkeypatch.delenv(name, raising=False)

    def client(_: str) -> tuple[object, str]:
        made = (
            importlib.import_module("authlib.integrations.starlette_client")
            .OAuth()
            .register("default", client_id="dashboard", server_metadata_url=METADATA)
        )
        return made, BACK

    answers = {
        "_create_oauth_client": client,
        "_parse_provider_token": lambda _: "default",
        "_get_origin_from_secrets": lambda: "https://sync.school.edu",
        "_auth_login": sign_in._auth_login,
        "_auth_callback": sign_in._auth_callback,
    }
    for name, value in answers.items():
        monkeypatch.setattr(sign_in, name, value)
    sign_in_failures.say_why(METADATA)
    with inspecting_proxy(tmp_path / "proxy", {"login.school.edu:443": free_port()}) as found:
        monkeypatch.setenv("HTTPS_PROXY", found.address)
        yield found


def page(route: str) -> str:
    """What somebody reads who goes to sign in, or comes back from the issuer."""
    state = {"data": {"redirect_uri": BACK}, "exp": time.time() + 60}
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "query_string": b"code=c&state=s",
        "headers": [],
        "session": {"_state_default_s": state},
    }

    async def answer() -> Response:
        response: Response = await vars(sign_in)[route](Request(scope), "sync")
        return response

    with ThreadPoolExecutor(1) as beside_the_browsers_loop:
        response = beside_the_browsers_loop.submit(asyncio.run, answer()).result()
    assert (response.status_code, response.headers["cache-control"]) == (502, "no-store")
    text = bytes(response.body).decode()
    assert 'href="/sync/"' in text
    return text


@pytest.mark.parametrize("route", ["_auth_login", "_auth_callback"])
def test_each_cause_is_told_in_a_sentence_of_its_own_that_names_its_setting(
    proxy: InspectingProxy, monkeypatch: pytest.MonkeyPatch, route: str
) -> None:
    untrusted = page(route)
    proxy.ports.clear()
    closed_proxy = page(route)
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{free_port()}")
    dead_proxy = page(route)
    monkeypatch.delenv("HTTPS_PROXY")
    monkeypatch.setattr("socket.getaddrinfo", _no_network)
    dead_network = page(route)
    assert "REQUESTS_CA_BUNDLE" in untrusted
    assert "proxy that HTTPS_PROXY names" in dead_proxy
    assert dead_proxy == closed_proxy
    assert len({untrusted, dead_proxy, dead_network}) == 3
    assert "REQUESTS_CA_BUNDLE" not in dead_network
    assert "LOGIN_ISSUER" in dead_network


def _no_network(*_: object, **__: object) -> object:
    raise OSError("Name or service not known")
