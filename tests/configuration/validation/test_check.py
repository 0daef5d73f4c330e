"""`config check`: everything that is wrong with a configuration is reported at once."""

from tests.support.checked_configuration import errors, problems, without_ids
from tests.support.documents import NAMES, document, row


def test_a_sensible_configuration_has_no_errors() -> None:
    assert errors(document()) == []


def test_everything_wrong_is_told_at_once() -> None:
    made = without_ids(
        [row("user-frist-name", "FirstName"), row("user-dob", "LastName2", "")],
        [],
        match_on=["user-email-address"],
    )
    assert [where for where, _ in errors(made)] == [
        *["mappings.contact"] * 3,  # both IDs, and the required last name
        "mappings.contact[0]",
        *["mappings.contact[1]"] * 2,
        *["mappings.conversation"] * 2,
        "preferences.match_on[0]",
    ]


def test_errors_come_first() -> None:
    severities = [
        problem.severity for problem in problems(document([*NAMES, row("user-nothing", "Description")]))
    ]
    assert severities == sorted(severities)
