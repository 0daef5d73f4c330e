"""What is wrong with a configuration file, in an analyst's words and with its place."""

import pytest

from syncer.configuration import config_file
from syncer.configuration.config_file import BadConfiguration


def problems(text: str) -> list[tuple[str, str]]:
    with pytest.raises(BadConfiguration) as caught:
        config_file.parse(text)
    return [(problem.where, problem.message) for problem in caught.value.problems]


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
        (
            "mappings: {contact: [{salesforce: A, element451: a, owner: element451, unlisted: skip}]}",
            "mappings.contact[0].unlisted",
            "Choose fail or pass.",
        ),
        ("mappings: {contact: [{salesforce: A}]}", "mappings.contact[0].element451", "is missing"),
        (
            "mappings: {contact: [{salesforce: A, default: x, values: {a: b}}]}",
            "mappings.contact[0].values",
            "Remove the value map",
        ),
        (
            "mappings: {contact: [{salesforce: A, element451: a, owner: element451, default: ' '}]}",
            "mappings.contact[0].default",
            "Remove “default”",
        ),
    ],
)
def test_what_is_no_configuration_is_explained(text: str, where: str, words: str) -> None:
    (place, sentence), *_ = problems(text)
    assert place == where
    assert words in sentence


@pytest.mark.parametrize("text", ["", "  \n", "# only a remark\n", "---\n", "{}", "null"])
def test_an_empty_file_is_a_mistake_and_not_a_wish_for_the_defaults(text: str) -> None:
    with pytest.raises(config_file.BadConfiguration, match="There is nothing in it"):
        config_file.parse(text)


def test_a_file_that_is_far_too_long_is_not_even_read() -> None:
    with pytest.raises(config_file.BadConfiguration, match="longer than 500,000 characters"):
        config_file.parse("# " + "x" * 500_000)
