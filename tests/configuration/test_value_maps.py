"""Value maps as people edit them."""

from hypothesis import given
from hypothesis import strategies as some

from syncer.configuration.editor import value_maps
from syncer.core.fields import Field
from tests.support.memory_catalogue import element451_field, salesforce_field

OURS = element451_field(
    "user-gender", "dropdown", options=(("F", "Female"), ("M", "Male"), ("X", "Non-binary"))
)
THEIRS = salesforce_field(
    "Gender__c", "picklist", options=(("Female", "Female"), ("Male", "Male"), ("Decline", "Decline to state"))
)
SHORT = some.text("abc", min_size=1, max_size=2)
MAPS = some.dictionaries(SHORT, SHORT, max_size=6)


def test_rows_make_a_value_map_in_their_order_and_empty_ones_are_passed_over() -> None:
    found = value_maps.draft_from_pairs([("M", "Male"), (None, None), ("F", " Female "), ("", "")])
    assert (list(found.values.items()), found.problems) == ([("M", "Male"), ("F", "Female")], ())


def test_a_row_with_one_side_only_says_what_is_missing() -> None:
    found = value_maps.draft_from_pairs([("M", "Male"), ("F", None), (None, "Decline")])
    assert found.incomplete == (
        "The other side's value is missing for “F”, “Decline”. Choose it, or remove the row."
    )
    assert not found.problems, "which would be said in red while somebody still chooses"


def test_an_element451_value_can_stand_for_one_salesforce_value_only() -> None:
    assert value_maps.draft_from_pairs([("M", "Male"), ("M", "Decline")]).problems == (
        "“M” stands 2 times on the side of Element451. Keep one.",
    )


def test_options_of_like_names_are_offered_and_equal_ones_where_there_is_a_value_map() -> None:
    assert value_maps.match_by_label(OURS, THEIRS, {}) == {"F": "Female", "M": "Male"}
    mixed = salesforce_field("Gender__c", "picklist", options=(("F", "Woman"), ("Male", "Male")))
    assert value_maps.match_by_label(OURS, mixed, {}) == {"F": "F", "M": "Male"}
    assert value_maps.match_by_label(OURS, THEIRS, {"F": "Decline"}) == {"M": "Male"}
    assert value_maps.match_by_label(THEIRS, THEIRS, {}) == {}


def test_options_that_neither_the_map_nor_the_other_field_has_are_pointed_out() -> None:
    assert [value for value, _ in value_maps.unmapped_options(OURS, THEIRS, ["F"])] == ["M", "X"]
    assert [value for value, _ in value_maps.unmapped_options(THEIRS, OURS, ["Female", "Male"])] == [
        "Decline"
    ]
    assert value_maps.unmapped_options(THEIRS, THEIRS, []) == []
    listed = value_maps.unmapped_options(THEIRS, THEIRS, ["Female", "Male"])
    assert [value for value, _ in listed] == ["Decline"], "what a value map does not list fails"
    assert value_maps.unmapped_options(THEIRS, THEIRS, ["Female", "Male"], passes=True) == []


def test_yes_and_no_can_be_mapped_to_words() -> None:
    flag = element451_field("user-sms-updates", "boolean")
    words = salesforce_field("Sms__c", "picklist", options=(("Y", "Yes"), ("N", "No")))
    assert value_maps.supports_value_map(flag, words)
    assert value_maps.match_by_label(flag, words, {}) == {"true": "Y", "false": "N"}


def test_numbers_can_be_mapped_to_words() -> None:
    assert value_maps.supports_value_map(
        element451_field("user-year", "integer"),
        salesforce_field("Year__c", "picklist", options=(("Junior", "Junior"),)),
    )


def test_numbers_and_dates_have_no_value_map() -> None:
    def never(ours: Field, theirs: Field) -> bool:
        return not value_maps.supports_value_map(ours, theirs)

    assert never(element451_field("user-dob", "date"), salesforce_field("Birthdate", "date"))
    assert never(element451_field("user-custom-gpa", "float"), salesforce_field("GPA__c", "double"))
    assert never(
        element451_field("user-sms-updates", "boolean"), salesforce_field("HasOptedOutOfEmail", "boolean")
    )


@given(MAPS, some.data())
def test_the_value_that_an_import_shall_bring_back_is_the_first_of_those_that_share_one(
    values: dict[str, str], data: some.DataObject
) -> None:
    chosen = {
        theirs: data.draw(some.sampled_from(ours))
        for theirs, ours in value_maps.shared_values(values).items()
    }
    made = value_maps.with_preferred(values, chosen)
    assert made == values
    for theirs, ours in chosen.items():
        assert next(name for name, value in made.items() if value == theirs) == ours
    untouched = [name for name in values if values[name] not in chosen]
    assert [name for name in made if made[name] not in chosen] == untouched


def test_long_lists_of_values_are_cut_with_their_number() -> None:
    assert value_maps.quoted_list([str(number) for number in range(10)], 3) == "“0”, “1”, “2” and 7 more"
