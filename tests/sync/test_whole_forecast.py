"""What a configuration would do to all records is what it then does (rule 15): exactly, where every pair is
counted, and within its interval, where a sample is. The long form: ``PAIRS=5000 CHANGES=20 SAMPLES=400``."""

import os
from collections import Counter
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine

from syncer.core.records import Value
from syncer.core.trust.estimate import estimate, together
from syncer.sync.forecasting.whole import READ_AT_ONCE, forecast_all
from tests.support.configured_world import Edit, School, edited, first_document, mapped, prefer, turn
from tests.support.world import SLUG

PAIRS = int(os.environ.get("PAIRS", 60))
CHANGES = int(os.environ.get("CHANGES", 8))
SAMPLES = int(os.environ.get("SAMPLES", 0))
FIELDS = [
    "user-first-name",
    "user-phone-cell-number",
    "user-custom-notes",
    "user-education-student-type",
    "user-custom-visits",
]


def large_school(engine: Engine, pairs: int, random: Random, **preferences: Any) -> School:
    """So many pairs with values that differ at random, some in one system alone; known and in step."""
    school = School(engine)
    school.document = edited(first_document(), prefer(**preferences))
    for number in range(pairs):
        theirs: dict[str, Value] = {
            "FirstName": random.choice(["Ann", "Ben", None]),
            "LastName": f"Smith {number}",
            "Phone": random.choice([None, f"55{number}"]),
            "Student_Type__c": random.choice(["FY", "TR", None]),
            "Description": random.choice([None, "their note"]),
        }
        ours: dict[str, Value] = {
            "user_first_name": random.choice(["Ann", "Cid", None]),
            "user_last_name": f"Smith {number}",
            "user_phone_cell_number": random.choice([None, f"66{number}"]),
            "user_custom_notes": random.choice([None, "our note", "n" * 300]),
            "user_custom_visits": random.randint(0, 3),
        }
        if number % 20 == 0:
            school.ours(**ours)
        elif number % 20 == 1:
            school.theirs(**theirs)
        else:
            school.pair(theirs, ours)
    assert school.sync().state == "done"
    assert school.sync().state == "done"
    return school


def a_change(random: Random) -> Edit:
    """Some change of a configuration: an owner, a mode, a value map, a field less or more, a filter."""
    slug = random.choice(FIELDS)
    row = next(row for row in first_document()["mappings"]["contact"] if row["element451"] == slug)

    def toggle(document: Any) -> None:
        rows = document["mappings"]["contact"]
        if any(each["element451"] == slug for each in rows):
            rows.remove(mapped(document, slug))
        else:
            rows.append(dict(row))

    def translate(document: Any) -> None:
        if any(each["element451"] == "user-first-name" for each in document["mappings"]["contact"]):
            listed = {"Ann": random.choice(["Anna", "Anne"]), "Cid": "Sid"}
            mapped(document, "user-first-name").update(
                values=listed, unlisted=random.choice(["pass", "fail"])
            )

    def turn_if_mapped(document: Any) -> None:
        if any(each["element451"] == slug for each in document["mappings"]["contact"]):
            turn(slug)(document)

    only_some = {"salesforce": [{"field": "Student_Type__c", "is": "FY"}], "element451": []}
    edits: list[Edit] = [
        toggle,
        translate,
        turn_if_mapped,
        turn_if_mapped,
        prefer(
            **{"import": {"update_existing": random.random() < 0.7, "create_new": random.random() < 0.4}},
        ),
        prefer(filter=random.choice([only_some, {"salesforce": [], "element451": []}])),
    ]
    return random.choice(edits)


