"""People to draw at random, by the fields of Element451."""

from datetime import date
from typing import Any

import hypothesis.strategies as st

from syncer.core.field_types.numbers import number
from syncer.core.records import Value
from tests.support.memory_catalogue import RACES, STUDENT_TYPES
from tests.support.world import CONTACT_FIELDS

WORDS = st.sampled_from([None, None, "Ann", "Zoë", "O'Neil", ' "quoted", ', "x ", "007", "李", "true", "a;b"])
EMAILS = st.sampled_from([None, None, "a@x.edu", "A@X.edu ", "b@x.edu", "c@x.edu", "d@x.edu"])
DAYS = st.none() | st.dates(date(1700, 1, 1), date(4000, 12, 31)).map(str)
MOMENTS = st.none() | st.datetimes().map(
    lambda when: when.replace(microsecond=0, year=2020 + when.year % 6).isoformat() + "+00:00"
)
ANY: dict[str, st.SearchStrategy[Any]] = {
    "user-first-name": WORDS,
    "user-last-name": st.sampled_from(["Ray", "Öz", "von Berg"]),
    "user-email-address": EMAILS,
    "user-phone-cell-number": WORDS,
    "user-dob": DAYS,
    "user-custom-applied": MOMENTS,
    "user-sms-updates": st.sampled_from([None, True, False]),
    "user-custom-gpa": (st.none() | st.integers(0, 400).map(lambda hundredths: number(hundredths / 100))),
    "user-custom-visits": st.none() | st.integers(0, 99),
    "user-education-student-type": st.sampled_from([None, *(value for value, _ in STUDENT_TYPES)]),
    "user-race-categories": (
        st.none() | st.sets(st.sampled_from([value for value, _ in RACES]), min_size=1).map(sorted)
    ),
    "user-custom-notes": WORDS,
}
MISFITS: dict[str, st.SearchStrategy[Any]] = {
    "user-first-name": st.sampled_from(["x" * 41, ["a", "b"]]),
    "user-last-name": st.none(),
    "user-email-address": st.sampled_from(["no address", "a@x", ["a@x.edu", "b@x.edu"]]),
    "user-phone-cell-number": st.just("1" * 41),
    "user-dob": st.just("1066-10-14"),
    "user-custom-visits": st.sampled_from([1234567, 1234567890123456]),
}
"""What Element451 holds and Salesforce does not take."""
THEIR_KEY = {slug: key for slug, key, _ in CONTACT_FIELDS}
PERSON = st.fixed_dictionaries(dict(ANY))
OUR_PERSON = st.fixed_dictionaries(
    {slug: draw | MISFITS[slug] if slug in MISFITS else draw for slug, draw in ANY.items()}
)
OUR_FIELD = st.sampled_from(sorted(ANY)).flatmap(
    lambda slug: st.tuples(st.just(slug), ANY[slug] | MISFITS.get(slug, st.nothing()))
)
ONE_FIELD = st.sampled_from(sorted(ANY)).flatmap(lambda slug: st.tuples(st.just(slug), ANY[slug]))


def theirs(person: dict[str, Value]) -> dict[str, Value]:
    """A person's values by Salesforce's field names; a checkbox is never empty there."""
    known = {THEIR_KEY[slug]: value for slug, value in person.items()}
    if known.get("HasOptedOutOfEmail", False) is None:
        known["HasOptedOutOfEmail"] = False
    return known
