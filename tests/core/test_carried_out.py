"""What a plan turned out to do, once its write was answered (rules 15 and 16)."""

import hypothesis.strategies as st
from hypothesis import given

from syncer.core import values
from syncer.core.payload import with_overwritten, without
from syncer.core.plan import Change, Direction, Plan, Status
from syncer.core.records import Kind, System, Value
from tests.core.builders import FIRST, NOTES, VISITS, law, mapping

MAPPING = mapping(FIRST, NOTES, VISITS)
SIDES = st.sampled_from(list(Direction))
TEXTS = st.sampled_from([None, "Ann", "Zoë", "x", "y"])


def a_plan(direction: Direction, sent: dict[int, Value], known: dict[int, Value]) -> Plan:
    """A plan that sends values of the mapped fields, by their number; ``known`` is what was last read."""
    target = direction.target
    fields = MAPPING.fields
    changes = tuple(
        Change(fields[n].element451.key, fields[n].salesforce.key, fields[n].owner, known.get(n), value)
        for n, value in sent.items()
        if known.get(n) != value
    )
    outgoing = {fields[n].of(target).key: value for n, value in sent.items()}
    return Plan(
        Kind.CONTACT, direction, "e", "s", Status.UPDATED, "Values differ.", changes, outgoing=outgoing
    )


def key_of(plan: Plan, change: Change) -> str:
    return change.salesforce if plan.direction.target is System.SALESFORCE else change.element451


BY_NUMBER = st.dictionaries(st.integers(0, 1), TEXTS, min_size=1)


@law
@given(SIDES, BY_NUMBER, BY_NUMBER, st.dictionaries(st.integers(0, 1), TEXTS))
def test_every_value_that_was_overwritten_by_another_is_a_change_and_no_other_is(
    direction: Direction, sent: dict[int, Value], known: dict[int, Value], there: dict[int, Value]
) -> None:
    plan = a_plan(direction, sent, known)
    target, by_key = plan.direction.target, MAPPING.by_key(plan.direction.target)
    before = {MAPPING.fields[n].of(target).key: value for n, value in there.items()}
    planned = {key_of(plan, change): change for change in plan.changes}
    made = {key_of(plan, change): change for change in with_overwritten(plan, before, MAPPING).changes}
    for key, after in (plan.outgoing or {}).items():
        if key not in before:
            assert made.get(key) == planned.get(key)
        elif values.same(by_key[key].of(target), before[key], after):
            assert key not in made
        else:
            assert (made[key].before, made[key].after, made[key].known) == (before[key], after, True)
    assert set(made) <= set(plan.outgoing or {})


@law
@given(SIDES, BY_NUMBER, BY_NUMBER, st.sets(st.integers(0, 1)))
def test_a_refused_field_is_left_out_and_nothing_gets_lost(
    direction: Direction, sent: dict[int, Value], known: dict[int, Value], refused: set[int]
) -> None:
    plan = a_plan(direction, sent, known)
    keys = {MAPPING.fields[n].of(direction.target).key for n in refused}
    done = without(plan, keys)
    assert set(done.outgoing or {}) == set(plan.outgoing or {}) - keys
    assert set(done.changes) | set(done.left_out) == set(plan.changes)
    assert {key_of(plan, change) for change in done.left_out} <= keys
    assert keys.isdisjoint(key_of(plan, change) for change in done.changes)