def people_edit(school: School, random: Random) -> None:
    """People change some values in both systems, and the sync has read that."""
    ours, theirs = school.contacts()
    for record in random.sample(theirs, len(theirs) // 10):
        phone, note = random.choice([None, f"77{random.random()}"]), random.choice([None, "new note"])
        school.salesforce.people.edit(record, {"Phone": phone, "Description": note})
    for record in random.sample(ours, len(ours) // 10):
        name, visits = random.choice(["Ann", "Cid", None]), random.randint(0, 3)
        school.element451.people.edit(record, {"user-first-name": name, "user-custom-visits": visits})
    school.later()
    school.read()


def whole(school: School, **more: Any) -> dict[str, Any]:
    """The forecast of the configuration that is in force."""
    return forecast_all(school.context(), **more).to_json()


def done(school: School) -> dict[str, Any]:
    """What a run then really does, by its log entries, counted as a forecast counts. It comes a day later:
    before that, what fails lastingly would not be tried again (rule 15)."""
    before = len(school.entries())
    school.later(minutes=25 * 60)
    assert school.sync().state == "done"
    records: dict[str, set[str]] = {name: set() for name in ("create", "change", "blank", "fail")}
    fields: Counter[tuple[str, str]] = Counter()
    for entry in school.entries()[before:]:
        record = entry["element_id"] or entry["salesforce_id"]
        arrow = "→" if entry["direction"] == "export" else "←"
        if entry["status"] == "failed":
            records["fail"].add(record)
        if entry["status"] == "inserted":
            records["create"].add(record)
            continue
        for change in entry["changes"]:
            if change["element451"] in ("user-elementid", SLUG) and change["before"] is None:
                continue  # the ID of a record that was just created counts with its creation
            name = f"{change['element451']} {arrow} {change['salesforce']}"
            left_out = change.get("left_out")
            what = "fail" if left_out else "blank" if change["after"] is None else "change"
            fields[name, what] += 1
            if not left_out:
                records[what].add(record)
    return {what: len(found) for what, found in records.items()} | {"fields": dict(fields)}


def numbers(found: dict[str, Any]) -> dict[str, Any]:
    """A forecast's numbers, as `done` has them."""
    fields = {
        (name, what): one[what]
        for name, one in found["fields"].items()
        for what in ("change", "blank", "fail")
        if one[what]
    }
    return {what: found[what] for what in ("create", "change", "blank", "fail")} | {"fields": fields}


@pytest.mark.timeout(3600)
def test_whatever_is_changed_the_forecast_of_all_records_is_what_then_happens(engine: Engine) -> None:
    random = Random(451)
    school = large_school(engine, PAIRS, random)
    acting = 0
    for _ in range(CHANGES):
        people_edit(school, random)
        school.save(edited(school.document, a_change(random)))
        found = whole(school, whole=True)
        assert (found["counted"], found["unread"], found["between"]) == (found["records"], 0, {})
        happened = done(school)
        assert numbers(found) == happened
        acting += any(happened["fields"].values())
    assert acting >= CHANGES // 2, "the changes did something"


def test_a_field_that_was_never_read_is_read_first_and_nothing_of_it_is_kept(engine: Engine) -> None:
    school = large_school(engine, 20, Random(1))
    whole_document = school.document
    school.save(edited(whole_document, lambda one: one["mappings"]["contact"].remove(mapped(one, FIELDS[2]))))
    school.sync()
    theirs = school.salesforce.people.live("Contact")
    school.salesforce.people.edit(theirs[5], {"Description": "edited meanwhile"})
    school.save(whole_document)
    found = whole(school)
    assert (found["unread"], bool(found["notes"])) == (0, True)
    assert numbers(found) == done(school)


def test_a_sample_says_between_how_many_and_writes_nothing(engine: Engine) -> None:
    school = large_school(engine, 200, Random(2))
    school.save(edited(school.document, turn("user-phone-cell-number")))
    before = school.writes()
    exact, guessed = whole(school), whole(school, sample=50, random=Random(3))
    assert (guessed["records"], guessed["counted"]) == (exact["records"], 50)
    for what in ("change", "blank"):
        low, high = guessed["between"][what]
        assert low <= exact[what] <= high
        assert low < high
    assert school.writes() == before


@pytest.mark.timeout(3600)
@pytest.mark.skipif(not SAMPLES, reason="the long form: see above")
def test_ninety_five_in_a_hundred_forecasts_of_a_sample_cover_what_is_true(engine: Engine) -> None:
    random = Random(8)
    school = large_school(engine, PAIRS, random)
    ours, _ = school.contacts()
    for record in random.sample(ours, PAIRS // 3):
        name, notes = random.choice(["Dan", None]), random.choice(["other", None])
        school.element451.people.edit(record, {"user-first-name": name, "user-custom-notes": notes})
    school.later()
    school.read()
    exact = whole(school)
    assert all(exact[what] > PAIRS // 20 for what in ("change", "blank"))
    covered: Counter[str] = Counter()
    for _ in range(SAMPLES):
        guessed = whole(school, sample=PAIRS // 10, random=random)
        for what in ("change", "blank"):
            low, high = guessed["between"][what]
            covered[what] += low <= exact[what] <= high
    assert all(0.92 <= hits / SAMPLES <= 0.98 for hits in covered.values()), covered


def test_ninety_five_in_a_hundred_samples_cover_what_is_true() -> None:
    random = Random(7)
    for known, size, share in ((5000, 400, 0.3), (5000, 1000, 0.05), (2000, 900, 0.6), (5000, 400, 0.02)):
        hits = {number for number in range(known) if number < known * share}
        covered = 0
        for _ in range(400):
            drawn = random.sample(range(known), size)
            found = estimate(sum(number in hits for number in drawn), size, known)
            covered += found.low <= len(hits) <= found.high
        assert 0.92 <= covered / 400 <= 0.98, (known, size, share, covered)


def test_estimates_of_two_kinds_add_up() -> None:
    both = together([estimate(10, 100, 1000), estimate(5, 5, 5)])
    alone = estimate(10, 100, 1000)
    assert (both.likely, both.low, both.high) == (alone.likely + 5, alone.low + 5, alone.high + 5)
    assert together([]).exact
    assert estimate(0, 0, 7) == estimate(0, 0, 7).__class__(0, 0, 7)


def test_so_many_records_are_drawn_where_element451_has_to_be_read() -> None:
    assert READ_AT_ONCE // 50 <= 20, "calls"
