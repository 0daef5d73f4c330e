"""Names, fields and errors that try to do more than be shown: in a real browser, each stands there as text,
and nothing was made of it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from dashboard.shared.markdown import plain
from syncer.core.text import visible
from tests.dashboard.hostile_page import PLACES
from tests.support.browser import settled, watched_page
from tests.support.dashboard import free_port
from tests.support.hostile import VALUES
from tests.support.sandbox import ROOT
from tests.worker.installation import eventually

_LOOK = """([kinds, count]) => Object.fromEntries(kinds.flatMap(kind => [...Array(count).keys()].map(number => {
    const place = document.querySelector(`.st-key-${kind}-${number}`);
    return [`${kind}-${number}`, place && [place.textContent, [...new Set([...place.querySelectorAll('*')].map(one => one.tagName))]]];
})))"""
_ISOLATES = str.maketrans("", "", "\u2068\u2069")
IN_PLACE = [kind for kind in PLACES if kind != "toast"]


def _answers(address: str) -> bool:
    try:
        return requests.get(f"{address}/_stcore/health", timeout=5).ok
    except requests.ConnectionError:
        return False


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The page with every value in every place, served by Streamlit itself."""
    port = str(free_port())
    options = [
        "--server.port",
        port,
        "--server.address",
        "127.0.0.1",
        "--server.headless",
        "true",
        "--browser.gatherUsageStats",
        "false",
    ]
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        "tests/dashboard/hostile_page.py",
        *options,
        "--runner.magicEnabled",
        "false",
    ]
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL
    )
    try:
        eventually(lambda: _answers(f"http://127.0.0.1:{port}"))
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def drawn(browser: Browser, address: str) -> Iterator[Page]:
    with watched_page(browser) as (page, watch):
        page.on("dialog", lambda dialog: watch.complain(f"a box opened: {dialog.message}"))
        page.goto(address)
        page.wait_for_selector(f".st-key-table-{len(VALUES) - 1}", state="attached")
        settled(page)
        yield page


@pytest.fixture(scope="module")
def looked(drawn: Page) -> dict[str, tuple[str, list[str]]]:
    found: dict[str, Any] = drawn.evaluate(_LOOK, [IN_PLACE, len(VALUES)])
    return {name: (text.translate(_ISOLATES), elements) for name, (text, elements) in found.items()}


@pytest.mark.parametrize("kind", IN_PLACE)
def test_a_value_is_shown_letter_by_letter(looked: dict[str, tuple[str, list[str]]], kind: str) -> None:
    wrong = {
        value: looked[f"{kind}-{number}"][0]
        for number, value in enumerate(VALUES)
        if visible(value) not in looked[f"{kind}-{number}"][0]
    }
    assert not wrong


@pytest.mark.parametrize("kind", IN_PLACE)
def test_a_value_makes_no_link_no_picture_no_script_and_no_other_shape(
    looked: dict[str, tuple[str, list[str]]], kind: str
) -> None:
    usual = {*looked[f"{kind}-0"][1], "SPAN"}
    made = {value: set(looked[f"{kind}-{number}"][1]) - usual for number, value in enumerate(VALUES)}
    assert not {value: elements for value, elements in made.items() if elements}


def test_a_value_is_shown_so_in_messages_that_pop_up(drawn: Page) -> None:
    popped = drawn.locator('[data-testid="stToast"]')
    shown = [text.translate(_ISOLATES) for text in popped.all_text_contents()]
    assert shown
    assert all(any(visible(value) in text for value in VALUES) for text in shown)
    assert (
        popped.locator("a, img:not([data-testid]), script, iframe, em, strong, code, del, .katex").count()
        == 0
    )


def test_a_value_is_shown_so_where_a_mouse_rests(drawn: Page) -> None:
    drawn.locator(".st-key-help button:visible").hover()
    tip = drawn.locator('[data-testid="stTooltipContent"]')
    expect(tip).to_contain_text(visible(VALUES[-1]))
    said = (tip.text_content() or "").translate(_ISOLATES)
    assert not [value for value in VALUES if visible(value) not in said]
    assert tip.locator("a, img, script, iframe, em, strong, code, del, .katex").count() == 0


def test_nothing_was_carried_out(drawn: Page) -> None:
    assert drawn.title() == "Streamlit"


def test_a_long_value_is_cut_with_a_sign_that_it_is() -> None:
    assert plain("x" * 500) == "x" * 300 + "…"
    assert plain("x" * 20, longest=20) == "x" * 20


def test_line_ends_become_blanks_and_unseen_characters_are_named() -> None:
    assert visible("a\r\n\tb\u202ec") == "a b⟨U+202E⟩c"
    assert plain(" \n ") == ""


def test_text_from_right_to_left_stays_by_itself() -> None:
    assert plain("שלום") == "\u2068שלום\u2069"
    assert plain("Ann") == "Ann"
