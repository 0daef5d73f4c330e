"""What the sync relies on, on the Connection page: the doctor's verdicts, and the way on where conversations
cannot be exported."""

import pytest
from streamlit.testing.v1 import AppTest

from syncer.application import doctor
from syncer.connections import element451_settings
from syncer.core.preferences import Scope
from syncer.core.records import System
from tests.support.dashboard import Installed, labels, open_view, texts
from tests.support.sandbox import RunningSandbox

VIEW = "views/connection/view.py"


@pytest.fixture
def examined(connected: Installed) -> Installed:
    """Connected by a sign-in of its own, as examining renews it, and examined."""
    connected.sandbox.clear_faults()
    connected.sandbox.options(element451_since="from")
    connected.connect()
    doctor.examine(connected.application)
    return connected


def press(page: AppTest, label: str) -> None:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception, [found.value for found in page.exception]


def no_conversations(sandbox: RunningSandbox) -> None:
    sandbox.fault("status", path="conversations/export", status=404, body={"message": "None."}, times=-1)


def test_where_nothing_was_ever_connected_nothing_is_said(installation: Installed) -> None:
    assert "relies on" not in texts(open_view(VIEW))


def test_what_was_connected_is_being_examined_and_then_its_verdicts_stand_there(connected: Installed) -> None:
    assert "being examined" in texts(open_view(VIEW))
    doctor.examine_what_is_due(connected.application)
    said = texts(open_view(VIEW))
    assert "being examined" not in said
    for check in ("changed since", "unique IDs"):
        assert check in said


def test_what_is_disproved_comes_first_with_what_to_do(examined: Installed) -> None:
    examined.sandbox.options(element451_since="after")
    doctor.examine(examined.application)
    error = next(box.value for box in open_view(VIEW).error if "changed since" in box.value)
    assert "Give the report to Element451" in error


def test_whoever_asks_has_the_worker_examine_again(examined: Installed) -> None:
    before = doctor.last(examined.application.database)
    page = open_view(VIEW)
    press(page, "Examine again")
    assert "being examined" in texts(page)
    examined.work()
    after = doctor.last(examined.application.database)
    assert all(after[system].at > before[system].at for system in System)


def test_without_an_export_of_conversations_everybody_can_be_exported_instead(examined: Installed) -> None:
    no_conversations(examined.sandbox)
    doctor.examine(examined.application)
    page = open_view(VIEW)
    press(page, "Export everybody, without conversations")
    preferences = examined.application.preferences
    assert (preferences.scope, preferences.sync_conversations) == (Scope.ALL, False)
    assert "Export everybody, without conversations" not in labels(page)


def test_where_the_account_differs_is_set_on_the_page_and_it_is_examined_again(examined: Installed) -> None:
    page = open_view(VIEW)
    label = "Import keyword: an empty cell empties the field"
    next(box for box in page.selectbox if box.label == label).set_value("remove")
    press(page, "Save")
    database = examined.application.database
    assert element451_settings.read(database).changed == {"empty_cell": "remove"}
    assert doctor.due(database) == [System.ELEMENT451]
    path = next(box for box in page.text_input if box.label.startswith("Address of the export"))
    path.set_value("https://elsewhere.example")
    press(page, "Save")
    assert [box.value for box in page.error if "digits" in box.value]
    assert element451_settings.read(database).changed == {"empty_cell": "remove"}
