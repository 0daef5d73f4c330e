"""`config check`: what is wrong with a configuration, all at once, in an analyst's words."""

from dataclasses import replace
from typing import Any

import pytest

from syncer.configuration.problems import Problem
from syncer.configuration.validation import check
from syncer.core.fields import Entity, Field
from tests.support.documents import CONTACT_IDS, CONVERSATION_IDS, NAMES, document, row
from tests.support.memory_catalogue import (
    contact_entity,
    conversation_entity,
    element451_catalogue,
    element451_field,
    salesforce_field,
)

OBJECTS = [("Contact", "Contact"), ("E451_Conversation__c", "E451 Conversation"), ("Lead", "Lead")]


def with_fields(entity: Entity, *fields: Field) -> Entity:
    return replace(entity, fields={**entity.fields, **{field.key: field for field in fields}})


def problems(made: dict[str, Any], *more: Field, entities: dict[str, Entity] | None = None) -> list[Problem]:
    """What is wrong with ``made``, with ``more`` fields in the catalogues."""
    ours = [*element451_catalogue(), *(field for field in more if field.system == "element451")]
    theirs = [field for field in more if field.system == "salesforce"]
    known = {"Contact": with_fields(contact_entity(), *theirs), "E451_Conversation__c": conversation_entity()}
    return check(made, ours, {**known, **(entities or {})}, OBJECTS)


def errors(
    made: dict[str, Any], *more: Field, entities: dict[str, Entity] | None = None
) -> list[tuple[str, str]]:
    return [
        (problem.where, problem.message)
        for problem in problems(made, *more, entities=entities)
        if problem.severity == "error"
    ]


def warnings(made: dict[str, Any], *more: Field) -> list[tuple[str, str]]:
    assert errors(made, *more) == []
    found = [
        (problem.where, problem.message) for problem in problems(made, *more) if problem.severity == "warning"
    ]
    return [
        (where, message)
        for where, message in found
        if "255" not in message and where != "mappings.conversation"
    ]


def one_error(
    made: dict[str, Any], *more: Field, entities: dict[str, Entity] | None = None
) -> tuple[str, str]:
    (found,) = errors(made, *more, entities=entities)
    return found


def without_ids(
    contact: list[dict[str, Any]], conversation: list[dict[str, Any]] | None = None, **preferences: Any
) -> dict[str, Any]:
    made = document(**preferences)
    made["mappings"] = {
        "contact": contact,
        "conversation": CONVERSATION_IDS if conversation is None else conversation,
    }
    return made


def test_a_sensible_configuration_has_no_errors() -> None:
    assert errors(document()) == []


def test_everything_wrong_is_told_at_once() -> None:
    made = without_ids(
        [row("user-frist-name", "FirstName"), row("user-dob", "LastName2", "")],
        [],
        match_on=["user-email-address"],
    )
    assert [where for where, _ in errors(made)] == [
        *["mappings.contact"] * 3,  # both IDs, and the required last name
        "mappings.contact[0]",
        *["mappings.contact[1]"] * 2,
        *["mappings.conversation"] * 2,
        "preferences.match_on[0]",
    ]


def test_the_element_id_must_be_mapped_to_a_unique_external_id() -> None:
    where, message = one_error(without_ids([CONTACT_IDS[1], *NAMES]))
    assert (where, "user-elementid" in message) == ("mappings.contact", True)
    where, message = one_error(
        without_ids([row("user-elementid", "Phone"), *CONTACT_IDS[1:], *NAMES]),
        salesforce_field("Phone", length=40),
    )
    assert where == "mappings.contact[0]"
    assert "must be a unique external ID" in message


def test_the_field_for_the_element_id_must_be_text_and_long_enough() -> None:
    short = salesforce_field("Short__c", length=18, unique=True, external_id=True)
    number = salesforce_field("Number__c", "double", unique=True, external_id=True)
    for field in (short, number):
        found = errors(without_ids([row("user-elementid", field.key), *CONTACT_IDS[1:], *NAMES]), field)
        assert (
            "mappings.contact[0]",
            (
                f"{field.label} ({field.key}) cannot hold the Element ID. Choose a text field with at least"
                " 24 characters."
            ),
        ) in found


