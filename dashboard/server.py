"""``python -m dashboard``: Streamlit's own server with our routes beside the pages (stack.md §3). It ends at SIGTERM and Ctrl-C."""

import os
import sys
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard import routes
from syncer import log_lines
from syncer.bootstrap import Application
from syncer.people import MACHINE
from syncer.settings import BadSettings, Settings

HERE = Path(__file__).resolve().parent
DONE, USED_WRONGLY = 0, 2
COOKIES = "cookies of the dashboard"
"""What the key is for by which Streamlit signs its cookies; sessions outlive a restart with it."""


def main() -> int:
    """Serve until told to stop. Returns the exit status: 0 done, 2 settings that do not work, each said in a sentence."""
    log_lines.configure()
    try:
        with Application.from_environment(person=MACHINE) as application:
            application.check()
            os.environ["STREAMLIT_SERVER_COOKIE_SECRET"] = application.vault.derived(COOKIES)
            app(application).run(config=configuration(application.settings))
    except BadSettings as bad:
        print(bad, file=sys.stderr, flush=True)
        return USED_WRONGLY
    return DONE


def app(application: Application) -> st.App:
    """The pages and the routes, not yet served."""
    return st.App(HERE / "main.py", routes=routes.routes(application))


def configuration(settings: Settings) -> dict[str, Any]:
    """How Streamlit is to serve: nothing is sent to anybody, errors show no code, nothing waits for edits of the program."""
    return {
        "server.address": settings.dashboard.host,
        "server.port": settings.dashboard.port,
        "server.headless": True,
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": False,
        "client.showErrorDetails": "none",
        "client.toolbarMode": "minimal",
        "theme.base": "light",
    }
