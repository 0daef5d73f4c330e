"""Alerts and people: who is told is edited and tried on the page, by administrators alone."""

from collections.abc import Callable

from syncer.journal.audit import AUDIT
from tests.dashboard.overview_page import plainly
from tests.support.dashboard import PEOPLE, Installed, open_view, press
from tests.support.listeners import webhook

ALERTS = "views/alerts/view.py"
MAIL = {
    "SMTP_URL": "smtp://127.0.0.1:1",
    "ALERT_EMAIL_TO": "registrar@school.edu",
    "ALERT_EMAIL_FROM": "sync@school.edu",
}


def with_ways(
    installation: Installed, environment: Callable[[Installed], Installed], **ways: str
) -> Installed:
    return environment(installation.copy_to(installation.folder.parent / "with ways", **ways))


def test_where_alerts_go_nowhere_it_says_so_and_how_to_change_it(installation: Installed) -> None:
    page = open_view(ALERTS)
    assert "Alerts go nowhere" in plainly(page)
    assert "SMTP_URL" in plainly(page)
    assert page.button(key="send a test").disabled


def test_receivers_are_edited_and_an_address_that_is_none_changes_nothing(
    installation: Installed, environment: Callable[[Installed], Installed]
) -> None:
    made = with_ways(installation, environment, **MAIL)
    page = open_view(ALERTS)
    field = page.text_area(key="alert receivers")
    assert field.value == "registrar@school.edu"
    field.input("ann@school.edu, bob")
    press(page, "save receivers")
    assert "is not an e-mail address" in plainly(page)
    assert page.text_area(key="alert receivers").value == "ann@school.edu, bob", "no input is lost"
    page.text_area(key="alert receivers").input("ann@school.edu\nbob@school.edu")
    press(page, "save receivers")
    assert open_view(ALERTS).text_area(key="alert receivers").value == "ann@school.edu\nbob@school.edu"
    with made.application.database.connect() as connection:
        (noted,) = connection.execute(AUDIT.select()).all()
    assert noted.about == "ann@school.edu, bob@school.edu"


def test_a_test_is_sent_by_every_way_and_what_fails_is_told(
    installation: Installed, environment: Callable[[Installed], Installed]
) -> None:
    with webhook() as hook:
        with_ways(installation, environment, ALERT_WEBHOOK_URL=hook.url, **MAIL)
        page = press(open_view(ALERTS), "send a test")
        assert [posted["alert"] for posted in hook.posted] == ["test"]
    assert [plainly(page).count(said) for said in ("Sent by webhook.", "By e-mail: 127.0.0.1")] == [1, 1]


def test_roles_are_shown_and_only_administrators_change_who_is_told(
    installation: Installed, environment: Callable[[Installed], Installed]
) -> None:
    with_ways(installation, environment, **MAIL, **PEOPLE)
    page = open_view(ALERTS, by="analyst@school.edu")
    assert page.text_area(key="alert receivers").disabled
    assert page.button(key="send a test").disabled
    (table,) = page.table
    assert "viewer" in str(table.value)