def test_the_salesforce_id_must_be_mapped_to_a_text_field_of_element451() -> None:
    where, message = one_error(without_ids([CONTACT_IDS[0], *NAMES]))
    assert (where, "user-identities-salesforceid" in message) == ("mappings.contact", True)
    listed = element451_field("user-custom-list", "dropdown", options=(("a", "A"),))
    where, message = one_error(
        without_ids([CONTACT_IDS[0], row(listed.key, "Id", "salesforce"), *NAMES]), listed
    )
    assert (where, "cannot hold the Salesforce ID" in message) == ("mappings.contact[1]", True)


def test_the_owners_of_the_ids_are_fixed() -> None:
    found = errors(
        without_ids(
            [{**CONTACT_IDS[0], "owner": "salesforce"}, {**CONTACT_IDS[1], "owner": "element451"}, *NAMES]
        )
    )
    assert (
        "mappings.contact[0]",
        "The Element ID belongs to Element451: its owner must be element451.",
    ) in found
    assert (
        "mappings.contact[1]",
        "The Salesforce ID belongs to Salesforce: its owner must be salesforce.",
    ) in found


def test_conversations_need_their_id_and_their_contact() -> None:
    found = errors(without_ids([*CONTACT_IDS, *NAMES], []))
    assert [where for where, _ in found] == ["mappings.conversation", "mappings.conversation"]
    assert "conversation-id" in found[0][1]
    assert "conversation-user-elementid" in found[1][1]


def test_conversations_that_are_not_synced_need_nothing() -> None:
    assert errors(without_ids([*CONTACT_IDS, *NAMES], [], sync_conversations=False)) == []


def test_conversations_without_content_are_pointed_out() -> None:
    def told(made: dict[str, Any]) -> bool:
        return any(
            "exported without any content" in problem.message
            for problem in problems(made)
            if problem.where == "mappings.conversation"
        )

    assert told(document())
    assert not told(document(conversation=[row("conversation-subject", "Subject__c")]))
    assert not told(document(sync_conversations=False))


@pytest.mark.parametrize(
    ("field", "words"), [("Subject__c", "is not a lookup"), ("Account__c", "leads to Account")]
)
def test_the_contact_of_a_conversation_is_a_lookup_to_the_contacts_object(field: str, words: str) -> None:
    account = salesforce_field("Account__c", "reference", refers_to=("Account",))
    talks = with_fields(conversation_entity(), account)
    made = without_ids(
        [*CONTACT_IDS, *NAMES], [CONVERSATION_IDS[0], row("conversation-user-elementid", field)]
    )
    where, message = one_error(made, entities={talks.name: talks})
    assert where == "mappings.conversation[1]"
    assert words in message


def test_conversations_go_to_salesforce_only() -> None:
    where, message = one_error(
        document(conversation=[row("conversation-subject", "Subject__c", "salesforce")])
    )
    assert (where, "Conversations go to Salesforce only" in message) == ("mappings.conversation[2]", True)


def test_unknown_fields_are_told_with_what_was_probably_meant() -> None:
    assert errors(document([*NAMES, row("user-frist-name", "birthdate"), row("date-of-birth", "Desc")])) == [
        ("mappings.contact[4]", "Element451 has no field “user-frist-name”. Did you mean user-first-name?"),
        (
            "mappings.contact[4]",
            "Contact has no field “birthdate”, or the connected user may not see it. Did you mean Birthdate?",
        ),
        ("mappings.contact[5]", "Element451 has no field “date-of-birth”."),
        ("mappings.contact[5]", "Contact has no field “Desc”, or the connected user may not see it."),
    ]


def test_a_field_may_be_mapped_once_only() -> None:
    found = errors(document([*NAMES, row("user-first-name", "Description")]))
    assert [where for where, _ in found] == ["mappings.contact[2]", "mappings.contact[4]"]
    assert all(
        "The Element451 field user-first-name is mapped more than once" in message for _, message in found
    )
    (_, message), _ = errors(
        document([*NAMES, row("user-email-address", "lastname")]), salesforce_field("lastname")
    )
    assert (
        message
        == "The Salesforce field LastName is mapped more than once (also at mappings.contact[4]). Keep one."
    )


def test_fields_of_conversations_do_not_belong_to_contacts() -> None:
    where, message = one_error(document([*NAMES, row("conversation-subject", "Description")]))
    assert (where, "is not a field of contacts" in message) == ("mappings.contact[4]", True)


