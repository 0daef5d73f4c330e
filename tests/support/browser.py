"""A real browser for tests: Debian's Chromium, driven by Playwright; the one without windows where that is
installed, which takes half the work. Every page is watched: nothing may be asked of another machine, and the
browser may complain of nothing."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from time import monotonic
from typing import Literal
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, WebSocket, expect, sync_playwright

PROGRAMS = {"chromium-headless-shell": (), "chromium": ("--headless=new",)}
"""The first of these that is installed is used, with these arguments besides `ARGUMENTS`."""
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDE, NARROW = 1280, 420
_LOOKS_FOR_ITS_SERVER = ("/_stcore/health)", "/_stcore/host-config)")
"""Streamlit's page looks for its server below its own address first, then above it (404 in the browser's
console, and nothing else)."""
Scheme = Literal["light", "dark"]
PATIENCE_MS = 30_000
"""What a page may take on a busy machine; conditions are awaited, and most take a fraction of it."""
LOOKS_EVERY_MS = 50
"""Seldom enough that looking takes no time from what is awaited."""
_SETTLED = """asked => {
    if (window.settledAsked !== asked) {  // whatever was done just before may not have reached the page yet
        window.settledAsked = asked;
        window.quietSince = undefined;
    }
    const app = document.querySelector('[data-testid="stApp"]');
    const moving = document.querySelector('[data-testid="stStatusWidget"], [data-stale="true"]');
    const busy = moving || !app || app.dataset.testScriptState !== 'notRunning';
    window.quietSince = busy ? undefined : window.quietSince ?? performance.now();
    return !busy && performance.now() - window.quietSince > 200;
}"""

_ASKED = count()


class NoBrowser(Exception):
    """This machine has no browser that could be used; ``str()`` says what to install."""


@dataclass
class Watch:
    """What a page did that it must not do. ``allowed``: parts of complaints that the test provokes."""

    asked_elsewhere: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def request(self, request: Request) -> None:
        """A request is sent."""
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.hostname not in ("127.0.0.1", "localhost"):
            self.asked_elsewhere.append(request.url)

    def said(self, message: ConsoleMessage) -> None:
        """The browser's console gets a line."""
        where = f"({message.location.get('url')})"
        if message.type == "error" and not where.endswith(_LOOKS_FOR_ITS_SERVER):
            self.complain(f"{message.text} {where}")

    def complain(self, what: object) -> None:
        """Something is wrong on the page."""
        self.complaints.append(str(what))

    def check(self) -> None:
        """Fail where there is anything."""
        assert not self.asked_elsewhere, f"the page asked other machines: {self.asked_elsewhere}"
        wrong = [line for line in self.complaints if not any(part in line for part in self.allowed)]
        assert not wrong, f"the browser complains: {wrong}"


class Talk:
    """What a page and its server tell each other by WebSocket. Used for one page, the newest connection of
    which counts."""

    def __init__(self) -> None:
        self.unanswered = False

    def begins(self, socket: WebSocket) -> None:
        """The page opens a connection."""
        self.unanswered = False
        socket.on("framesent", lambda _: self._note(True))
        socket.on("framereceived", lambda _: self._note(False))
        socket.on("close", lambda _: self._note(False))

    def _note(self, asked: bool) -> None:
        self.unanswered = asked


_TALKS: WeakKeyDictionary[Page, Talk] = WeakKeyDictionary()


def program() -> tuple[str, tuple[str, ...]]:
    """The browser's program, and the arguments that it needs. Raises `NoBrowser`."""
    for name, arguments in PROGRAMS.items():
        if found := shutil.which(name):
            return found, arguments
    raise NoBrowser("no browser: install Debian's package chromium-headless-shell or chromium")


def must_have_one() -> bool:
    """Whether a missing browser is a failure here, and no reason to skip."""
    return bool(os.environ.get("CI"))


@contextmanager
def running_browser() -> Iterator[Browser]:
    """A browser without a past. Raises `NoBrowser`."""
    path, arguments = program()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*arguments, *ARGUMENTS])
        expect.set_options(timeout=PATIENCE_MS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def watched_page(
    browser: Browser, *, width: int = WIDE, scheme: Scheme = "light"
) -> Iterator[tuple[Page, Watch]]:
    """A page of somebody who was never here before, 900 high. What it did that it must not do fails at the
    end of the block."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        locale="en-US",
        timezone_id="America/New_York",
    )
    context.set_default_timeout(PATIENCE_MS)
    watch = Watch()
    try:
        page = context.new_page()
        context.on("request", watch.request)
        context.on("console", watch.said)
        page.on("pageerror", watch.complain)
        _TALKS[page] = Talk()
        page.on("websocket", _TALKS[page].begins)
        yield page, watch
        watch.check()
    finally:
        context.close()


def settled(page: Page) -> None:
    """Wait until Streamlit has drawn the page and runs nothing more: whatever the page told the server was
    answered."""
    deadline = monotonic() + PATIENCE_MS / 1000
    page.wait_for_function(_SETTLED, arg=next(_ASKED), polling=LOOKS_EVERY_MS)
    while _TALKS[page].unanswered and monotonic() < deadline:
        page.wait_for_timeout(50)
        page.wait_for_function(_SETTLED, arg=next(_ASKED), polling=LOOKS_EVERY_MS)


def open_page(page: Page, address: str) -> None:
    """Go to a page of the dashboard and wait until it is drawn."""
    page.goto(address)
    settled(page)


def turn_to(page: Page, place: str) -> None:
    """Go to another page of the dashboard by the navigation, as most people do: the browser loads nothing
    anew, which is most of the work of opening a page by its address."""
    page.get_by_test_id("stSidebarNav").locator(f'a[href$="/{place}"]').click()
    settled(page)
