"""The Integration Logs page, in the hands of a test."""

from typing import Any

from streamlit.testing.v1 import AppTest

from syncer.journal import log_queries
from syncer.journal.log_queries import LogFilter
from tests.support.dashboard import Installed
from tests.support.sandbox import RunningSandbox

LOGS = "views/logs/view.py"
MISSING = "REQUIRED_FIELD_MISSING"


def nameless(sandbox: RunningSandbox) -> list[str]:
    """The Element IDs of six people whose last names are emptied where an installation is to have
    failures."""
    rows = sorted(sandbox.records("Contact"), key=lambda row: str(row["Id"]))
    return [str(row["Element451_ID__c"]) for row in rows if row["Element451_ID__c"] and row["MobilePhone"]][
        :6
    ]


def entries(installed: Installed, **chosen: Any) -> list[dict[str, Any]]:
    """The chosen log entries, newest first."""
    return log_queries.entries(installed.application.database, LogFilter(**chosen), 1000)


def failed(installed: Installed, record: str) -> dict[str, Any]:
    """The newest failed entry of a record."""
    return entries(installed, record=record, status="failed")[0]


def button(page: AppTest, label: str) -> Any:
    """The button with this label."""
    return next(button for button in page.button if button.label == label)


def click(page: AppTest, label: str) -> AppTest:
    """Press the button with this label."""
    assert not button(page, label).disabled, button(page, label).help
    button(page, label).click().run()
    return page


def listed(page: AppTest, installed: Installed) -> list[dict[str, Any]]:
    """The entries that a page lists, in its order, each with its row's ``label`` as people read it."""
    every = {entry["entry"]: entry for entry in entries(installed)}
    found = [(str(one.key).removeprefix("entry "), one.label) for one in page.button]
    return [
        every[int(number)] | {"label": label.replace("\\", "")} for number, label in found if number.isdigit()
    ]


def links(page: AppTest, sort: str) -> list[str]:
    """The labels of the links of a sort (page_link, link_button)."""
    return [str(found.proto.label) for found in page.get(sort)]
