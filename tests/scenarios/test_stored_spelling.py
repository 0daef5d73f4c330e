"""What a system stores in a spelling of its own is what was written: nothing is written again, and nothing
fails (rule 5; contracts/salesforce.md A9)."""

from dataclasses import replace
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from syncer.core import values
from syncer.core.fields import Field
from syncer.core.records import System, Value
from tests.core.builders import LISTED, law, salesforce_typed
from tests.support.memory_catalogue import element451_field
from tests.support.variations import each_once
from tests.support.world import OURS, THEIRS, World, statuses

AMPERSAND = "Q & A, R&B &amp; more"


def as_stored(field: Field, value: Any) -> Any:
    """What Salesforce makes of a value that it accepts, told independently of the product."""
    if field.type_name == "email":
        return value.strip().lower()
    if field.rich_text:
        first, *pieces = value.strip().split("&")
        encoded = (piece.partition(";")[0] in ("amp", "lt", "#39") for piece in pieces)
        rest = (piece if is_sign else f"amp;{piece}" for piece, is_sign in zip(pieces, encoded, strict=True))
        return "&".join([first, *rest])
    listed = {option.lower(): option for option, _ in field.options}
    if isinstance(value, list):
        return [listed.get(each.strip().lower(), each.strip()) for each in value]
    if field.type_name == "reference":
        return value + "AAQ" if len(value) == 15 else value
    return listed.get(value.strip().lower(), value.strip())


TEXTS = st.text("aB &;<#x39ampltÄ", min_size=1, max_size=12).filter(str.strip)
STORED: list[tuple[Field, st.SearchStrategy[Any]]] = [
    (salesforce_typed("email"), st.sampled_from(["Ann@X.edu", " ann@x.EDU ", "ÄNN@x.edu"])),
    (salesforce_typed("textarea", rich_text=True), TEXTS | st.just(AMPERSAND)),
    (salesforce_typed("picklist", options=LISTED), st.sampled_from(["a", "A ", "B", "z", "Z"])),
    (
        salesforce_typed("multipicklist", options=LISTED),
        st.lists(st.sampled_from(["a", "A", "b ", "Z"]), min_size=1),
    ),
    (salesforce_typed("reference"), st.just("0035g000000000A")),
]


@law
@given(st.sampled_from(STORED).flatmap(lambda case: st.tuples(st.just(case[0]), case[1])))
def test_whatever_is_written_compares_equal_to_what_salesforce_stores_for_it(case: tuple[Field, Any]) -> None:
    field, value = case
    kept = values.read(field, values.send(THEIRS, as_stored(field, value)))
    assert values.same(field, values.read(field, value), kept)


def spell(world: World, key: str, field: dict[str, Any]) -> None:
    """Let Salesforce store this field in its own spelling."""
    fields = world.salesforce.people.entities_by_name["Contact"].fields
    fields[key] = described = replace(fields[key], **field)
    world.salesforce.faults.trigger = lambda held: (
        {key: as_stored(described, held[key])} if held.get(key) else {}
    )


@pytest.mark.parametrize(
    ("slug", "key", "field", "value", "stored"),
    [
        ("user-email-address", "Email", {}, "Ann@X.edu", "ann@x.edu"),
        ("user-custom-notes", "Description", {"rich_text": True}, "Q & A", "Q &amp; A"),
        ("user-first-name", "FirstName", {"options": LISTED}, "A", "a"),
    ],
)
def test_what_salesforce_spells_its_own_way_is_written_once(
    world: World, slug: str, key: str, field: dict[str, Any], value: Value, stored: Value
) -> None:
    ours, theirs = world.pair()
    world.sync()
    spell(world, key, field)
    if "options" in field:
        fields = world.salesforce.people.entities_by_name["Contact"].fields
        fields[key] = replace(fields[key], type=salesforce_typed("picklist").type, type_name="picklist")
    world.element451.people.edit(ours, {slug: value})
    found = [statuses(world.sync()).get("export_contact", {}) for _ in range(5)]
    assert found[0] == {"updated": 1}
    assert not any("updated" in counts or "failed" in counts for counts in found[1:])
    assert world.in_salesforce(theirs)[key] == stored


@pytest.mark.parametrize(
    ("owner", "spelled"),
    each_once(
        [OURS, THEIRS],
        [("Email", {}, "Ann@X.edu"), ("Description", {"rich_text": True}, "Q & A")],
    ),
)
def test_a_new_contact_settles_whoever_owns_the_field(
    world: World, owner: System, spelled: tuple[str, dict[str, Any], Value]
) -> None:
    key, field, value = spelled
    world.contact_fields = [
        (slug, name, owner if name == key else of) for slug, name, of in world.contact_fields
    ]
    spell(world, key, field)
    slug = next(slug for slug, name, _ in world.contact_fields if name == key)
    world.ours(**{"user_last_name": "Ray", slug.replace("-", "_"): value})
    world.sync()
    world.sync()
    writes = len(world.writes())
    for _ in range(4):
        assert not any("failed" in counts for counts in statuses(world.sync()).values())
    assert len(world.writes()) == writes


def test_an_option_with_a_blank_in_element451_is_the_option_without_it_in_salesforce(world: World) -> None:
    slug, choices = "user-education-student-type", (("FY ", "First year "), ("TR", "Transfer"))
    fields = world.element451.people.fields
    fields[slug] = element451_field(slug, "dropdown", options=choices)
    ours, theirs = world.pair({"Student_Type__c": "TR"})
    world.sync()
    world.salesforce.people.edit(theirs, {"Student_Type__c": "FY"})
    assert statuses(world.sync())["import_contact"] == {"updated": 1}
    assert world.in_element451(ours)[slug] == "FY "
    world.contact_fields = [
        (each, name, OURS if each == slug else of) for each, name, of in world.contact_fields
    ]
    world.version += 1
    writes = len(world.writes())
    assert "failed" not in statuses(world.sync()).get("export_contact", {})
    assert len(world.writes()) == writes, "both hold the same option"


def test_a_number_that_no_field_holds_exactly_is_refused_in_words(world: World) -> None:
    fields = world.salesforce.people.entities_by_name["Contact"].fields
    fields["Visits__c"] = replace(fields["Visits__c"], precision=18)
    ours, theirs = world.pair()
    world.sync()
    world.element451.people.edit(ours, {"user-custom-visits": 123456789012345678})
    found = [statuses(world.sync()).get("export_contact", {}) for _ in range(3)]
    assert found == [{"failed": 1}, {}, {}]
    assert "Visits__c" not in world.in_salesforce(theirs)
    assert "15 digits" in world.entries()[-1]["reason"]
