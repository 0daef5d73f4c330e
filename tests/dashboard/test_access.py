"""Who may come in: people sign in at their school's provider, in a real browser, and are what the settings
say."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import NAMESPACE_DNS, uuid5

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import open_page, settled, watched_page
from tests.support.dashboard import Installed, dashboard_process, free_port
from tests.support.identity_provider import IdentityProvider, identity_provider

PEOPLE: dict[str, dict[str, object]] = {
    "viewer@school.edu": {},
    "analyst@school.edu": {},
    "admin@school.edu": {"email": "Admin@School.edu"},
    "stranger@other.edu": {},
    "unsure@school.edu": {"email_verified": False},
    "somebody@school.edu": {},
    "everywhere@school.edu": {"groups": [str(uuid5(NAMESPACE_DNS, str(number))) for number in range(200)]},
}
ROLES = {
    "LOGIN_ADMINS": "admin@school.edu",
    "LOGIN_ANALYSTS": "analyst@school.edu",
    "LOGIN_VIEWERS": "@school.edu",
}


@dataclass
class School:
    """A dashboard that asks people to sign in, and their provider."""

    address: str
    provider: IdentityProvider


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, _empty: Installed) -> Iterator[School]:
    installed = _empty.copy_to(tmp_path_factory.mktemp("school") / "data")
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with identity_provider(address, PEOPLE) as provider:
        environment = {
            **installed.environment,
            **provider.environment(),
            **ROLES,
            "DASHBOARD_PORT": str(port),
            "PUBLIC_URL": address,
        }
        with dashboard_process(environment) as _:
            yield School(address, provider)


@pytest.fixture
def school(served: School) -> School:
    served.provider.ago = 0
    return served


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with watched_page(browser) as (page, watch):
        watch.allowed.append("favicon.ico")
        yield page


def sign_in(page: Page, school: School, who: str) -> None:
    open_page(page, school.address)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name=who).click()
    page.wait_for_url(f"{school.address}/")
    settled(page)


@pytest.mark.parametrize(
    ("who", "shown"),
    [
        ("viewer@school.edu", "viewer@school.edu · Viewer"),
        pytest.param(
            "analyst@school.edu", "analyst@school.edu · Analyst", marks=pytest.mark.variation
        ),  # listed as the administrator is
        ("admin@school.edu", "admin@school.edu · Administrator"),
        pytest.param(
            "somebody@school.edu", "somebody@school.edu · Viewer", marks=pytest.mark.variation
        ),  # a viewer by the same setting
        ("everywhere@school.edu", "everywhere@school.edu · Viewer"),  # in 200 groups of the directory
    ],
)
def test_people_are_what_the_settings_say_also_after_a_reload(
    page: Page, school: School, who: str, shown: str
) -> None:
    sign_in(page, school, who)
    expect(page.get_by_text(shown)).to_be_visible()
    page.reload()
    expect(page.get_by_text(shown)).to_be_visible()
    trail = page.get_by_test_id("stSidebarNav").get_by_role("link", name="Audit trail")
    expect(trail).to_have_count(1 if who == "admin@school.edu" else 0)


def test_nobody_sees_anything_before_they_sign_in(page: Page, school: School) -> None:
    for address in ("", "logs", "connection", "audit"):
        open_page(page, f"{school.address}/{address}")
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        expect(page.get_by_test_id("stSidebarNav")).to_have_count(0)
        assert page.get_by_role("textbox").count() == 0


@pytest.mark.parametrize(
    ("who", "why"),
    [
        ("stranger@other.edu", "nobody with this address was given access"),
        ("unsure@school.edu", "does not say that unsure@school.edu was verified"),
    ],
)
def test_somebody_without_a_role_is_told_why_and_may_sign_out(
    page: Page, school: School, who: str, why: str
) -> None:
    sign_in(page, school, who)
    expect(page.get_by_text(why)).to_be_visible()
    expect(page.get_by_test_id("stSidebarNav")).to_have_count(0)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_whoever_signs_out_is_out_in_every_tab_and_at_the_provider_too(page: Page, school: School) -> None:
    before = school.provider.signed_out
    sign_in(page, school, "admin@school.edu")
    other = page.context.new_page()
    other.goto(school.address)
    expect(other.get_by_text("· Administrator")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    other.get_by_test_id("stSidebarNav").get_by_role("link", name="Runs").click()
    expect(other.get_by_role("button", name="Sign in")).to_be_visible()
    assert school.provider.signed_out == before + 1


def test_a_sign_in_of_yesterday_is_none(page: Page, school: School) -> None:
    school.provider.ago = 13 * 3600
    sign_in(page, school, "admin@school.edu")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_what_a_browser_keeps_is_not_the_providers_secret_and_no_script_reads_it(
    page: Page, school: School
) -> None:
    sign_in(page, school, "admin@school.edu")
    cookies = {
        cookie["name"]: cookie
        for cookie in page.context.cookies()
        if cookie["domain"] == urlsplit(school.address).hostname
    }
    user = [cookie for name, cookie in cookies.items() if name.startswith("_streamlit_user")]
    assert user
    assert all(cookie["httpOnly"] and cookie["sameSite"] == "Lax" for cookie in user)


def test_an_invented_cookie_lets_nobody_in(browser: Browser, school: School) -> None:
    with watched_page(browser) as (page, _):
        forged = '{"is_logged_in": true, "email": "admin@school.edu", "iat": 99999999999}'
        page.context.add_cookies(
            [{"name": "_streamlit_user", "value": forged.encode().hex(), "url": school.address}]
        )
        open_page(page, school.address)
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_the_callback_of_the_sign_in_answers_to_nothing_it_did_not_begin(school: School) -> None:
    answer = requests.get(
        f"{school.address}/oauth2callback",
        params={"code": "x", "state": "y"},
        allow_redirects=False,
        timeout=30,
    )
    assert answer.status_code == 302
    assert "_streamlit_user=" not in answer.headers.get("Set-Cookie", "")
