"""The configuration file: defaults, refusals, and the way there and back."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from syncer.configuration import config_file, required_mappings
from syncer.configuration.config_file import BadConfiguration
from syncer.core.preferences import ExportMode, GuardLimits, Preferences, Scope
from syncer.core.records import Kind, System
from tests.support.documents import document, row
from tests.support.memory_catalogue import contact_entity, conversation_entity, element451_catalogue

EXAMPLE = """
version: 1
preferences:
  contact_entity: Contact
  import: {update_existing: true, create_new: false}        # Match Existing is always on
  export: {mode: match_existing_and_import_new, scope: conversations}
  sync_conversations: true
  conversation_entity: E451_Conversation__c
  match_on: []
  interval_minutes: 15
  guard: {records: 500, percent: 20, at_least: 25}
  batch_size: 200
  api_share_percent: 50
mappings:
  contact:
    - {element451: user-elementid, salesforce: Element451_ID__c, owner: element451}
    - {element451: user-identities-salesforceid, salesforce: Id, owner: salesforce}
    - {element451: user-race-categories, salesforce: Race__c, owner: salesforce, values: {White: White}}
  conversation:
    - {element451: conversation-id, salesforce: Conversation_ID__c, owner: element451}
    - {element451: conversation-user-elementid, salesforce: Contact__c, owner: element451}
