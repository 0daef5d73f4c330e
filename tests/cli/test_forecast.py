"""``forecast``."""

from pathlib import Path

import pytest

from syncer.application.container import Application
from syncer.configuration import config_file
from syncer.configuration.document import Document
from tests.cli.conftest import Command
from tests.support.configured_world import Edit, School, edited, first_document, prefer, turn


def document(*edits: Edit) -> Document:
    """A configuration that imports nothing but the link."""
    off = prefer(**{"import": {"update_existing": False, "create_new": False}})
    found = edited(first_document(), off)
    for edit in edits:
        found = edited(found, edit)
    return found


@pytest.fixture
def installed(command: Command) -> Command:
    """The command line of an installation that brought some pairs into step, and is not connected now."""
    with Application.from_environment() as application:
        school = School(application.database)
        school.document = document()
        application.configuration.store(school.document)
        catalogues = school.catalogues()
        catalogues.element_fields(), catalogues.objects()
        for mapping in school.setup().mappings.values():
            catalogues.entity(mapping.entity.name)
        for number in range(3):
            school.pair({"Phone": f"55{number}"}, {"user_phone_cell_number": None})
        school.sync()
        school.sync()
    return command


def test_a_forecast_says_what_a_file_would_do_and_the_calls(installed: Command, tmp_path: Path) -> None:
    file = tmp_path / "edited.yaml"
    file.write_text(config_file.dump(document(turn("user-phone-cell-number"))), "utf-8")
    answer = installed("forecast", str(file), "--json")
    found = answer.json
    assert answer.status == 0
    numbers = [found[name] for name in ("records", "counted", "unread", "create", "change", "blank", "fail")]
    assert numbers == [3, 3, 0, 0, 0, 3, 0]
    field = found["fields"]["user-phone-cell-number → Phone"]
    assert (field["blank"], {one["before"] for one in field["examples"]["blank"]}) == (
        3,
        {"550", "551", "552"},
    )
    assert found["calls"].keys() >= {"first_run", "per_day", "limit", "share", "reserve", "fits"}
    assert found["calls"]["first_run"]["salesforce"] > 0
    assert "Calls of the first run" in installed("forecast", str(file)).out
    assert installed("forecast", "--json").json["touched"] == 0, "what is in force has nothing to do"


def test_a_forecast_of_a_file_with_errors_lists_them(installed: Command, tmp_path: Path) -> None:
    broken = first_document()
    broken["mappings"]["contact"][2]["salesforce"] = "Gone__c"
    file = tmp_path / "broken.yaml"
    file.write_text(config_file.dump(broken), "utf-8")
    answer = installed("forecast", str(file), "--json")
    assert (answer.status, "Gone__c" in str(answer.json["problems"])) == (2, True)
    assert installed("forecast", "--sample", "0").status == 2
