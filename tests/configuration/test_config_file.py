"""The configuration file: the way there and back."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from syncer.configuration import config_file
from syncer.configuration.required_mappings import salesforce_id_slug
from syncer.core.preferences import ExportMode, Scope
from syncer.core.records import System
from tests.support.documents import EXAMPLE, document, row


def test_values_in_a_value_map_stay_as_they_are_written() -> None:
    odd = "{Yes: No, 007: 1.0, on: 2026-11-23, true: FALSE, 1_0: 0x1F}"
    text = f"mappings: {{contact: [{{element451: a, salesforce: B, owner: element451, values: {odd}}}]}}"
    values = config_file.parse(text)["mappings"]["contact"][0]["values"]
    assert list(values.items()) == [
        ("Yes", "No"),
        ("007", "1.0"),
        ("on", "2026-11-23"),
        ("true", "FALSE"),
        ("1_0", "0x1F"),
    ]


def test_numbers_and_booleans_from_json_become_text_in_a_value_map() -> None:
    made = document([row("user-sms-updates", "Status__c", values={"true": 1, "false": False})])
    assert made["mappings"]["contact"][2]["values"] == {"true": "1", "false": "false"}


def test_a_row_with_a_default_and_without_an_element451_field_is_a_fixed_value() -> None:
    text = "mappings: {contact: [{salesforce: StageName, default: 7, owner: element451}]}"
    (row,) = config_file.parse(text)["mappings"]["contact"]
    assert row == {"salesforce": "StageName", "default": "7"}, "which nobody owns"


def test_the_starter_can_be_exported_edited_and_imported() -> None:
    assert (
        config_file.parse(config_file.dump(config_file.default_document())) == config_file.default_document()
    )
    assert salesforce_id_slug(config_file.default_document()) == "user-identities-salesforceid"


def test_the_file_is_written_as_people_write_it() -> None:
    text = config_file.dump(config_file.parse(EXAMPLE))
    assert "  import: {update_existing: false, create_new: false}\n" in text
    assert (
        "    - {element451: user-race-categories, salesforce: Race__c, owner: salesforce, values: {White:"
        " White}}\n" in text
    )


def test_the_example_of_the_demo_is_taken() -> None:
    path = Path(__file__).parents[2] / "demo" / "school.yaml"
    if not path.exists():
        pytest.skip("this copy has no demo")
    config_file.parse(path.read_text("utf-8"))


_texts = some.text(
    some.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), min_size=1, max_size=12
).filter(lambda text: text.strip() != "")


_odd = some.sampled_from(
    [
        "yes",
        "No",
        "on",
        "null",
        "~",
        "007",
        "1.0",
        "true",
        "2026-11-23",
        "=",
        "<<",
        "- a",
        "a: b",
        "#",
        "'",
        '"',
        "ja\nnein",
        " x ",
        "é€😀",
        "%",
    ]
)


_names = some.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,12}", fullmatch=True)


_slugs = some.from_regex(r"[a-z]+(-[a-z0-9]+){0,3}[*]?", fullmatch=True)


_rows = some.fixed_dictionaries(
    {
        "element451": _slugs | some.sampled_from(["null", "yes", "1e3", "0o7"]),
        "salesforce": _names,
        "owner": some.sampled_from([*System]),
    },
    optional={
        "values": some.dictionaries(_texts | _odd, _texts | _odd, max_size=4),
        "default": _texts | _odd,
        "unlisted": some.sampled_from(["pass", "fail"]),
    },
)
_fixed = some.fixed_dictionaries({"salesforce": _names, "default": _texts | _odd})


_documents = some.fixed_dictionaries(
    {
        "preferences": some.fixed_dictionaries(
            {},
            optional={
                "contact_entity": _names,
                "import": some.fixed_dictionaries({"create_new": some.booleans()}),
                "export": some.fixed_dictionaries(
                    {"mode": some.sampled_from([*ExportMode]), "scope": some.sampled_from([*Scope])}
                ),
                "sync_conversations": some.booleans(),
                "match_on": some.lists(_slugs, unique=True, max_size=3),
                "interval_minutes": some.integers(1, 1440),
                "guard": some.fixed_dictionaries(
                    {"records": some.integers(1, 10**9), "at_least": some.integers(0, 99)}
                ),
            },
        ),
        "mappings": some.fixed_dictionaries(
            {"contact": some.lists(_rows | _fixed, max_size=4), "conversation": some.lists(_rows, max_size=2)}
        ),
    }
)


@settings(deadline=None)
@given(_documents)
def test_writing_and_reading_a_configuration_gives_the_same_one(given: dict[str, Any]) -> None:
    made = config_file.validate(given)
    read = config_file.parse(config_file.dump(made))
    assert read == made
    assert [list(one.get("values", {})) for one in read["mappings"]["contact"]] == [
        list(one.get("values", {})) for one in made["mappings"]["contact"]
    ]
    assert config_file.validate(made) == made