def test_every_field_needs_an_owner() -> None:
    made = document()
    del made["mappings"]["contact"][2]["owner"]
    made["mappings"]["contact"][3]["owner"] = "both"
    assert errors(made) == [
        ("mappings.contact[2]", "user-first-name needs an owner: element451 or salesforce."),
        ("mappings.contact[3]", "user-last-name needs an owner: element451 or salesforce."),
    ]


@pytest.mark.parametrize(
    ("mapped", "words"),
    [
        (row("user-applications-root", "Description"), "because it repeats"),
        (row("user-first-name", "MailingAddress"), "because it has several parts"),
        (row("user-dob", "Applied__c"), "holds a date"),
        (row("user-custom-gpa", "Visits__c"), "may hold decimals"),
        (row("user-race-categories", "Description"), "only one of them holds several values"),
        (row("user-first-name", "HasOptedOutOfEmail"), "Add a value map"),
    ],
)
def test_types_that_do_not_fit_are_refused(mapped: dict[str, Any], words: str) -> None:
    address = salesforce_field("MailingAddress", "address", compound=True)
    found = [
        message
        for where, message in errors(document([NAMES[1], mapped]), address)
        if where == "mappings.contact[3]"
    ]
    assert any(words in message for message in found)


def test_a_field_that_cannot_be_written_cannot_receive() -> None:
    where, message = one_error(document([*NAMES, row("user-email-address", "Name")]))
    assert (where, "Name (Name) cannot be written, but Element451 owns the value" in message) == (
        "mappings.contact[4]",
        True,
    )
    where, message = one_error(
        document([*NAMES, row("user-calculated-furthest_funnel_stage", "Description", "salesforce")])
    )
    assert (where, "cannot be written, but Salesforce owns the value" in message) == (
        "mappings.contact[4]",
        True,
    )
    assert errors(document([*NAMES, row("user-email-address", "Name", "salesforce")])) == []


def test_required_fields_that_nothing_fills_are_told() -> None:
    stage = salesforce_field("StageName", "picklist", required=True, nillable=False)
    assert one_error(document(), stage) == (
        "mappings.contact",
        (
            "A new Contact needs StageName (StageName), and nothing fills it. Map a field to it, or give it a"
            " default in Salesforce."
        ),
    )


def test_an_object_must_exist_and_be_open_to_the_user() -> None:
    assert one_error(
        document([row("user-last-name", "LastName")], conversation_entity="E451_Conversations__c")
    ) == (
        "preferences.conversation_entity",
        (
            "Salesforce has no object “E451_Conversations__c”, or the connected user may not see it. Did you"
            " mean E451_Conversation__c?"
        ),
    )
    locked = replace(contact_entity(), creatable=False, updatable=False)
    where, message = one_error(document(), entities={"Contact": locked})
    assert (where, "cannot be created or changed" in message) == ("preferences.contact_entity", True)


def test_contacts_and_conversations_need_two_objects() -> None:
    assert (
        "preferences.conversation_entity",
        "Contacts and conversations need two different Salesforce objects.",
    ) in errors(document(conversation_entity="Contact"))


def test_match_fields_must_be_mapped() -> None:
    assert one_error(document(match_on=["user-email-address"]))[0] == "preferences.match_on[0]"
    assert one_error(document(match_on=["user-first-name", "user-elementid"]))[0] == "preferences.match_on[1]"
    ((where, message),) = warnings(
        document([*NAMES, row("user-sms-updates", "HasOptedOutOfEmail")], match_on=["user-sms-updates"])
    )
    assert (where, "hardly tells them apart" in message) == ("preferences.match_on[0]", True)


TYPE = {"FY": "FY", "TR": "TR", "GR": "GR"}


def test_a_value_map_names_values_that_exist() -> None:
    wrong = row(
        "user-education-student-type",
        "Student_Type__c",
        values={**TYPE, "XX": "FY", "First year": "Fist year"},
    )
    found = [
        message for where, message in errors(document([*NAMES, wrong])) if where == "mappings.contact[4]"
    ]
    assert len(found) == 3
    assert "“XX”, which is not one of the values of user education student type" in found[0]
    assert "“First year” is only its label; the value is “FY”." in found[1]
    assert "Did you mean FY?" in found[2]


