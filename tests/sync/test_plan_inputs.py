"""What decides a plan is one value: whatever of the configuration the planner reads must be part of it."""

from collections.abc import Iterator
from dataclasses import fields, replace
from enum import Enum
from itertools import product
from typing import Any, ClassVar

import pytest

from syncer.core.mapping import FieldMapping, MappedField
from syncer.core.matching.conditions import Condition, Operator
from syncer.core.pair import ContactLink, Pair
from syncer.core.plan import Rules
from syncer.core.planner import plan_pair
from syncer.core.preferences import ExportMode, Preferences, Scope
from syncer.core.records import Kind, RecordState, System
from syncer.sync.planning.plan_inputs import PlanInputs
from tests.core.builders import (
    EID,
    FIRST,
    NOTES,
    PEOPLE,
    PHONE,
    SFID,
    SUBJECT,
    conversation,
    mapping,
    only_in_element451,
    only_in_salesforce,
    paired,
)

MAPPED = replace(NOTES, values=(("a", "b"),))
OF_EACH_KIND = {
    Kind.CONTACT: mapping(FIRST, PHONE, MAPPED),
    Kind.CONVERSATION: mapping(replace(SUBJECT, values=(("a", "b"),)), kind=Kind.CONVERSATION),
}
DECIDED_ELSEWHERE = {"kind"}
"""Of a mapping: each kind is compared with itself."""


class Reads:
    """Mixed into a dataclass: notes which of its fields are read while ``names`` is a set."""

    names: ClassVar[set[tuple[str, str]]] = set()

    def __getattribute__(self, name: str) -> Any:
        of = type(self).__mro__[2]
        if name in getattr(of, "__dataclass_fields__", {}):
            Reads.names.add((of.__name__, name))
        return super().__getattribute__(name)


class ReadPreferences(Reads, Preferences):
    """Preferences that note what is read."""


class ReadMapping(Reads, FieldMapping):
    """A mapping that notes what is read."""


class ReadField(Reads, MappedField):
    """A mapped field that notes what is read."""


def noting(rules: Rules) -> Rules:
    """The same rules, of which is noted what is read."""

    def field(one: MappedField | None) -> MappedField | None:
        return ReadField(*(getattr(one, each.name) for each in fields(MappedField))) if one else None

    given = {each.name: getattr(rules.mapping, each.name) for each in fields(FieldMapping)}
    given |= {name: field(given[name]) for name in ("element_id", "salesforce_id", "contact")}
    given |= {"fields": tuple(map(field, rules.mapping.fields))}
    preferences = {each.name: getattr(rules.preferences, each.name) for each in fields(Preferences)}
    return Rules(ReadMapping(**given), ReadPreferences(**preferences), rules.previous_run)


def every_mode() -> Iterator[Preferences]:
    for update, create, export, scope, talks in product(
        (True, False), (True, False), ExportMode, Scope, (True, False)
    ):
        yield Preferences(
            update_existing=update,
            create_new=create,
            export_mode=export,
            scope=scope,
            sync_conversations=talks,
        )


def pairs() -> Iterator[Pair]:
    """Contacts and conversations in every state that a plan tells apart."""
    element451 = {"user-first-name": "Ann", "user-phone": None, "user-notes": "a"}
    salesforce = {"FirstName": "Bea", "Phone": "1", "Notes__c": None}
    for scope in (True, False):
        yield paired(element451, salesforce, in_scope=scope)
        yield only_in_element451(element451, in_scope=scope)
        yield only_in_element451(element451, in_scope=scope, problem="Two match.")
        yield only_in_salesforce(salesforce, in_scope=scope)
        yield Pair(Kind.CONTACT, EID, SFID, element451, salesforce, in_scope=scope)
        yield paired(element451, salesforce, in_scope=scope, salesforce_state=RecordState.DELETED)
    for contact in (None, ContactLink(SFID), ContactLink(left=True), ContactLink(failed="No.")):
        yield conversation({"conversation-subject": "Hello"}, contact=contact)
        yield conversation({"conversation-subject": "Hello"}, contact=contact, salesforce_id=SFID)


