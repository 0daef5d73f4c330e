"""Log entries like those of a school that has used the sync for half a year, made without a sync."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from syncer.core.ids import salesforce_id

START = datetime(2026, 5, 1, tzinfo=UTC)
SPAN = timedelta(days=180)
PER_RUN = 60
"""How many entries a run writes, on average; the first one writes a tenth of all."""
STATUSES = ("updated", "inserted", "upserted", "failed", "deactivated")
WEIGHTS = (800, 120, 60, 19, 1)
CODES = (
    "FIELD_CUSTOM_VALIDATION_EXCEPTION",
    "REQUIRED_FIELD_MISSING",
    "UNABLE_TO_LOCK_ROW",
    "DUPLICATES_DETECTED",
)
_FIELDS = (
    ("user-first-name", "FirstName"),
    ("user-email-address", "Email"),
    ("user-phone-cell-number", "Phone"),
    ("user-custom-notes", "Description"),
)


def entries(total: int, seed: int = 1, start: int = 0) -> Iterator[dict[str, Any]]:
    """``total`` rows of the table, in the order in which they would have been written; a tenth as many people
    as entries."""
    draw = random.Random(seed)
    people = max(1, total // 10)
    for number in range(start, start + total):
        person = draw.randrange(people)
        status = draw.choices(STATUSES, WEIGHTS)[0]
        code = draw.choice(CODES) if status == "failed" else ""
        yield {
            "run": max(1, (number - total // 10) // PER_RUN + 2),
            "time": START + SPAN * (number / total),
            "version": 1,
            "kind": "conversation" if status == "upserted" else "contact",
            "entity": "E451_Conversation__c" if status == "upserted" else "Contact",
            "direction": "import" if draw.random() < 0.3 and status != "upserted" else "export",
            "status": status,
            "element_id": element(person),
            "salesforce_id": contact(person),
            "reason": "Salesforce refused this contact by a rule of the school." if code else "",
            "code": code,
            "detail": f"{code}: the value does not fit" if code else "",
            "changes": [
                {
                    "element451": slug,
                    "salesforce": name,
                    "owner": "element451",
                    "before": f"old {person}",
                    "after": f"new {number}",
                }
                for slug, name in _FIELDS[: draw.randrange(1, 5)]
            ],
            "retry_of": None,
        }


def element(person: int) -> str:
    """The Element ID of a person."""
    return f"{person:024x}"


def contact(person: int) -> str:
    """The Salesforce ID of a person."""
    found = salesforce_id(f"003{person:012d}")
    assert found
    return found
