"""Laws of planning over random mappings, modes and contacts (rules 1, 2, 3, 5, 6, 8, 10 to 12)."""

from dataclasses import dataclass, replace
from typing import Any

import hypothesis.strategies as st
from hypothesis import assume, given

from syncer.core import values
from syncer.core.field_types.field_type import Unfit
from syncer.core.mapping import MappedField
from syncer.core.pair import Pair
from syncer.core.plan import Direction, Plan, Rules, Status
from syncer.core.planner import plan_pair
from syncer.core.preferences import ExportMode, Preferences, Scope
from syncer.core.records import Kind, System, Value
from tests.core.builders import (
    EID,
    ELEMENT451,
    ELEMENT_KEY,
    FIRST,
    LISTED,
    NOTES,
    OPTED_OUT,
    PHONE,
    SFID,
    SLUG,
    VISITS,
    law,
    mapping,
    valid,
)
from tests.support.memory_catalogue import element451_field, salesforce_field

BORN = MappedField(element451_field("user-dob", "date"), salesforce_field("Birthdate", "date"), ELEMENT451)
APPLIED = MappedField(
    element451_field("user-applied", "datetime"), salesforce_field("Applied__c", "datetime"), ELEMENT451
)
GPA = MappedField(
    element451_field("user-gpa", "float"), salesforce_field("GPA__c", "double", scale=1), ELEMENT451
)
RACES = MappedField(
    element451_field("user-races", "checkbox"), salesforce_field("Races__c", "multipicklist"), ELEMENT451
)
LEVEL = MappedField(
    element451_field("user-level", "dropdown", options=LISTED),
    salesforce_field("Level__c", "picklist"),
    ELEMENT451,
    (("a", "A"), ("b", "A")),
)
TEMPLATES = [FIRST, NOTES, PHONE, VISITS, OPTED_OUT, BORN, APPLIED, GPA, RACES, LEVEL]
LINKS = {ELEMENT451: SLUG, System.SALESFORCE: ELEMENT_KEY}


@dataclass(frozen=True)
class Case:
    pair: Pair
    rules: Rules

    @property
    def plans(self) -> list[Plan]:
        return plan_pair(self.pair, self.rules)

    @property
    def fields(self) -> tuple[MappedField, ...]:
        return self.rules.mapping.fields


@st.composite
def cases(draw: Any, halves: tuple[str, ...] = ("both", "element451", "salesforce")) -> Case:
    """A contact on either side or both, with values that are known, empty, or not yet read."""
    fields = [draw_field(draw, one) for one in draw(st.lists(st.sampled_from(TEMPLATES), unique=True))]
    held: dict[System, dict[str, Value]] = {}
    for system in System:
        known = {
            one.of(system).key: draw(st.none() | valid(one.of(system)))
            for one in fields
            if draw(st.integers(0, 5))
        }
        held[system] = {
            key: values.stored(one.of(system), known[key])
            for one in fields
            if (key := one.of(system).key) in known
        }
    half = draw(st.sampled_from(halves))
    ids = {
        ELEMENT451: EID if half != "salesforce" else None,
        System.SALESFORCE: SFID if half != "element451" else None,
    }
    for system in System:
        link = draw(st.sampled_from(["right", "right", "right", "missing", "unknown", "another"]))
        if link != "unknown":
            another = "f" * 24 if system is System.SALESFORCE else "003000000000009AAA"
            held[system][LINKS[system]] = {"right": ids[system.other], "another": another}.get(link)
    held = {system: held[system] if ids[system] else {} for system in System}
    modes = Preferences(
        update_existing=draw(st.booleans()),
        create_new=draw(st.booleans()),
        export_mode=draw(st.sampled_from(ExportMode)),
        scope=draw(st.sampled_from(Scope)),
    )
    changed = draw(st.frozensets(st.sampled_from(System)))
    pair = Pair(
        Kind.CONTACT,
        ids[ELEMENT451],
        ids[System.SALESFORCE],
        held[ELEMENT451],
        held[System.SALESFORCE],
        in_scope=draw(st.booleans()),
        changed=changed,
    )
    return Case(pair, Rules(mapping(*fields), modes))


def draw_field(draw: Any, one: MappedField) -> MappedField:
    salesforce = replace(
        one.salesforce, creatable=draw(st.integers(0, 4)) > 0, updatable=draw(st.integers(0, 4)) > 0
    )
    return replace(one, owner=draw(st.sampled_from(System)), salesforce=salesforce)


def carried(case: Case, one: MappedField, direction: Direction) -> Value:
    """What the receiving field will hold once the source's value was written; skips the case where it does
    not fit."""
    source, target = direction.source, direction.target
    try:
        return values.stored(
            one.of(target), one.converted(case.pair.values(source)[one.of(source).key], target)
        )
    except Unfit:
        assume(False)
        raise


@law
@given(cases())
def test_an_update_carries_nothing_but_the_link_and_what_its_source_owns(case: Case) -> None:
    for plan in case.plans:
        if plan.status is Status.UPDATED:
            source, target = plan.direction.source, plan.direction.target
            owned = {
                one.of(target).key for one in case.fields if one.owner is source and one.of(target).updatable
            }
            assert set(plan.outgoing or {}) <= owned | {LINKS[target]}


