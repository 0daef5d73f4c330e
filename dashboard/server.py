"""``python -m dashboard``: Streamlit's own server (`st.App`) with our routes beside the pages. It ends at
SIGTERM and Ctrl-C."""

import errno
import logging
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from starlette.middleware import Middleware

from dashboard import routes, theme
from dashboard.middleware import Door
from dashboard.shared import errors
from syncer.application.container import Application
from syncer.core.permissions import MACHINE
from syncer.infra import logs
from syncer.infra.settings.environment import BadSettings, Settings

HERE = Path(__file__).resolve().parent
DONE, USED_WRONGLY = 0, 2
COOKIES = "cookies of the dashboard"
"""What the key is for by which Streamlit signs its cookies; sessions outlive a restart with it."""
_TAKEN = {
    errno.EADDRINUSE: (
        "DASHBOARD_PORT: Port {port} is taken by another program. End that one, or set another port (and"
        " PUBLIC_URL, which names it)."
    ),
    errno.EACCES: (
        "DASHBOARD_PORT: This user may not listen on port {port}. Set one above 1023 (and PUBLIC_URL, which"
        " names it)."
    ),
}


def main() -> int:
    """Serve until told to stop. Returns the exit status: 0 done, 2 settings that do not work, each said in a
    sentence."""
    logs.configure()
    try:
        with Application.from_environment(person=MACHINE) as application:
            application.check()
            _check_port(application.settings)
            os.environ["STREAMLIT_SERVER_COOKIE_SECRET"] = application.vault.derived(COOKIES)
            # It would print what an error says, and with it perhaps what somebody typed: `mishaps` keeps what
            # is safe of it.
            logging.getLogger("streamlit.error_util").disabled = True
            app(application).run(config=configuration(application.settings))
    except BadSettings as bad:
        print(bad, file=sys.stderr, flush=True)
        return USED_WRONGLY
    return DONE


def app(application: Application) -> st.App:
    """The pages and the routes, not yet served."""
    settings = application.settings

    @asynccontextmanager
    async def serving(_: st.App) -> AsyncIterator[None]:
        print(f"The dashboard is at {settings.public_url}", flush=True)
        yield

    return st.App(
        HERE / "app.py",
        secrets=signing_in(settings, application.vault.derived(COOKIES)),
        routes=routes.routes(application),
        middleware=[Middleware(Door, public_url=settings.public_url)],
        lifespan=serving,
        on_script_error=errors.told,
    )


def signing_in(settings: Settings, cookie_secret: str) -> dict[str, Any] | None:
    """What Streamlit's own sign-in needs (its section ``auth`` of secrets); None where nobody signs in."""
    login = settings.dashboard.login
    if login is None:
        return None
    return {
        "auth": {
            "redirect_uri": f"{settings.public_url}/oauth2callback",
            "cookie_secret": cookie_secret,
            "client_id": login.client_id,
            "client_secret": login.client_secret,
            "server_metadata_url": login.metadata_url,
        }
    }


def configuration(settings: Settings) -> dict[str, Any]:
    """How Streamlit is to serve: nothing is sent to anybody, errors show no code, nothing waits for edits of
    the program."""
    return {
        "server.address": settings.dashboard.host,
        "server.port": settings.dashboard.port,
        "server.baseUrlPath": urlsplit(settings.public_url).path.strip("/"),
        "server.headless": True,
        "server.fileWatcherType": "none",
        "server.enableXsrfProtection": True,
        "browser.gatherUsageStats": False,
        "runner.magicEnabled": False,
        "client.showErrorDetails": "none",
        "client.showErrorLinks": "false",
        "client.toolbarMode": "minimal",
        # A table's own export would hand spreadsheets what they take for a formula; ours (`parts.csv_file`)
        # does not.
        "client.disableDataExport": True,
        "logger.hideWelcomeMessage": True,
        **theme.options(),
    }


def _check_port(settings: Settings) -> None:
    """Raises `BadSettings` where the address cannot be listened on; Streamlit would only say that it is not
    available."""
    host, port = settings.dashboard.host, settings.dashboard.port
    try:
        with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
            return
    except (OSError, UnicodeError) as error:
        sentence = _TAKEN.get(
            getattr(error, "errno", None) or 0, "DASHBOARD_HOST: “{host}” is not an address of this machine."
        )
        raise BadSettings([sentence.format(host=host, port=port)]) from None
