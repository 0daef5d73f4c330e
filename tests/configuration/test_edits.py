"""Changes of mapped fields: what is changed, what stays, and what must never be lost."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from syncer.configuration import required_mappings
from syncer.configuration.config_file import default_document, validate
from syncer.configuration.document import field_keys
from syncer.configuration.editor import edits
from syncer.configuration.editor.edits import MappingNotFound, MappingRequired, mapping_row
from syncer.configuration.required_mappings import REQUIRED_MAPPINGS, required_mapping
from syncer.core.records import Kind, System
from tests.support.documents import document, row

SLUGS = some.from_regex(r"user-[a-z]{1,6}", fullmatch=True)
NAMES = some.from_regex(r"[A-Z][a-z]{1,6}__c", fullmatch=True)
VALUES = some.dictionaries(
    some.text("abcd", min_size=1, max_size=3), some.text("abcd", min_size=1, max_size=3), max_size=4
)
ROWS = some.builds(mapping_row, SLUGS, NAMES, some.sampled_from(System), VALUES)
KINDS = some.sampled_from(Kind)


unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""However busy the machine is."""


@some.composite
def documents(draw: some.DrawFn) -> dict[str, Any]:
    """Configurations with some mapped fields besides the required ones, in any order."""
    made = default_document()
    for kind in Kind:
        more = draw(some.lists(ROWS, max_size=4, unique_by=field_keys))
        made["mappings"][kind.value] = draw(some.permutations([*made["mappings"][kind.value], *more]))
    return validate(made)


def rows(made: dict[str, Any], kind: Kind) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = made["mappings"][kind.value]
    return found


def all_required(made: dict[str, Any]) -> bool:
    return all(
        any(required_mapping(kind, field_keys(one)) == must for one in rows(made, kind))
        for kind in Kind
        for must in REQUIRED_MAPPINGS[kind]
    )


@unhurried
@given(documents(), KINDS, ROWS, some.data())
def test_a_change_touches_one_row_and_leaves_everything_else_as_it_was(
    made: dict[str, Any], kind: Kind, new: dict[str, Any], data: some.DataObject
) -> None:
    before, at = deepcopy(made), data.draw(some.integers(0, len(rows(made, kind)) - 1))
    fields = field_keys(rows(made, kind)[at])
    changes = [edits.add(made, kind, new)]
    if required_mapping(kind, fields) is None:
        changes += [edits.replace(made, kind, fields, new), edits.remove(made, kind, fields)]
    expected = [
        [*rows(made, kind), new],
        [*rows(made, kind)[:at], new, *rows(made, kind)[at + 1 :]],
        rows(made, kind)[:at] + rows(made, kind)[at + 1 :],
    ]
    for after, its in zip(changes, expected, strict=False):
        assert rows(after, kind) == its
        other = next(one for one in Kind if one is not kind)
        assert (after["preferences"], rows(after, other), after["version"]) == (
            before["preferences"],
            rows(before, other),
            before["version"],
        )
        assert all_required(after)
        assert validate(after) == after
    assert made == before


@unhurried
@given(documents(), KINDS, some.data())
def test_no_required_mapping_can_be_removed_or_turned_into_another(
    made: dict[str, Any], kind: Kind, data: some.DataObject
) -> None:
    must = data.draw(some.sampled_from(REQUIRED_MAPPINGS[kind]))
    mine = next(one for one in rows(made, kind) if required_mapping(kind, field_keys(one)) == must)
    with pytest.raises(MappingRequired, match="must stay"):
        edits.remove(made, kind, field_keys(mine))
    for wrong in (
        mapping_row("user-other", "Other__c", must.owner),
        mapping_row(*field_keys(mine), must.owner.other),
    ):
        with pytest.raises(MappingRequired):
            edits.replace(made, kind, field_keys(mine), wrong)


def test_the_other_half_of_a_required_mapping_may_be_chosen() -> None:
    made = edits.replace(
        default_document(),
        Kind.CONTACT,
        ("user-elementid", "Element451_ID__c"),
        row("user-elementid", "Slate_ID__c"),
    )
    made = edits.replace(
        made,
        Kind.CONTACT,
        ("user-identities-salesforceid", "Id"),
        row("user-custom-sfid", "Id", "salesforce"),
    )
    assert [field_keys(one) for one in rows(made, Kind.CONTACT)] == [
        ("user-elementid", "Slate_ID__c"),
        ("user-custom-sfid", "Id"),
    ]


@unhurried
@given(documents(), some.sets(some.integers(0, 20)))
def test_what_is_required_and_missing_is_put_first_and_the_rest_stays(
    made: dict[str, Any], lost: set[int]
) -> None:
    left = deepcopy(made)
    for kind in Kind:
        left["mappings"][kind.value] = [one for at, one in enumerate(rows(made, kind)) if at not in lost]
    whole = required_mappings.with_required_mappings(left)
    assert all_required(whole)
    for kind in Kind:
        kept = rows(left, kind)
        assert rows(whole, kind)[len(rows(whole, kind)) - len(kept) :] == kept
    assert required_mappings.with_required_mappings(whole) == whole


def test_a_mapping_that_somebody_else_removed_meanwhile_is_not_changed() -> None:
    with pytest.raises(MappingNotFound, match="user-first-name is not mapped to FirstName any more"):
        edits.replace(
            document(contact=[]),
            Kind.CONTACT,
            ("user-first-name", "FirstName"),
            row("user-first-name", "Title"),
        )
    with pytest.raises(MappingNotFound):
        edits.remove(document(contact=[]), Kind.CONTACT, ("user-first-name", "FirstName"))


def test_a_mapping_that_somebody_suspended_stays_so_when_it_is_edited() -> None:
    suspended = row("user-first-name", "FirstName") | {"suspended": True}
    made, fields = document(contact=[suspended]), ("user-first-name", "FirstName")
    edited = edits.replace(made, Kind.CONTACT, fields, row(*fields, "salesforce"))
    assert suspended | {"owner": "salesforce"} in rows(edited, Kind.CONTACT)
    other = edits.replace(made, Kind.CONTACT, fields, row("user-first-name", "Title"))
    assert row("user-first-name", "Title") in rows(other, Kind.CONTACT)


def test_what_somebody_suspended_goes_on_once_it_is_resumed() -> None:
    suspended = row("user-first-name", "FirstName") | {"suspended": True}
    made, fields = document(contact=[suspended]), ("user-first-name", "FirstName")
    assert row(*fields) in rows(edits.resume(made, Kind.CONTACT, fields), Kind.CONTACT)
    with pytest.raises(MappingNotFound):
        edits.resume(made, Kind.CONTACT, ("user-dob", "Birthdate"))
