"""Catalogues kept for a day, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from syncer.configuration.catalogue import Catalogues
from syncer.connectors.errors import FieldRefused
from tests.support.documents import document
from tests.support.memory import MemoryElement451, MemorySalesforce
from tests.support.memory_catalogue import contact_entity, element451_catalogue

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class School:
    """Both systems in memory, with catalogues whose clock a test moves."""

    def __init__(self, engine: Engine) -> None:
        self.salesforce, self.element451, self.now = MemorySalesforce(), MemoryElement451(), NOON
        self.catalogues = Catalogues(
            engine, lambda: self.salesforce, lambda: self.element451, lambda: self.now
        )

    def calls(self) -> int:
        return self.salesforce.calls + self.element451.calls


@pytest.fixture
def school(engine: Engine) -> School:
    return School(engine)


def test_a_catalogue_is_kept_exactly_as_it_was_read(school: School) -> None:
    for _ in range(2):
        assert school.catalogues.entity("Contact") == replace(contact_entity(), read_at=NOON)
        assert school.catalogues.element_fields() == element451_catalogue()
        assert school.catalogues.objects() == school.salesforce.entities()


def test_a_catalogue_is_read_once_a_day(school: School) -> None:
    school.catalogues.entity("Contact")
    school.catalogues.element_fields()
    before = school.calls()
    school.now = NOON + timedelta(hours=23)
    school.catalogues.entity("Contact")
    school.catalogues.element_fields()
    assert school.calls() == before
    school.now = NOON + timedelta(days=1)
    assert school.catalogues.entity("Contact").read_at == school.now
    school.catalogues.element_fields()
    assert school.calls() == before + 2


def test_a_catalogue_is_read_anew_when_someone_asks_for_it(school: School) -> None:
    school.catalogues.entity("Contact")
    school.now = NOON + timedelta(minutes=1)
    assert school.catalogues.entity("Contact", fresh=True).read_at == school.now
    assert school.catalogues.entity("Contact").read_at == school.now


def test_an_object_that_does_not_exist_is_not_kept(school: School) -> None:
    with pytest.raises(FieldRefused):
        school.catalogues.entity("Nothing__c")


def test_a_configuration_is_checked_against_both_systems_as_they_are_now(school: School) -> None:
    assert [problem for problem in school.catalogues.check(document()) if problem.severity == "error"] == []
    (problem,) = [
        problem
        for problem in school.catalogues.check(document(conversation_entity="E451_Talk__c"))
        if problem.severity == "error"
    ]
    assert problem.where == "preferences.conversation_entity"
    assert "Salesforce has no object “E451_Talk__c”" in problem.message
