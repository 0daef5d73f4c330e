"""An update that is refused for fields that the answer names goes once more without them (rule 15)."""

from pathlib import Path

import pytest

from syncer.connectors.errors import Result
from syncer.connectors.protocol import Write
from syncer.core.error_codes.entry import Cause
from tests.connectors.salesforce.composite_org import (
    Item,
    Org,
    codes,
    failed,
    id_of,
    inserts,
    number_of,
    sizes,
    write,
)
from tests.connectors.salesforce.scripted_server import Reply

PICKLIST = "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"


def updates(count: int, **values: str) -> list[Write]:
    return [
        Write("update", {"LastName": f"n{n}", "Title": "Dean", **values}, id=id_of(n)) for n in range(count)
    ]


def refuses_title(item: Item) -> Org:
    """An org that so refuses the first twenty records, where they are written with a title."""
    return Org(lambda action, record: item if "Title" in record and number_of(record) < 20 else None)


def left_out(results: list[Result]) -> list[tuple[str, ...]]:
    return [result.left_out.fields if result.left_out else () for result in results]


def test_the_others_of_a_refused_field_are_written_and_the_rows_travel_together(tmp_path: Path) -> None:
    org = refuses_title(failed(PICKLIST, "Title: bad value", "title"))
    results = write(org, tmp_path, updates(200))
    assert not any(codes(results))
    assert left_out(results) == [("Title",)] * 20 + [()] * 180
    why = results[0].left_out
    assert why is not None
    assert (why.code, why.cause) == (PICKLIST, Cause.LASTING)
    assert sizes(org) == [[200], [20]]
    assert {frozenset(record) for record in org.composites[1][0]["body"]["records"]} == {
        frozenset({"attributes", "id", "LastName"})
    }


def test_a_field_that_is_named_by_its_label_only_is_left_out_too(tmp_path: Path) -> None:
    org = refuses_title(failed("STRING_TOO_LONG", "Title: data value too large: Dean (max length=1)"))
    assert left_out(write(org, tmp_path, updates(1))) == [("Title",)]


def test_a_record_that_is_refused_again_for_another_field_goes_without_both(tmp_path: Path) -> None:
    def judge(action: str, record: Item) -> Item | None:
        if "Title" in record:
            return failed(PICKLIST, "bad", "Title")
        return failed("FIELD_CUSTOM_VALIDATION_EXCEPTION", "no", "Extra__c") if "Extra__c" in record else None

    org = Org(judge)
    (result,) = write(org, tmp_path, updates(1, Extra__c="x"))
    assert (codes([result]), left_out([result])) == ([""], [("Title", "Extra__c")])
    assert len(org.composites) == 3


@pytest.mark.parametrize(
    ("values", "item"),
    [
        ({}, failed(PICKLIST, "bad", "Title", "LastName")),
        ({}, failed("FIELD_CUSTOM_VALIDATION_EXCEPTION", "Graduates need a term")),
        ({}, failed("FIELD_CUSTOM_VALIDATION_EXCEPTION", "no", "Other__c")),
        ({"Key__c": "k"}, failed("DUPLICATE_VALUE", "duplicate value found", "Key__c")),
        ({"Account__c": "001"}, failed("FIELD_INTEGRITY_EXCEPTION", "no", "Account__c")),
    ],
    ids=["all are named", "none is named", "another is named", "our own ID", "a lookup"],
)
def test_otherwise_the_record_just_fails(tmp_path: Path, values: dict[str, str], item: Item) -> None:
    org = refuses_title(item)
    (result,) = write(org, tmp_path, updates(1, **values))
    assert result.refusal is not None
    assert result.left_out is None
    assert len(org.composites) == 1


def test_a_creation_fails_whole(tmp_path: Path) -> None:
    org = Org(lambda action, record: failed(PICKLIST, "bad", "LastName"))
    assert codes(write(org, tmp_path, inserts(1))) == [PICKLIST]
    assert len(org.composites) == 1


def test_what_could_not_be_sent_once_more_is_passing(tmp_path: Path) -> None:
    limit = Reply([{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded."}], 403)
    org = refuses_title(failed(PICKLIST, "bad", "Title"))
    org.call = lambda number: limit if number == 2 else None
    done, again = write(org, tmp_path, [*updates(21)[20:], *updates(1)])
    assert done.refusal is None
    assert again.refusal is not None
    assert (again.refusal.code, again.refusal.cause) == ("REQUEST_LIMIT_EXCEEDED", Cause.PASSING)
