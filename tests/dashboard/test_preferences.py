"""Sync Preferences, as people use it: what they see, change, look at before it is saved, and save."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from syncer.configuration.config_file import default_document
from syncer.core.permissions import Actor, NotPermitted, Role
from tests.dashboard.overview_page import links
from tests.support.dashboard import Installed, labels, open_view, press, texts

PAGE = "views/preferences/view.py"


def field(page: AppTest, label: str) -> Any:
    """The widget that is called so."""
    (found,) = [
        widget
        for kind in ("toggle", "radio", "selectbox", "multiselect", "number_input", "text_input")
        for widget in getattr(page, kind)
        if widget.label == label
    ]
    return found


def preferences(installed: Installed) -> dict[str, Any]:
    current = installed.application.configuration.current()
    assert current
    found: dict[str, Any] = current[1]["preferences"]
    return found


def test_before_anything_is_connected_the_defaults_can_be_looked_at_and_changed(
    installation: Installed,
) -> None:
    page = open_view(PAGE)
    assert "Nothing is saved yet" in texts(page)
    assert field(page, "Contact Entity").value == "Contact"
    field(page, "Contact Entity").set_value("Lead").run()
    page = press(page, "Review and save")
    assert "**Contact Entity**: Contact → **Lead**" in texts(page).replace("\u2068", "").replace("\u2069", "")
    assert "not connected" in texts(page)
    page = press(page, "Save")
    assert "Saved as version 1" in page.success[0].value
    assert preferences(installation)["contact_entity"] == "Lead"


def test_the_defaults_can_be_used_as_they_are(installation: Installed) -> None:
    page = press(open_view(PAGE), "Use these defaults")
    assert "Saved as version 1" in page.success[0].value
    assert preferences(installation) == default_document()["preferences"]
    assert preferences(installation)["import"] == {"update_existing": False, "create_new": False}
    assert "Use these defaults" not in labels(open_view(PAGE))


def test_a_change_is_looked_at_before_it_is_saved(synced: Installed) -> None:
    page = open_view(PAGE)
    assert "Review and save" not in labels(page)
    field(page, "Update Existing").set_value(False).run()
    field(page, "Sync every (minutes)").set_value(30).run()
    assert "**2 changes not saved**  \n:small[:gray[Update Existing, Sync every]]" in texts(page)
    assert preferences(synced)["interval_minutes"] == 15, "nothing is saved by changing it"
    page = press(page, "Review and save")
    said = texts(page)
    assert "**Update Existing**" in said
    assert "known records would change" in said
    page = press(page, "Save")
    assert "Saved as version 2" in page.success[0].value
    assert (preferences(synced)["import"]["update_existing"], preferences(synced)["interval_minutes"]) == (
        False,
        30,
    )
    assert "not saved" not in texts(open_view(PAGE))


def test_what_would_be_overwritten_is_counted_with_examples(synced: Installed) -> None:
    synced.configure(**{"import": {"update_existing": False, "create_new": False}})
    changed = synced.sandbox.records("Contact", fields=["Id", "Birthdate", "IsDeleted"])
    pupils = [row["Id"] for row in changed if not row["IsDeleted"]][:5]
    synced.sandbox.edit_many("Contact", [{"Id": one, "Birthdate": "2001-02-03"} for one in pupils])
    synced.sync()
    page = open_view(PAGE)
    field(page, "Update Existing").set_value(True).run()
    page = press(page, "Review and save")
    table = page.table[0].value
    assert "Birth" in str(table["Field"].tolist())
    assert all("in Element451" in each for each in table["Field"])
    assert any("2001" in str(shown.value) for shown in page.table[1:])


def test_another_object_says_first_what_that_means(synced: Installed) -> None:
    page = open_view(PAGE)
    box = field(page, "Contact Entity")
    assert box.value == "Contact"
    box.set_value("Account").run()
    page = press(page, "Review and save")
    said = texts(page)
    assert "Nothing runs until this is corrected" in said
    assert "Account" in said
    assert preferences(synced)["contact_entity"] == "Contact"
    page = press(page, "Go on editing")
    assert field(page, "Contact Entity").value == "Account", "nothing typed is lost"
    assert "Save" not in labels(page)
    page = press(page, "Discard")
    assert field(page, "Contact Entity").value == "Contact"


def test_only_mapped_fields_match_records(synced: Installed) -> None:
    (box,) = open_view(PAGE).multiselect
    assert "Email Address ↔ Email" in box.options
    assert not [
        option for option in box.options if "Race" in option or "Gender" in option or "Birth" in option
    ], "which many people share"
    assert not box.proto.select_all
    assert not [option for option in box.options if "Salesforce ID" in option or "Element451" in option]


def test_what_somebody_else_saves_meanwhile_is_neither_lost_nor_undone(synced: Installed) -> None:
    page = open_view(PAGE)
    field(page, "Create New").set_value(False).run()
    synced.configure(interval_minutes=60)
    page = press(page, "Review and save")
    assert "Somebody else saved a change meanwhile" in texts(page)
    assert field(page, "Sync every (minutes)").value == 60
    assert "**1 change not saved**" in texts(page)
    page = press(page, "Save")
    assert (preferences(synced)["interval_minutes"], preferences(synced)["import"]["create_new"]) == (
        60,
        False,
    )


def test_what_somebody_else_saves_at_the_very_moment_is_not_overwritten(synced: Installed) -> None:
    page = open_view(PAGE)
    field(page, "Create New").set_value(False).run()
    page = press(page, "Review and save")
    synced.configure(interval_minutes=60)
    page = press(page, "Save")
    assert "Somebody else saved a change meanwhile" in page.error[0].value
    assert (preferences(synced)["interval_minutes"], preferences(synced)["import"]["create_new"]) == (
        60,
        True,
    )
    assert field(page, "Create New").value is False, "nothing typed is lost"


def test_an_unsaved_change_outlives_a_look_at_another_page(synced: Installed) -> None:
    page = open_view(PAGE)
    field(page, "Batch size (records)").set_value(50).run()
    page.switch_page("views/versions/view.py").run()
    assert "Sync Preferences: 1 change not saved" in links(page)
    page.switch_page(PAGE).run()
    assert field(page, "Batch size (records)").value == 50
    assert "**1 change not saved**" in texts(page)


def test_a_name_that_cannot_be_an_object_is_refused_in_a_sentence(installation: Installed) -> None:
    page = open_view(PAGE)
    field(page, "Contact Entity").set_value("My object!").run()
    page = press(page, "Review and save")
    page = press(page, "Save")
    assert "cannot be an API name of Salesforce" in page.error[0].value
    assert installation.application.configuration.current() is None


def test_a_system_that_does_not_answer_keeps_nobody_from_saving(synced: Installed) -> None:
    with synced.application.database.begin() as connection:
        connection.exec_driver_sql("UPDATE catalogues SET read_at = '2020-01-01 00:00:00'")
    synced.sandbox.fault("status", system="salesforce", status=503, times=100)
    try:
        page = open_view(PAGE)
        field(page, "Create New").set_value(False).run()
        page = press(page, "Review and save")
        assert page.warning
        page = press(page, "Save")
        assert preferences(synced)["import"]["create_new"] is False
    finally:
        synced.sandbox.clear_faults()


def test_while_a_run_goes_on_preferences_can_be_saved(busy: Installed) -> None:
    page = open_view(PAGE)
    field(page, "Which contacts").set_value("conversations").run()
    page = press(press(page, "Review and save"), "Save")
    assert preferences(busy)["export"]["scope"] == "conversations"


def test_a_viewer_changes_nothing(synced: Installed, people: None) -> None:
    page = open_view(PAGE, by="viewer@school.edu")
    assert "Your role may look at the preferences, not change them" in texts(page)
    widgets = [*page.toggle, *page.radio, *page.selectbox, *page.multiselect, *page.number_input]
    assert len(widgets) > 10
    assert all(widget.disabled for widget in widgets)
    assert "Review and save" not in labels(page)
    viewer = synced.application.acting_as(Actor("viewer", Role.VIEWER))
    with pytest.raises(NotPermitted):
        viewer.configuration.store(preferences(synced) and {"preferences": {"interval_minutes": 60}})


def test_an_analyst_leaves_the_guard_alone(synced: Installed, people: None) -> None:
    page = open_view(PAGE, by="analyst@school.edu")
    barred = [widget.label for widget in page.number_input if widget.disabled]
    assert barred == [
        "Share of Salesforce's daily limit (%)",
        "Ask above (records of a kind)",
        "Ask above this share (%)",
        "Do not ask up to (records)",
    ]
    assert "are set by administrators" in texts(page)
    assert "For administrators only" in field(page, "Ask above (records of a kind)").help
    field(page, "Sync every (minutes)").set_value(45).run()
    press(press(page, "Review and save"), "Save")
    assert preferences(synced)["interval_minutes"] == 45
    assert synced.application.configuration.history(1)[0].author == "analyst@school.edu"
    open_admin = open_view(PAGE, by="admin@school.edu")
    assert not field(open_admin, "Ask above (records of a kind)").disabled
