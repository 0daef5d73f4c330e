"""What the dashboard's other tests stand on: pages run here, and in a real browser."""

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from tests.dashboard.screenshots import VIEWS
from tests.support.browser import NoBrowser, must_have_one, open_page, program, watched_page
from tests.support.dashboard import Installed, open_view, running_dashboard


@pytest.fixture(params=["installation", "busy"])
def any_installation(request: pytest.FixtureRequest) -> Installed:
    made: Installed = request.getfixturevalue(request.param)
    return made


@pytest.mark.parametrize("view", VIEWS)
def test_every_page_can_be_opened_however_far_the_school_is(any_installation: Installed, view: str) -> None:
    assert open_view(f"views/{view}/view.py").title


@pytest.mark.parametrize("who", ["viewer", "analyst", "admin"])
def test_every_page_can_be_opened_by_whoever_may_come_in(synced: Installed, people: None, who: str) -> None:
    for view in VIEWS:
        assert open_view(f"views/{view}/view.py", by=f"{who}@school.edu").title


def test_the_dashboard_answers_and_is_drawn(synced: Installed, either_page: Page) -> None:
    with running_dashboard(synced.environment, synced.sandbox) as address:
        assert requests.get(f"{address}/healthz", timeout=10).json() == {
            "status": "ok",
            "schedule": "live",
        }
        open_page(either_page, address)
        expect(either_page.get_by_role("heading", level=1)).to_be_visible()


def test_a_page_that_asks_another_machine_is_found_out(browser: Browser) -> None:
    def look() -> None:
        with watched_page(browser) as (page, _):
            page.route("**/*", lambda route: route.abort())
            page.set_content("<img src='http://pictures.example/1.png'>")

    with pytest.raises(AssertionError, match=r"pictures\.example"):
        look()


def test_without_a_browser_it_is_said_what_to_install_and_only_ci_must_have_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NoBrowser, match="or chromium"):
        program()
    monkeypatch.setenv("CI", "true")
    assert must_have_one()
    monkeypatch.delenv("CI")
    assert not must_have_one()
