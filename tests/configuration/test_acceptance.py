"""What keeps a configuration from coming into force: nothing of a file with errors ever is, and no edit
brings in an error that could not be corrected afterwards (docs/architecture.md, "Surfaces")."""

from copy import deepcopy
from typing import Any

import pytest
from sqlalchemy import Engine

from syncer.configuration.acceptance import Edited, errors_by_catalogues
from syncer.configuration.catalogue import Catalogues
from syncer.configuration.config_file import BadConfiguration, default_document
from syncer.configuration.document import Document
from syncer.configuration.versions import ConfigStore
from syncer.connectors.errors import ReconnectNeeded
from syncer.core.records import System
from tests.support.documents import NAMES, document, row
from tests.support.memory import MemoryElement451, MemorySalesforce
from tests.support.memory_catalogue import salesforce_field

REPEATER = row("user-applications-root", "Description")


class School:
    """A store beside both systems, which answer only once they are ``connected``."""

    def __init__(self, engine: Engine) -> None:
        self.salesforce, self.element451, self.connected = MemorySalesforce(), MemoryElement451(), True
        self.catalogues = Catalogues(engine, self._salesforce, lambda: self.element451)
        self.store = ConfigStore(engine, judge=lambda made: errors_by_catalogues(self.catalogues, made))
        self.force = ConfigStore(engine, judge=lambda made: []).store

    def refused(self, made: Document, edited: Edited | None = None) -> list[str]:
        """The places of the errors for which ``made`` is refused; nothing changes by that."""
        before = self.store.current()
        with pytest.raises(BadConfiguration) as refusal:
            self.store.store(made, before[0] if before and edited else None, edited)
        assert self.store.current() == before
        return [problem.where for problem in refusal.value.problems]

    def _salesforce(self) -> MemorySalesforce:
        if not self.connected:
            raise ReconnectNeeded(System.SALESFORCE, "Salesforce is not connected yet.")
        return self.salesforce


@pytest.fixture
def school(engine: Engine) -> School:
    return School(engine)


def without(made: Document, slug: str) -> Document:
    rows = [one for one in made["mappings"]["contact"] if one["element451"] != slug]
    return {**made, "mappings": {**made["mappings"], "contact": rows}}


@pytest.mark.parametrize(
    ("made", "where"),
    [
        (without(document(), "user-elementid"), "mappings.contact"),
        (without(document(), "user-identities-salesforceid"), "mappings.contact"),
        (document([*NAMES, row("user-first-name", "Phone")]), "mappings.contact[2]"),
        (document(match_on=["user-dob"]), "preferences.match_on[0]"),
        (
            document(conversation_entity="Contact"),
            "preferences.conversation_entity",
        ),
    ],
    ids=["no Element ID", "no Salesforce ID", "mapped twice", "matched on nothing", "one object for both"],
)
def test_what_shows_without_the_catalogues_is_refused_before_anything_is_connected(
    engine: Engine, made: Document, where: str
) -> None:
    with pytest.raises(BadConfiguration) as refusal:
        ConfigStore(engine).store(made)
    assert refusal.value.problems[0].where == where
    assert ConfigStore(engine).current() is None


@pytest.mark.parametrize(
    ("made", "where"),
    [
        (document([*NAMES, REPEATER]), "mappings.contact[4]"),
        (document([*NAMES, row("user-dob", "Gone__c")]), "mappings.contact[4]"),
        (document([row("user-first-name", "FirstName")]), "mappings.contact"),
        (document(contact_entity="Pupil__c"), "preferences.contact_entity"),
    ],
    ids=["a repeater", "no such field", "a required field is unfilled", "no such object"],
)
def test_what_the_catalogues_say_is_refused_where_they_are_known(
    school: School, made: Document, where: str
) -> None:
    assert where in school.refused(made)
    school.store.store(document())
    assert where in school.refused(made)


def test_a_catalogue_that_cannot_be_read_now_is_taken_as_last_read(school: School) -> None:
    school.connected = False
    school.store.store(document([*NAMES, row("user-dob", "Not_Known__c")]))
    school.connected = True
    school.store.store(document())
    school.connected = False
    assert school.refused(document([*NAMES, row("user-dob", "Gone__c")])) == ["mappings.contact[4]"]


def test_a_field_that_was_just_made_is_looked_for_in_a_fresh_catalogue(school: School) -> None:
    school.store.store(document())
    fields = school.salesforce.people.entities_by_name["Contact"].fields
    fields["New__c"] = salesforce_field("New__c")
    school.store.store(document([*NAMES, row("user-custom-notes", "New__c")]))
    current = school.store.current()
    assert current
    assert current[1]["mappings"]["contact"][-1]["salesforce"] == "New__c"


def test_an_edit_may_leave_an_error_that_was_there_and_brings_in_none(school: School) -> None:
    faulty = document([*NAMES, row("user-dob", "Gone__c"), REPEATER])
    school.force(faulty)
    corrected = document([*NAMES, row("user-dob", "Gone__c")])
    number = school.store.store(corrected, 1, Edited.MAPPINGS)
    assert school.store.current() == (number, corrected)
    worse = document([*NAMES, row("user-dob", "Gone__c"), row("user-email-address", "Lost__c")])
    assert school.refused(worse, Edited.MAPPINGS) == ["mappings.contact[5]"]
    assert school.refused(corrected) == ["mappings.contact[4]"], "as a whole file it is refused for it"


def test_preferences_for_another_object_are_saved_ahead_of_its_mappings_and_nothing_else_is(
    school: School,
) -> None:
    school.store.store(document([*NAMES, row("user-dob", "Birthdate")]))
    changed = preferring(school, conversation_entity="Contact", contact_entity="E451_Conversation__c")
    number = school.store.store(changed, 1, Edited.PREFERENCES)
    assert school.store.current() == (number, changed)
    both = preferring(school, conversation_entity="E451_Conversation__c")
    assert school.refused(both, Edited.PREFERENCES) == ["preferences.conversation_entity"]
    assert school.refused(preferring(school, match_on=["user-phone"]), Edited.PREFERENCES) == [
        "preferences.match_on[0]"
    ]


def test_the_required_mappings_can_be_put_back_one_by_one(school: School) -> None:
    school.force({"mappings": {}})
    school.store.store(default_document(), 1, Edited.MAPPINGS)


def preferring(school: School, **preferences: Any) -> Document:
    current = school.store.current()
    assert current
    made = deepcopy(current[1])
    made["preferences"] |= preferences
    return made
