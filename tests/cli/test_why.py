"""``why``."""

import pytest

from syncer.application.container import Application
from tests.cli.conftest import Command
from tests.support.configured_world import School, first_document


@pytest.fixture
def installed(command: Command) -> tuple[Command, str]:
    """An installation that brought one pair into step: its command line, and the contact's Element ID."""
    with Application.from_environment() as application:
        school = School(application.database)
        school.document = first_document()
        application.configuration.store(school.document)
        catalogues = school.catalogues()
        catalogues.element_fields(), catalogues.objects()
        for mapping in school.setup().mappings.values():
            catalogues.entity(mapping.entity.name)
        element_id, _ = school.pair({"FirstName": "Ann"}, {"user_first_name": "Anna"})
        school.sync()
    return command, element_id


def test_why_tells_of_a_field_who_wrote_it_and_who_owns_it_since_when(installed: tuple[Command, str]) -> None:
    command, record = installed
    answer = command("why", record, "FirstName", "--json")
    [found] = answer.json
    assert answer.status == 0
    assert (found["element451"], found["owner"]) == ("user-first-name", "element451")
    assert found["written_by"].keys() >= {
        "run",
        "entry",
        "version",
        "person",
        "time",
        "before",
        "before_known",
    }
    assert (found["written_by"]["before"], found["written_by"]["before_known"]) == ("Ann", True)
    assert found["owned_since"]["version"] == 1
    assert found["changed_outside"] is False
    assert found["held"] is None
    assert "Anna" in command("why", record).out


def test_why_tells_all_that_became_of_a_record(installed: tuple[Command, str]) -> None:
    command, record = installed
    assert [each["status"] for each in command("why", record, "--history", "--json").json] == ["updated"] * 2
    assert command("why", record, "--history").status == 0


def test_why_says_what_it_does_not_know(installed: tuple[Command, str]) -> None:
    command, record = installed
    for asked in ((record, "Nothing__c"), ("000000000000000000000000",), ("nobody",)):
        answer = command("why", *asked, "--json")
        assert (answer.status, set(answer.json)) == (2, {"error"})


def test_why_needs_a_configuration(command: Command) -> None:
    assert command("why", "000000000000000000000000", "--json").status == 2
