"""The way to Salesforce's sign-in and back, as a person goes it in a real browser."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from dashboard.shared.query_params import SIGN_IN
from syncer.core.records import System
from syncer.infra.settings.environment import CALLBACK_PATH
from tests.support.browser import open_page, watched_page
from tests.support.dashboard import Installed, running_dashboard
from tests.support.sandbox import CLIENT_ID, CLIENT_SECRET, RunningSandbox


@dataclass
class Place:
    """A dashboard and its installation."""

    address: str
    installed: Installed

    def connected(self) -> bool:
        """Whether Salesforce is."""
        view = self.installed.application.connections.view(System.SALESFORCE)
        return view is not None and view.usable


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory, _empty: Installed, sandbox: RunningSandbox
) -> Iterator[Place]:
    installed = Installed(
        tmp_path_factory.mktemp("served") / "data", sandbox, REDIS_URL=_empty.environment["REDIS_URL"]
    )
    installed.application.check()
    with running_dashboard(installed.environment, sandbox) as address:
        yield Place(address, installed)
    installed.application.close()


@pytest.fixture
def place(served: Place, sandbox: RunningSandbox) -> Iterator[Place]:
    with served.installed.application.database.begin() as connection:
        for name in ("connections", "sign_ins"):
            connection.execute(text(f"DELETE FROM {name}"))  # noqa: S608 - tables of ours
    before = sandbox.options()
    yield served
    sandbox.options(**{name: value for name, value in before.items() if sandbox.options()[name] != value})


def leave(page: Page, place: Place, secret: str = CLIENT_SECRET) -> None:
    """Enter everything, and continue to Salesforce's own page."""
    open_page(page, f"{place.address}/connection")
    page.get_by_label("Salesforce URL", exact=True).fill(place.installed.sandbox.url)
    page.get_by_label("Client ID", exact=True).fill(CLIENT_ID)
    page.get_by_label("Secret Key", exact=True).fill(secret)
    page.get_by_role("button", name="Continue", exact=True).click()
    page.wait_for_url(f"{place.installed.sandbox.url}/services/oauth2/authorize?**")


def come_back(page: Page, place: Place, button: str = "Allow") -> None:
    """Answer there, and be back."""
    page.get_by_role("button", name=button).click()
    page.wait_for_url(f"{place.address}/connection?{SIGN_IN}=*")


def test_whoever_allows_it_is_back_on_the_page_and_connected(page: Page, place: Place) -> None:
    leave(page, place)
    come_back(page, place)
    expect(page.get_by_text("Salesforce is connected.")).to_be_visible()
    expect(page.get_by_text("integration@sandbox.example")).to_be_visible()
    assert place.connected()
    page.reload()
    expect(page.get_by_text("Salesforce is connected.")).to_be_visible()


def test_neither_the_code_nor_the_state_is_left_anywhere_a_browser_keeps(page: Page, place: Place) -> None:
    asked: list[tuple[str, str]] = []
    page.on("request", lambda request: asked.append((request.url, request.headers.get("referer", ""))))
    leave(page, place)
    (state,) = parse_qs(urlsplit(page.url).query)["state"]
    come_back(page, place)
    expect(page.get_by_text("Salesforce is connected.")).to_be_visible()
    ours = [(url, referer) for url, referer in asked if url.startswith(place.address)]
    (callback,) = [url for url, _ in ours if CALLBACK_PATH in url]
    (code,) = parse_qs(urlsplit(callback).query)["code"]
    for secret in (code, state):
        assert not [referer for _, referer in ours if secret in referer]
        assert not [
            referer for _, referer in asked if secret in referer and referer.startswith(place.address)
        ]
        assert not [url for url, _ in ours if secret in url and url != callback]
        assert secret not in page.url + page.content()
    answer = requests.get(callback, allow_redirects=False, timeout=30)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_whoever_denies_it_is_told_what_to_do(page: Page, place: Place) -> None:
    leave(page, place)
    come_back(page, place, "Deny")
    expect(
        page.get_by_text("Access was denied on the Salesforce page. Connect again and choose Allow.")
    ).to_be_visible()
    assert not place.connected()
    expect(page.get_by_role("button", name="Continue", exact=True)).to_be_visible()


