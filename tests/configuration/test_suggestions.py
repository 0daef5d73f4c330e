"""Pairs of fields that look as if they belonged together."""

from dataclasses import replace
from typing import Any

import pytest

from syncer.configuration.editor.suggestions import name_words, similarity, suggest_mappings
from syncer.core.fields import Field
from syncer.core.records import Kind, System
from tests.configuration.test_candidates import real
from tests.support.memory_catalogue import element451_field, salesforce_field

EXPORTS = {System.SALESFORCE}


def ours(label: str, key: str = "user-ours", type: str = "text", **more: Any) -> Field:
    return replace(element451_field(key, type, **more), label=label)


def theirs(label: str, key: str = "Theirs__c", type: str = "string", **more: Any) -> Field:
    return replace(salesforce_field(key, type, **more), label=label)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (ours("Date of Birth", "user-dob", "date"), theirs("Birthdate", "Birthdate", "date")),
        (ours("Cell Phone", "user-phone-cell-number"), theirs("Mobile Phone", "MobilePhone", "phone")),
        (ours("Email Address", "user-email-address"), theirs("Email", "Email", "email")),
        (ours("Home City", "user-addresses-home-city"), theirs("Mailing City", "MailingCity")),
        (ours("Home ZIP", "user-addresses-home-zip"), theirs("Mailing Zip/Postal Code", "MailingPostalCode")),
        (ours("Race", "user-race"), theirs("Race", "hed__Race__c")),
        (ours("GPA", "user-custom-gpa", "float"), theirs("GPA", "GPA__c", "double", scale=2)),
    ],
)
def test_fields_that_mean_the_same_are_suggested_whatever_they_are_called(left: Field, right: Field) -> None:
    (found,) = suggest_mappings([left], [right], Kind.CONTACT, (), EXPORTS)
    assert found.fields == (left.key, right.key)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (ours("First Name"), theirs("Last Name")),
        (ours("Middle Name"), theirs("Former Middle Name")),
        (ours("Home Street 2"), theirs("Mailing Street")),
        (ours("Home Phone"), theirs("Other Phone")),
        (ours("Interests"), theirs("Department")),
    ],
)
def test_fields_that_mean_something_else_are_not(left: Field, right: Field) -> None:
    assert suggest_mappings([left], [right], Kind.CONTACT, (), EXPORTS) == []


def test_types_that_do_not_fit_are_never_suggested() -> None:
    assert (
        suggest_mappings(
            [ours("Visits", type="date")], [theirs("Visits", type="multipicklist")], Kind.CONTACT, (), EXPORTS
        )
        == []
    )


def test_a_formula_is_suggested_with_salesforce_as_its_owner() -> None:
    formula = theirs("Standing", calculated=True, creatable=False, updatable=False)
    (found,) = suggest_mappings([ours("Standing")], [formula], Kind.CONTACT, (), EXPORTS)
    assert found.owner is System.SALESFORCE


def test_what_is_mapped_or_was_dismissed_is_not_suggested() -> None:
    left, right = ours("Campus", "user-campus"), theirs("Campus", "Campus__c")
    for taken in ((left.key, "Other__c"), ("user-other", right.key)):
        assert suggest_mappings([left], [right], Kind.CONTACT, [taken], EXPORTS) == []
    assert suggest_mappings([left], [right], Kind.CONTACT, (), EXPORTS, {(left.key, right.key)}) == []


def test_each_field_is_suggested_once_with_the_likeliest() -> None:
    found = suggest_mappings(
        [ours("Campus", "user-campus")],
        [theirs("Campus", "Campus__c"), theirs("The Campus Number", "Other__c")],
        Kind.CONTACT,
        (),
        EXPORTS,
    )
    assert len(found) == 1
    assert similarity(found[0].element451, found[0].salesforce) == 1


def test_like_options_come_with_a_value_map() -> None:
    gender = ours("Gender", type="dropdown", options=(("F", "Female"), ("M", "Male")))
    (found,) = suggest_mappings(
        [gender],
        [theirs("Gender", type="picklist", options=(("Female", "Female"),))],
        Kind.CONTACT,
        (),
        EXPORTS,
    )
    assert found.values == {"F": "Female"}


def test_a_real_orgs_contact_gets_the_pairs_that_everybody_would_make() -> None:
    left = [
        ours("First Name", "user-first-name"),
        ours("Last Name", "user-last-name"),
        ours("Email Address", "user-email-address"),
        ours("Date of Birth", "user-dob", "date"),
        ours("Home State", "user-addresses-home-state"),
        ours("Gender", "user-gender", "dropdown", options=(("Male", "Male"), ("Female", "Female"))),
    ]
    found = suggest_mappings(left, real("Contact-eda"), Kind.CONTACT, (), EXPORTS)
    assert {one.fields for one in found} == {
        ("user-first-name", "FirstName"),
        ("user-last-name", "LastName"),
        ("user-email-address", "Email"),
        ("user-dob", "Birthdate"),
        ("user-addresses-home-state", "MailingState"),
        ("user-gender", "hed__Gender__c"),
    }
    assert found[0].fields == ("user-last-name", "LastName"), "what a new record needs comes first"


def test_names_are_taken_apart_however_they_are_written() -> None:
    for name in (
        "user-last-activity-at",
        "Last_Activity_At__c",
        "LastActivityAt",
        "hed__Last_Activity_At__c",
        "Last Activity At",
    ):
        assert name_words(name) == {"last", "activity", "at"}
