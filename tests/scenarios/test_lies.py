"""Systems that answer wrongly for a while: rows, pages and columns that are missing, clocks that are off,
records hidden and shown again, refusals and lost connections. Once they answer rightly, nothing of it is left
(rules 6, 9, 17, 19 and 23)."""

import os
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings

from syncer.core.records import System, Value
from tests.scenarios.lied_to import DELETED, KEYS, OWNER, SCRIPT, Edit, School, Tick, Told, name
from tests.support.databases import sqlite_databases
from tests.support.memory import Entry

pytestmark = pytest.mark.long
EXAMPLES = int(os.environ.get("LIES", "4"))
"""How many histories are tried; `make lies` tries a thousand."""
SAME_SLIP = Tick(
    edits=(Edit(13, System.SALESFORCE, "user-education-student-type", "GR"),),
    everybody=("user-custom-notes", 3),
    told=dict.fromkeys(System, Told(slip=(13, "user-custom-gpa"))),
)
"""Both systems answer with nothing for the same field of the same person, who is imported for another one."""


@example(script=[SAME_SLIP])
@given(script=SCRIPT)
@settings(
    max_examples=EXAMPLES,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a history takes seconds, shrinking one hours
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
def test_after_wrong_answers_both_systems_end_as_if_they_had_never_been_given(script: list[Tick]) -> None:
    honest = _played(script, lied_to=False)
    lied_to = _played(script, lied_to=True)
    assert {
        key: (lied_to.get(key), honest.get(key))
        for key in lied_to.keys() | honest.keys()
        if lied_to.get(key) != honest.get(key)
    } == {}


def _played(script: Sequence[Tick], *, lied_to: bool) -> dict[tuple[str, ...], Value]:
    """What both systems hold in the end: (system, person, field) -> value."""
    with sqlite_databases().engine() as engine:
        school = School(engine)
        for tick in script:
            seen = len(school.salesforce.journal), len(school.element451.journal)
            school.tick(tick, lied_to=lied_to)
            _nothing_held_was_blanked(school, seen)
        school.truth()
        school.night()
        for _ in range(2):
            assert school.sync().state == "done"
        _nobody_who_lives_has_left(school)
        return dict(_values(school))


def _values(school: School) -> Iterator[tuple[tuple[str, ...], Value]]:
    for system in System:
        for who, record in school.live(system).items():
            yield (system, who, ""), True
            # Whose record was deleted in Salesforce keeps what had come over until then: how much depends on
            # when that was seen.
            if who != name(DELETED):
                yield from (((system, who, slug), held) for slug, held in school.held(system, record).items())


def _nothing_held_was_blanked(school: School, seen: tuple[int, int]) -> None:
    journals = (
        (System.SALESFORCE, school.salesforce.journal[seen[0] :]),
        (System.ELEMENT451, school.element451.journal[seen[1] :]),
    )
    for target, entries in journals:
        for entry in entries:
            for slug in _blanked(school, target, entry):
                who = str(school.held(target, entry.id)["user-last-name"])
                source = school.live(target.other).get(who)
                held: Value = school.held(target.other, source)[slug] if source else None
                assert held is None, f"{slug} of {who} was blanked, and its owner holds {held!r}"


def _blanked(school: School, target: System, entry: Entry) -> list[str]:
    """The fields that the other system owns, that held a value, and that were written empty."""
    keys = {keys[target]: slug for slug, keys in KEYS.items() if OWNER[slug] is target.other}
    before = school.held_before[target].get(entry.id, {})
    return [
        keys[key]
        for key, value in entry.values.items()
        if key in keys and value is None and before.get(keys[key]) is not None
    ]


def _nobody_who_lives_has_left(school: School) -> None:
    gone = {entry["salesforce_id"] for entry in school.entries() if entry["status"] == "deactivated"}
    assert not gone & set(school.contacts()[1]), "deactivated, and lives"
