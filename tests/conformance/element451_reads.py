"""What the tests of reading and writing Element451 share."""

from syncer.connectors.protocol import Page
from syncer.core.records import Kind, Record, Value
from tests.conformance.accounts import SLUG, Account, fields

NAMES = fields("user-first-name", "user-last-name")
SUBJECT = fields("conversation-subject")
NAME_OF = {Kind.CONTACT: ("user-first-name", NAMES), Kind.CONVERSATION: ("conversation-subject", SUBJECT)}


def ids(pages: list[Page]) -> list[str]:
    return [record.id for page in pages for record in page.records]


def only(records: list[Record]) -> Record:
    (record,) = records
    return record


VALUES: list[tuple[str, Value]] = [
    ("user-first-name", 'Zoë 🎓 O\'Neil, "Jr." \\ 日本'),
    ("user-first-name", "007"),
    ("user-custom-advisor-notes", "first line\nsecond line\ttab"),
    ("user-email-address", "Mixed.Case+tag@Example.edu"),
    ("user-dob", "2008-02-29"),
    ("user-sms-updates", True),
    ("user-sms-updates", False),
    ("user-custom-campus-visits", 0),
    ("user-custom-campus-visits", -12),
    ("user-custom-gpa", 3.75),
    ("user-custom-gpa", 4),
    ("user-custom-last-advised-at", "2026-07-01T03:59:59+00:00"),
    ("user-custom-last-advised-at", "2026-12-31T23:00:00+00:00"),
    ("user-education-student-type", "first_year"),
    ("user-race-categories", ["White"]),
    ("user-race-categories", ["Asian", "Black or African American", "White"]),
    ("user-custom-interests", ["Study abroad, exchange", "arts", "service"]),
    ("user-custom-interests", ["arts"]),
]


def many_contacts(account: Account, number: int) -> list[str]:
    """Contacts that all share a stamp or two."""
    rows: list[dict[str, Value]] = [
        {SLUG: f"K{place:06d}", "user-first-name": f"Name {place}"} for place in range(number)
    ]
    results = account.api.create(rows, SLUG, NAMES)
    assert all(result.created for result in results)
    return sorted(str(result.id) for result in results)