"""


def problems(text: str) -> list[tuple[str, str]]:
    with pytest.raises(BadConfiguration) as caught:
        config_file.parse(text)
    return [(problem.where, problem.message) for problem in caught.value.problems]


def test_what_is_omitted_has_its_default() -> None:
    assert config_file.to_preferences(config_file.parse("version: 1")) == Preferences()
    assert config_file.to_preferences(config_file.parse(EXAMPLE)) == Preferences()
    assert (
        config_file.to_preferences(config_file.parse("preferences:\n  guard:\n  match_on:\n"))
        == Preferences()
    )


def test_every_preference_is_taken() -> None:
    preferences = config_file.to_preferences(
        config_file.parse("""
            preferences:
              contact_entity: Lead
              import: {update_existing: no, create_new: true}
              export: {mode: update_existing_and_import_new, scope: all}
              sync_conversations: false
              conversation_entity: Talk__c
              match_on: [user-email-address]
              interval_minutes: 60
              guard: {records: 10, percent: 5, at_least: 1}
              batch_size: 50
              salesforce_threads: 2
              element451_threads: 3
              api_share_percent: 80
            """)
    )
    assert preferences == Preferences(
        contact_entity="Lead",
        conversation_entity="Talk__c",
        update_existing=False,
        create_new=True,
        export_mode=ExportMode.UPDATE_EXISTING,
        scope=Scope.ALL,
        sync_conversations=False,
        match_on=("user-email-address",),
        interval_minutes=60,
        guard=GuardLimits(10, 5, 1),
        batch_size=50,
        salesforce_threads=2,
        element451_threads=3,
        api_share_percent=80,
    )


def test_all_problems_are_told_at_once_each_with_its_place() -> None:
    found = problems("""
        version: 2
        colour: blue
        preferences:
          interval_minutes: often
          batch_size: 201
          sync_conversations: perhaps
          contact_entity: "My Contact"
          export: {mode: everything, scoop: all}
          match_on: [user-email-address, user-email-address]
        mappings:
          contact:
            - {element451: user-first-name, salesforce: FirstName, owner: both}
            - {element451: user last name, salesforce: LastName}
            - {element451: user-dob, salesforce: Birthdate, owner: element451, values: {a: }}
        """)
    assert [where for where, _ in found] == [
        "version",
        "preferences.contact_entity",
        "preferences.export.mode",
        "preferences.export.scoop",
        "preferences.sync_conversations",
        "preferences.match_on",
        "preferences.interval_minutes",
        "preferences.batch_size",
        "mappings.contact[0].owner",
        "mappings.contact[1].element451",
        "mappings.contact[1].owner",
        "mappings.contact[2].values.a",
        "colour",
    ]
    said = dict(found)
    assert said["colour"] == "“colour” is not known here. Known are: version, preferences, mappings."
    assert said["preferences.export.scoop"] == "“scoop” is not known here. Known are: mode, scope."
    assert said["preferences.batch_size"] == "“201” is too large. The largest number is 200."
    assert (
        said["mappings.contact[0].owner"] == "“both” is not possible here. Choose element451 or salesforce."
    )
    assert said["mappings.contact[1].owner"] == "“owner” is missing. Add it."
    assert said["mappings.contact[2].values.a"] == "Text is needed here. An empty value cannot be mapped."


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("preferences: {a: b", "line 1, column 19", "a bracket is not closed"),
        (
            "version: 1\npreferences:\n  batch_size: 1\n  batch_size: 2\n",
            "line 4",
            "“batch_size” stands twice",
        ),
        ("preferences: &a {}\nmappings: *a\n", "line 1", "Anchors and aliases"),
        ("version: !!python/object:os.system {}", "line 1, column 10", "words that begin with !"),
        ("version: 1\n\tpreferences: {}\n", "line 2, column 1", "a tab stands here"),
        ("version: 1: 2\n", "line 1, column 11", "a colon stands where none can be"),
        ('preferences: {match_on: ["a]}\n', "line 2, column 1", "between quotation marks is not closed"),
        ("mappings:\n  contact: []\n - x\n", "line 3, column 2", "is not in line with those before it"),
        ("version: 1\npreferences\nmappings: {}\n", "line 3, column 1", "a colon is missing"),
        ("just words", "", "Settings are needed here"),
        ("- 1\n- 2\n", "", "Settings are needed here"),
        ("mappings: {contact: {a: b}}", "mappings.contact", "A list is needed here"),
        ("version: 1\n---\nversion: 1\n", "line 2, column 1", "the file holds more than one part"),
        ("version: \x07", "", "This is not YAML"),
        ("[" * 3000, "", "nested too deeply"),
    ],
)
def test_what_is_no_configuration_is_explained(text: str, where: str, words: str) -> None:
    (place, sentence), *_ = problems(text)
    assert place == where
    assert words in sentence


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


def test_the_starter_can_be_exported_edited_and_imported() -> None:
    assert (
        config_file.parse(config_file.dump(required_mappings.default_document()))
        == required_mappings.default_document()
    )
    assert (
        config_file.salesforce_id_slug(required_mappings.default_document()) == "user-identities-salesforceid"
    )


def test_the_file_is_written_as_people_write_it() -> None:
    text = config_file.dump(config_file.parse(EXAMPLE))
    assert "  import: {update_existing: true, create_new: false}\n" in text
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
    optional={"values": some.dictionaries(_texts | _odd, _texts | _odd, max_size=4)},
)
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
            {"contact": some.lists(_rows, max_size=4), "conversation": some.lists(_rows, max_size=2)}
        ),
    }
)


@given(_documents)
def test_writing_and_reading_a_configuration_gives_the_same_one(given: dict[str, Any]) -> None:
    made = config_file.validate(given)
    read = config_file.parse(config_file.dump(made))
    assert read == made
    assert [list(one.get("values", {})) for one in read["mappings"]["contact"]] == [
        list(one.get("values", {})) for one in made["mappings"]["contact"]
    ]
    assert config_file.validate(made) == made


def test_a_checked_document_becomes_the_mapping_of_each_kind() -> None:
    made = document(
        [
            row("user-first-name", "FirstName"),
            row("user-email-address", "Email", "salesforce", values={"a": "b"}),
        ],
        match_on=["user-email-address"],
    )
    contact = config_file.to_mapping(made, Kind.CONTACT, element451_catalogue(), contact_entity())
    assert contact.element_id.salesforce.key == "Element451_ID__c"
    assert contact.salesforce_id
    assert contact.salesforce_id.element451.key == "user-identities-salesforceid"
    assert contact.contact is None
    assert [mapped.element451.key for mapped in contact.fields] == ["user-first-name", "user-email-address"]
    assert contact.fields[1].values == (("a", "b"),)
    assert contact.match_on == (contact.fields[1],)
    conversation = config_file.to_mapping(
        made, Kind.CONVERSATION, element451_catalogue(), conversation_entity()
    )
    assert conversation.element_id.salesforce.key == "Conversation_ID__c"
    assert conversation.contact
    assert conversation.contact.salesforce.key == "Contact__c"
    assert conversation.fields == ()


@pytest.mark.parametrize("text", ["", "  \n", "# only a remark\n", "---\n", "{}", "null"])
def test_an_empty_file_is_a_mistake_and_not_a_wish_for_the_defaults(text: str) -> None:
    with pytest.raises(config_file.BadConfiguration, match="There is nothing in it"):
        config_file.parse(text)


def test_a_file_that_is_far_too_long_is_not_even_read() -> None:
    with pytest.raises(config_file.BadConfiguration, match="longer than 500,000 characters"):
        config_file.parse("# " + "x" * 500_000)
