"""A change of one mapped field, looked at before it is saved."""

from syncer.configuration.catalogue_snapshot import CatalogueSnapshot
from syncer.configuration.editor import review
from syncer.core.records import Kind
from tests.support.documents import NAMES, document, row
from tests.support.memory_catalogue import element451_catalogue, salesforce_catalogue, salesforce_field

ENTITIES = salesforce_catalogue()
KNOWN = CatalogueSnapshot(
    {field.key: field for field in element451_catalogue()},
    ENTITIES,
    tuple((name, name) for name in ENTITIES),
    (),
)
DOB = row("user-dob", "Birthdate")


def test_a_mapping_that_fits_is_sound_and_becomes_part_of_the_configuration() -> None:
    found = review.review_change(document(), KNOWN, Kind.CONTACT, None, DOB)
    assert (found.can_save, found.problems, found.changes) == (True, (), True)
    assert found.document["mappings"]["contact"][-1] == DOB


def test_types_that_do_not_fit_are_told_before_saving() -> None:
    found = review.review_change(document(), KNOWN, Kind.CONTACT, None, row("user-custom-notes", "Birthdate"))
    assert not found.can_save
    assert ["holds text, but Birthdate holds a date" in problem.message for problem in found.problems] == [
        True
    ]


def test_what_was_wrong_before_does_not_stand_in_the_way() -> None:
    broken = document(contact=[*NAMES, row("user-gone", "Gone__c")])
    found = review.review_change(broken, KNOWN, Kind.CONTACT, None, DOB)
    assert found.problems == ()


def test_an_edited_mapping_shows_its_own_problems_and_nobody_elses() -> None:
    broken = document(contact=[*NAMES, row("user-gone", "Gone__c"), DOB])
    found = review.review_change(
        broken, KNOWN, Kind.CONTACT, ("user-dob", "Birthdate"), row("user-dob", "Applied__c")
    )
    assert {problem.where for problem in found.problems} == {"mappings.contact[5]"}
    found = review.review_change(
        broken, KNOWN, Kind.CONTACT, ("user-gone", "Gone__c"), row("user-email-address", "Email")
    )
    assert found.can_save


def test_another_order_of_a_value_map_is_a_change() -> None:
    made = document(
        contact=[*NAMES, row("user-race-categories", "Race__c", values={"A": "Asian", "B": "Asian"})]
    )
    fields = ("user-race-categories", "Race__c")
    turned = row(*fields, values={"B": "Asian", "A": "Asian"})
    assert review.review_change(made, KNOWN, Kind.CONTACT, fields, turned).changes
    assert not review.review_change(
        made, KNOWN, Kind.CONTACT, fields, row(*fields, values={"A": "Asian", "B": "Asian"})
    ).changes


def test_an_id_field_that_is_no_external_id_is_told() -> None:
    plain = salesforce_field("Phone", "phone", length=40)
    found = review.review_change(
        document(),
        KNOWN,
        Kind.CONTACT,
        ("user-elementid", "Element451_ID__c"),
        row("user-elementid", plain.key),
    )
    assert "must be a unique external ID" in found.problems[0].message