@law
@given(cases())
def test_what_was_not_read_at_its_source_is_never_written(case: Case) -> None:
    for plan in case.plans:
        if not plan.follows:
            source, target = plan.direction.source, plan.direction.target
            unknown = {
                one.of(target).key
                for one in case.fields
                if one.of(source).key not in case.pair.values(source)
            }
            assert not set(plan.outgoing or {}) & unknown


@law
@given(cases(("both",)))
def test_an_update_carries_every_known_value_of_the_owner_that_differs_empty_ones_too(case: Case) -> None:
    """To Salesforce it carries no others, to Element451 all of them."""
    for plan in case.plans:
        if plan.status is Status.UPDATED and updating(case, plan.direction):
            source, target = plan.direction.source, plan.direction.target
            for one in case.rules.mapping.owned_by(source):
                if one.of(source).key in case.pair.values(source) and one.of(target).updatable:
                    field, held = one.of(target), case.pair.values(target)
                    wanted = carried(case, one, plan.direction)
                    agrees = field.key in held and values.same(field, held[field.key], wanted)
                    if target is System.SALESFORCE and agrees:
                        assert field.key not in (plan.outgoing or {})
                    else:
                        assert (plan.outgoing or {})[field.key] == wanted


@law
@given(cases(("both",)))
def test_what_was_not_read_at_the_target_is_written_without_comparing(case: Case) -> None:
    for plan in case.plans:
        if plan.status is not Status.FAILED and updating(case, plan.direction):
            source, target = plan.direction.source, plan.direction.target
            blind = [
                one.of(target).key
                for one in case.rules.mapping.owned_by(source)
                if one.of(target).updatable
                and one.of(source).key in case.pair.values(source)
                and one.of(target).key not in case.pair.values(target)
            ]
            changes = {
                change.salesforce if target is System.SALESFORCE else change.element451: change
                for change in plan.changes
            }
            assert all(key in changes and not changes[key].known for key in blind)


@law
@given(cases(("element451", "salesforce")))
def test_a_creation_carries_exactly_the_fields_with_a_value_that_can_be_created(case: Case) -> None:
    for plan in case.plans:
        if plan.status is Status.INSERTED:
            source, target = plan.direction.source, plan.direction.target
            full = [
                one
                for one in case.fields
                if one.of(target).creatable and case.pair.values(source).get(one.of(source).key) is not None
            ]
            wanted = {one.of(target).key: carried(case, one, plan.direction) for one in full}
            assert plan.outgoing == wanted | {LINKS[target]: case.pair.id(source)}


@law
@given(cases())
def test_what_does_not_write_sends_nothing_and_what_writes_changes_something(case: Case) -> None:
    for plan in case.plans:
        assert plan.writes or not plan.status.writes
        assert not plan.writes or plan.changes
        assert not plan.writes or plan.status.writes or plan.left_out
        assert not plan.left_out or plan.status is Status.FAILED
        written = {change.salesforce for change in plan.changes}
        assert not written & {change.salesforce for change in plan.left_out}
        assert plan.reason
        assert bool(plan.code) == (plan.status is Status.FAILED)


@law
@given(cases(("both",)))
def test_once_written_the_same_contact_has_nothing_left_to_write(case: Case) -> None:
    pair = case.pair
    for plan in case.plans:
        held = {**pair.values(plan.direction.target), **(plan.outgoing or {})}
        pair = (
            replace(pair, salesforce=held)
            if plan.direction is Direction.EXPORT
            else replace(pair, element451=held)
        )
    for plan in plan_pair(pair, case.rules):
        assert not plan.writes


@law
@given(cases())
def test_the_modes_alone_decide_whether_records_are_created_or_updated(case: Case) -> None:
    modes = case.rules.preferences
    for plan in case.plans:
        if plan.status is Status.INSERTED:
            assert (
                modes.create_new
                if plan.direction is Direction.IMPORT
                else modes.scope is Scope.ALL or case.pair.in_scope
            )
        if plan.status is Status.UPDATED and not updating(case, plan.direction):
            assert list(plan.outgoing or {}) == [LINKS[plan.direction.target]]


@law
@given(cases())
def test_a_change_shows_what_was_there_and_what_will_be(case: Case) -> None:
    for plan in case.plans:
        target = plan.direction.target
        for change in plan.changes if not plan.follows else ():
            key = change.salesforce if target is System.SALESFORCE else change.element451
            assert change.before == case.pair.values(target).get(key)
            assert change.known == (key in case.pair.values(target))
            if plan.writes:
                assert change.after == (plan.outgoing or {})[key]


@law
@given(cases())
def test_counting_forgets_only_what_neither_changed_nor_writes_nor_fails(case: Case) -> None:
    for plan in case.plans:
        quiet = plan.status in (Status.UNCHANGED, Status.IGNORED)
        assert plan.counts == (plan.direction.source in case.pair.changed or not quiet)


@law
@given(cases())
def test_a_pair_that_left_the_sync_has_no_plans(case: Case) -> None:
    assert plan_pair(replace(case.pair, left=True), case.rules) == []


def updating(case: Case, direction: Direction) -> bool:
    modes = case.rules.preferences
    if direction is Direction.IMPORT:
        return modes.update_existing
    return modes.export_updates and (case.pair.in_scope or modes.scope is Scope.ALL)
