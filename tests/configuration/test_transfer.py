"""Mapped fields as lines of a spreadsheet, in both ways."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncer.configuration.document import MappingRow
from syncer.configuration.editor.transfer import Line, read, to_csv
from syncer.core.fields import Field
from syncer.core.records import Kind, System
from tests.core.builders import element451_typed, salesforce_typed


def named(field: Field, key: str, label: str) -> Field:
    return replace(field, key=key, label=label)


FIELDS = {
    System.ELEMENT451: {
        one.key: one
        for one in (
            named(element451_typed(), "user-gender", "Gender"),
            named(element451_typed(), "user-a", "Name"),
            named(element451_typed(), "user-b", "Name"),
        )
    },
    System.SALESFORCE: {
        one.key: one
        for one in (
            named(salesforce_typed(), "Gender__c", "Sex"),
            named(salesforce_typed(), "Title", "Title"),
        )
    },
}
TEXT = st.text(min_size=1, max_size=8).filter(lambda text: text == text.strip() and "\0" not in text)


def lines(text: str, kind: Kind = Kind.CONTACT) -> list[Line]:
    return read(text, kind, FIELDS, lambda ours, theirs: System.SALESFORCE)


def rows(text: str) -> list[MappingRow | None]:
    return [line.row for line in lines(text)]


@settings(max_examples=50)
@given(
    st.dictionaries(TEXT, TEXT, max_size=3),
    st.sampled_from(["", "=1+1", "a;b", "x\ty"]),
    st.sampled_from(list(System)),
)
def test_what_is_written_is_read_back(values: dict[str, str], default: str, owner: System) -> None:
    row: MappingRow = {"element451": "user-gender", "salesforce": "Gender__c", "owner": owner.value}
    row |= {"values": values, "unlisted": "pass"} if values else {}
    row |= {"default": default} if default else {}
    constant = {"salesforce": "Title", "default": "Ms."}
    assert rows(to_csv([row, constant]).decode()) == [row, constant]


@pytest.mark.parametrize("sign", ["\t", ",", ";"])
def test_cells_are_read_with_any_sign_between_them_and_with_a_line_of_names_or_without(sign: str) -> None:
    cells = [["Element451", "Salesforce", "Canonical System"], ["Gender", "sex", "Element451"]]
    text = "\n".join(sign.join(line) for line in cells)
    expected = [{"element451": "user-gender", "salesforce": "Gender__c", "owner": "element451"}]
    assert rows(text) == rows(text.partition("\n")[2]) == expected


def test_a_line_without_an_owner_gets_the_one_that_fits_best() -> None:
    assert rows("user-gender\tTitle") == [
        {"element451": "user-gender", "salesforce": "Title", "owner": "salesforce"}
    ]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("user-gendre,Gender__c", "Element451 has no field “user-gendre”. Did you mean user-gender?"),
        ("Name,Gender__c", "Several fields of Element451 are called “Name”: user-a, user-b. Write the key."),
        ("user-gender,Gender__c,me", "The owner is element451 or salesforce, not “me”."),
        ("user-gender,Gender__c,,F", "A value map is written as F=Female; M=Male."),
        ("user-gender,Gender__c,,F=", "A value map needs a value on both sides of each “=”."),
        ("user-gender,Gender__c,,F=A;F=B", "“F” stands twice in the value map."),
        ("user-gender,", "It names no field of Salesforce."),
        (",Title", "It names no field of Element451, and no value for new records either."),
    ],
)
def test_a_line_that_cannot_be_taken_says_why(line: str, problem: str) -> None:
    (found,) = lines(line)
    assert (found.row, found.problem) == (None, problem)
    assert [again.problem for again in lines(found.source)] == [problem], (
        "it can be corrected where it stands"
    )
