"""Pairs like those of a large school, made without a sync: the people of `bench.entries`, in step on both
sides."""

from collections.abc import Iterator
from typing import Any

from bench.entries import contact, element

FAMILY = ("Nuñez", "O'Brien", "Smith", "Yılmaz", "Nguyen", "García", "Okafor", "Li", "Kowalska", "Haddad")
GIVEN = ("Ada", "Zoë", "José", "Mai", "Omar", "Łucja", "Ivy", "Noor", "Ben", "Chi")
FAILING = 1000
"""Every so many-th person fails."""
FAILURE = {
    "cause": "lasting",
    "code": "FIELD_CUSTOM_VALIDATION_EXCEPTION",
    "reason": "Salesforce refused this contact by a rule.",
    "tries": 3,
}


def pairs(total: int) -> Iterator[dict[str, Any]]:
    """``total`` rows of the table of pairs."""
    for person in range(total):
        first, last, email = (
            GIVEN[person % 10],
            f"{FAMILY[person // 10 % 10]} {person}",
            f"p{person}@example.edu",
        )
        fails = person % FAILING == 0
        yield {
            "kind": "contact",
            "entity": "Contact",
            "element_id": element(person),
            "salesforce_id": contact(person),
            "element451": {
                "user-elementid": element(person),
                "user-identities-salesforceid": contact(person),
                "user-first-name": first,
                "user-last-name": last,
                "user-email-address": email,
                "user-phone-cell-number": f"+1 617 555 {person % 10000:04d}",
            },
            "salesforce": {
                "Id": contact(person),
                "Element451_ID__c": element(person),
                "FirstName": first,
                "LastName": last,
                "Email": email,
                "MobilePhone": f"+1 617 555 {person % 10000:04d}",
                "Birthdate": f"{1990 + person % 20}-0{1 + person % 9}-1{person % 10}",
            },
            "element_state": "live",
            "salesforce_state": "live",
            "element_link": contact(person),
            "salesforce_link": element(person),
            "in_scope": True,
            "left_sync": False,
            "by_values": False,
            "failures": {"export": FAILURE} if fails else None,
            "failing": fails,
            "element_changed": fails,
            "salesforce_changed": False,
            "due": fails,
            "revision": 1,
            "tried_in": 0,
            "element_generation": 0,
            "salesforce_generation": 0,
            "search": f"{first} {last} {email}".casefold(),
        }