def test_a_value_outside_an_open_list_is_only_doubtful() -> None:
    open_list = salesforce_field("Source__c", "picklist", options=(("Web", "Web"),))
    ((where, message),) = warnings(
        document([*NAMES, row("user-education-student-type", "Source__c", values={"FY": "Fair"})]), open_list
    )
    assert (where, "“Fair”, which is not one of the values" in message) == ("mappings.contact[4]", True)


def test_a_value_map_for_yes_and_no_says_true_and_false() -> None:
    where, message = one_error(
        document([*NAMES, row("user-education-student-type", "HasOptedOutOfEmail", values={"FY": "Y"})])
    )
    assert (where, "holds true or false" in message) == ("mappings.contact[4]", True)
    ((where, message),) = warnings(
        document(
            [
                *NAMES,
                row(
                    "user-education-student-type", "HasOptedOutOfEmail", values={"FY": "true", "TR": "false"}
                ),
            ]
        )
    )
    assert (where, "“GR”" in message) == ("mappings.contact[4]", True)


def test_values_that_the_receiving_list_does_not_have_are_told_beforehand() -> None:
    few = salesforce_field("Few__c", "picklist", options=(("FY", "First year"),), restricted=True)
    ((_, message),) = warnings(
        document([*NAMES, row("user-education-student-type", "Few__c", values={"TR": "FY"})]), few
    )
    assert (
        "does not have these values of user education student type (user-education-student-type): “GR”. Add"
        " them to the value map" in message
    )
    ((_, message),) = warnings(document([*NAMES, row("user-custom-notes", "Few__c")]), replace(few, length=0))
    assert "may hold anything" in message
    assert warnings(document([*NAMES, row("user-race-categories", "Race__c", "salesforce")])) == []


def test_a_new_record_gets_the_first_value_of_every_field_whoever_owns_it() -> None:
    few = salesforce_field("Few__c", "picklist", options=(("FY", "First year"),), restricted=True)
    (found,) = warnings(document([*NAMES, row("user-education-student-type", "Few__c", "salesforce")]), few)
    assert (
        "does not have these values of user education student type (user-education-student-type): “TR”, “GR”."
        in found[1]
    )
    assert "or new records with them will fail" in found[1]
    day = salesforce_field("Day__c", "date")
    (found,) = warnings(document([*NAMES, row("user-custom-notes", "Day__c", "salesforce")]), day)
    assert "A new record in Salesforce gets the other side's value too, which may not fit" in found[1]
    listed = row("user-education-student-type", "Description")
    assert warnings(document([*NAMES, listed])) == []
    made = document([*NAMES, listed])
    made["preferences"]["import"]["create_new"] = True
    (found,) = warnings(made)
    assert "may hold anything, but user education student type" in found[1]


def test_a_field_that_is_shorter_than_the_values_is_told_beforehand() -> None:
    found = {
        problem.where: problem.message
        for problem in problems(document([*NAMES, row("user-custom-notes", "Description")]))
    }
    assert "may hold up to 255 characters, but FirstName (FirstName) takes 40" in found["mappings.contact[2]"]
    assert (
        "may hold text of any length, but Description (Description) takes 32000"
        in found["mappings.contact[4]"]
    )
    assert "mappings.contact[0]" not in found


def test_a_calculated_field_does_not_announce_its_changes() -> None:
    formula = salesforce_field(
        "Score__c", "double", scale=2, calculated=True, creatable=False, updatable=False
    )
    ((where, message),) = warnings(
        document([*NAMES, row("user-custom-gpa", "Score__c", "salesforce")]), formula
    )
    assert (where, "does not announce its changes" in message) == ("mappings.contact[4]", True)


def test_two_fields_that_look_swapped_are_pointed_out() -> None:
    fields = [
        replace(element451_field("user-a"), label="Home City"),
        replace(element451_field("user-b"), label="Home State"),
        replace(salesforce_field("A__c"), label="Home city"),
        replace(salesforce_field("B__c"), label="Home state"),
    ]
    ((where, message),) = warnings(document([*NAMES, row("user-a", "B__c"), row("user-b", "A__c")]), *fields)
    assert where == "mappings.contact[4]"
    assert "user-a and user-b look swapped" in message
    assert warnings(document([*NAMES, row("user-a", "A__c"), row("user-b", "B__c")]), *fields) == []


def test_errors_come_first() -> None:
    severities = [
        problem.severity for problem in problems(document([*NAMES, row("user-nothing", "Description")]))
    ]
    assert severities == sorted(severities)
