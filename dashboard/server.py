"""``python -m dashboard``: Streamlit's own server (`st.App`) with our routes beside the pages. It ends at
SIGTERM and Ctrl-C."""

import errno
import gc
import importlib
import logging
import os
import pkgutil
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from starlette.middleware import Middleware

from dashboard import ending, identity, metrics, routes, sign_in_failures, theme, views
from dashboard.client_limits import ClientLimits
from dashboard.middleware import SecurityMiddleware
from dashboard.page_script import PageScript
from dashboard.shared import errors
from syncer.application.container import Application
from syncer.connectors import network
from syncer.core.permissions import MACHINE
from syncer.infra import logs
from syncer.infra.private_files import keep_private
from syncer.infra.settings.environment import BadSettings, Settings
from syncer.infra.terminal import replace_what_cannot_be_shown

FOLDER = Path(__file__).resolve().parent
EXIT_DONE = 0
EXIT_BAD_SETTINGS = 2
COOKIES = "cookies of the dashboard"
"""The purpose of the derived key by which Streamlit signs its cookies. The key is always the same, so that
sessions survive a restart."""
_SLOW_TO_IMPORT = ("pandas", "pyarrow")
"""What Streamlit imports when a page first needs it."""
_LISTEN_ERRORS = {
    errno.EADDRINUSE: (
        "DASHBOARD_PORT: Port {port} is taken by another program. End that one, or set another port (and"
        " PUBLIC_URL, which names it)."
    ),
    errno.EACCES: (
        "DASHBOARD_PORT: This user may not listen on port {port}. Set one above 1023 (and PUBLIC_URL, which"
        " names it)."
    ),
}
_NO_SUCH_HOST = "DASHBOARD_HOST: “{host}” is not an address of this machine."


def main() -> int:
    """Serve until a signal ends it. Returns the exit status: 0 when it ended in order, 2 when settings are
    wrong, which are then named on stderr."""
    replace_what_cannot_be_shown()
    keep_private()
    logs.configure()
    try:
        with Application.from_environment(person=MACHINE) as application:
            application.check()
            _check_port(application.settings)
            import_what_pages_need()
            network.trust_in_libraries(os.environ)
            os.environ["STREAMLIT_SERVER_COOKIE_SECRET"] = application.vault.derived(COOKIES)
            # It would print the text of exceptions, which may hold what somebody typed. `errors` logs what
            # is safe of them.
            logging.getLogger("streamlit.error_util").disabled = True
            app(application).run(config=streamlit_options(application.settings))
    except BadSettings as bad:
        print(bad, file=sys.stderr, flush=True)
        return EXIT_BAD_SETTINGS
    return EXIT_DONE


def import_what_pages_need() -> None:
    """Import it before anybody is served: several first visitors at once would each begin to, and find it
    half done. Whenever a page was drawn, Streamlit looks through the whole memory for what nobody uses any
    more; what is there for good is left out of that, which took more than half of each page's time."""
    parts = (module.name for module in pkgutil.walk_packages(views.__path__, f"{views.__name__}."))
    for name in (*_SLOW_TO_IMPORT, *(part for part in parts if not part.endswith(".view"))):
        importlib.import_module(name)
    gc.collect()
    gc.freeze()


def app(application: Application) -> st.App:
    """The pages and the routes, ready to be served."""
    settings = application.settings
    identity.keep_what_is_used()
    if login := settings.dashboard.login:
        sign_in_failures.say_why(login.metadata_url)

    @asynccontextmanager
    async def announce(_: st.App) -> AsyncIterator[None]:
        ending.end_in_any_case()
        print(f"The dashboard is at {settings.public_url}", flush=True)
        yield

    return st.App(
        FOLDER / "app.py",
        secrets=sign_in_secrets(settings, application.vault.derived(COOKIES)),
        routes=routes.routes(application),
        middleware=[
            Middleware(
                SecurityMiddleware,
                public_url=settings.public_url,
                asked_by_any_name=[metrics.PATH] if settings.dashboard.metrics_token else [],
            ),
            Middleware(ClientLimits),
            Middleware(PageScript, base=urlsplit(settings.public_url).path),
        ],
        lifespan=announce,
        on_script_error=errors.on_script_error,
    )


def sign_in_secrets(settings: Settings, cookie_secret: str) -> dict[str, Any] | None:
    """What Streamlit's own sign-in needs (section ``auth`` of its secrets); None where nobody signs in."""
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


def streamlit_options(settings: Settings) -> dict[str, Any]:
    """Streamlit's configuration options: no usage statistics, no code in error messages, no watching of
    files."""
    return {
        "server.address": settings.dashboard.host,
        "server.port": settings.dashboard.port,
        "server.baseUrlPath": urlsplit(settings.public_url).path.strip("/"),
        "server.headless": True,
        "server.fileWatcherType": "none",
        "server.enableXsrfProtection": True,
        "browser.gatherUsageStats": False,
        "runner.magicEnabled": False,
        # Otherwise each message of a page starts a thread of its own, while those before still run.
        "runner.fastReruns": False,
        "client.showErrorDetails": "none",
        "client.showErrorLinks": "false",
        "client.toolbarMode": "minimal",
        # A table's own export would write formulas; that of `csv_export` escapes them.
        "client.disableDataExport": True,
        "logger.hideWelcomeMessage": True,
        **theme.options(),
    }


def _check_port(settings: Settings) -> None:
    """Raises `BadSettings` if the server cannot listen on its address. Streamlit would only say that it is
    not available."""
    host, port = settings.dashboard.host, settings.dashboard.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.create_server((host, port), family=family):
            return
    except (OSError, UnicodeError) as error:
        sentence = _LISTEN_ERRORS.get(getattr(error, "errno", None) or 0, _NO_SUCH_HOST)
        raise BadSettings([sentence.format(host=host, port=port)]) from None