def another(value: Any) -> Any:
    """A value that differs."""
    match value:
        case bool():
            return not value
        case Enum():
            return next(one for one in type(value) if one is not value)
        case int():
            return value + 1
        case str():
            return f"{value}_other"
        case tuple():
            return value[1:] if value else (FIRST,)
        case MappedField():
            return replace(value, owner=value.owner.other)
        case None:
            return FIRST
    name = "key" if hasattr(value, "key") else "name" if hasattr(value, "name") else "records"
    return replace(value, **{name: another(getattr(value, name))})


def changed(rules: Rules, name: str, attribute: str) -> Rules:
    """The rules with one attribute of the preferences, the mapping or its last mapped field changed."""
    if name == "Preferences":
        value = another(getattr(rules.preferences, attribute))
        return replace(rules, preferences=replace(rules.preferences, **{attribute: value}))
    if attribute == "filters":
        condition = Condition(FIRST.element451, Operator.NOT_EMPTY)
        return replace(rules, mapping=replace(rules.mapping, filters=(condition,)))
    if name == "FieldMapping":
        value = another(getattr(rules.mapping, attribute))
        return replace(rules, mapping=replace(rules.mapping, **{attribute: value}))
    *others, last = rules.mapping.fields
    last = replace(last, **{attribute: another(getattr(last, attribute))})
    return replace(rules, mapping=replace(rules.mapping, fields=(*others, last)))


@pytest.mark.parametrize("kind", Kind)
def test_whatever_the_planner_reads_of_a_configuration_is_part_of_what_decides_a_plan(kind: Kind) -> None:
    Reads.names = set()
    for preferences, pair in product(every_mode(), pairs()):
        if pair.kind is kind:
            plan_pair(pair, noting(Rules(OF_EACH_KIND[kind], preferences)))
    read = {(name, attribute) for name, attribute in Reads.names if attribute not in DECIDED_ELSEWHERE}
    read |= {("MappedField", each.name) for each in fields(MappedField)}
    assert ("Preferences", "sync_conversations" if kind is Kind.CONVERSATION else "scope") in read
    rules = Rules(OF_EACH_KIND[kind], Preferences())
    missed = {
        f"{name}.{attribute}"
        for name, attribute in read
        if PlanInputs.of(changed(rules, name, attribute)) == PlanInputs.of(rules)
    }
    assert missed == set(), "a change of these would make nothing due, and a forecast would not see it"


def test_what_does_not_decide_a_plan_makes_no_difference() -> None:
    rules = Rules(PEOPLE, Preferences())
    for attribute in ("interval_minutes", "batch_size", "guard", "api_share_percent", "salesforce_threads"):
        assert PlanInputs.of(changed(rules, "Preferences", attribute)) == PlanInputs.of(rules)
    assert PlanInputs.of(changed(rules, "FieldMapping", "match_on")) == PlanInputs.of(rules)
    assert PlanInputs.of(replace(rules, previous_run=7)) == PlanInputs.of(rules)


def test_it_is_stored_and_read_again() -> None:
    rules = Rules(
        OF_EACH_KIND[Kind.CONTACT], Preferences(export_mode=ExportMode.UPDATE_EXISTING, scope=Scope.ALL)
    )
    inputs = PlanInputs.of(rules)
    assert PlanInputs.from_json(inputs.to_json()) == inputs


def test_what_an_earlier_version_stored_still_compares() -> None:
    stored = {
        "entity": "Anything",
        "match_on": [],
        "modes": [True, False, "match_existing_and_import_new", "conversations", True],
        "fields": [
            ["user-elementid", "Element451_ID__c", "element451", []],
            ["user-identities-salesforceid", "Id", "salesforce", []],
            ["user-first-name", "FirstName", "element451", []],
            ["user-phone", "Phone", "salesforce", []],
            ["user-notes", "Notes__c", "element451", [["a", "b"]]],
        ],
    }
    passing = mapping(FIRST, PHONE, replace(MAPPED, unlisted_passes=True))  # as all values did then
    now = PlanInputs.of(Rules(passing, Preferences(update_existing=True)))
    assert PlanInputs.from_json(stored) == now
    for other in (
        stored | {"entity": "Lead"},
        stored | {"modes": [True, True, "match_existing_and_import_new", "conversations", True]},
        stored | {"fields": stored["fields"][:-1]},
    ):
        assert PlanInputs.from_json(other) != now
    assert {each.owner for each in now.fields} == set(System)