def test_an_answer_that_was_used_already_changes_nothing(page: Page, place: Place) -> None:
    callbacks: list[str] = []
    page.on(
        "request", lambda request: callbacks.append(request.url) if CALLBACK_PATH in request.url else None
    )
    leave(page, place)
    come_back(page, place)
    expect(page.get_by_text("Salesforce is connected.")).to_be_visible()
    page.goto(callbacks[0])
    page.wait_for_url(f"{place.address}/connection?{SIGN_IN}=used")
    expect(page.get_by_text("This sign-in was completed already.")).to_be_visible()
    assert place.connected()


def test_a_sign_in_that_another_browser_completed_counts_once_it_is_confirmed(
    browser: Browser, page: Page, place: Place
) -> None:
    leave(page, place)
    authorize = page.url
    page.go_back()
    expect(
        page.get_by_role("button", name="Continue", exact=True).or_(
            page.get_by_role("button", name="Start over")
        )
    ).to_be_visible()
    with watched_page(browser) as (other, _):
        other.goto(authorize)
        come_back(other, place)
        expect(other.get_by_text("It is not in force yet.")).to_be_visible()
    assert not place.connected()
    page.reload()
    page.get_by_role("button", name="Connect this user").click()
    expect(page.get_by_text("integration@sandbox.example")).to_be_visible()


@pytest.mark.parametrize(
    ("options", "secret", "said"),
    [
        ({}, "a wrong secret", "Salesforce refuses the consumer key or secret."),
        ({"refresh_policy": "Zero"}, CLIENT_SECRET, "choose any refresh token policy but"),
        *(
            # these sentences are in the tests of the sign-in, too, and come to the page in the same way
            pytest.param(options, CLIENT_SECRET, said, marks=pytest.mark.variation)
            for options, said in (
                ({"api_enabled": False}, "API Enabled"),
                ({"user_active": False}, "inactive"),
            )
        ),
    ],
)
def test_what_is_wrong_on_salesforces_side_is_said_in_words(
    page: Page, place: Place, options: dict[str, object], secret: str, said: str
) -> None:
    place.installed.sandbox.options(**options)
    leave(page, place, secret)
    come_back(page, place)
    expect(page.get_by_text(said).first).to_be_visible()
    expect(page.get_by_text("Salesforce was not connected.")).to_be_visible()
    assert not place.connected()


def test_another_organization_cannot_take_the_place_of_the_first(page: Page, place: Place) -> None:
    leave(page, place)
    come_back(page, place)
    expect(page.get_by_text("Salesforce is connected.")).to_be_visible()
    place.installed.application.connections.disconnect(System.SALESFORCE)
    with place.installed.application.database.begin() as connection:
        connection.execute(
            text("UPDATE connections SET account = :account WHERE system = 'salesforce'"),
            {"account": '{"organization_id": "00D000000000001AAA"}'},
        )
    leave(page, place)
    come_back(page, place)
    expect(page.get_by_text("This is another Salesforce organization")).to_be_visible()


def test_a_callback_that_is_not_registered_stays_on_salesforces_page_and_ours_says_so_beforehand(
    browser: Browser, place: Place
) -> None:
    with running_dashboard(place.installed.environment) as address, watched_page(browser) as (page, watch):
        watch.allowed.append("400 (Bad Request)")
        leave(page, Place(address, place.installed))
        expect(page.get_by_text("redirect_uri_mismatch")).to_be_visible()
        open_page(page, f"{place.address}/connection")
        expect(page.get_by_text("redirect_uri_mismatch means that the callback address")).to_be_visible()


def test_an_address_that_somebody_made_up_is_refused_in_words(page: Page, place: Place) -> None:
    page.goto(f"{place.address}{CALLBACK_PATH}?code=made-up&state=made-up")
    expect(page.get_by_text("This address belongs to no sign-in that was begun here.")).to_be_visible()
    page.goto(f"{place.address}/connection?{SIGN_IN}=%3Cscript%3E")
    expect(page.get_by_role("heading", name="Connection")).to_be_visible()
