"""What people do in both systems while the demo goes on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle

from demo.imitation import Imitation, Row

MANY = 60
"""So many records are changed by one mistake: more than a run changes without asking."""


@dataclass(frozen=True)
class Edit:
    """Something that a person did: where, what, what the sync should make of it, and the record whose log
    entry shows it."""

    where: str
    what: str
    then: str
    record: str


def pairs(sandbox: Imitation) -> list[tuple[Row, Row]]:
    """(Element451 contact, Salesforce Contact) of everybody whose records hold each other's ID, in
    Salesforce's order."""
    here = {row["user-elementid"]: row for row in sandbox.records("element451", "contact")}
    there = sorted(sandbox.records("salesforce", "Contact"), key=lambda row: row["Id"])
    named = (
        (here.get(row["Element451_ID__c"]), row)
        for row in there
        if not row["IsDeleted"] and row["MobilePhone"]
    )
    return [
        (contact, row)
        for contact, row in named
        if contact and contact.get("user-identities-salesforceid") == row["Id"]
    ]


def moved_person(sandbox: Imitation) -> Row:
    """An Element451 contact of whom Salesforce still has an old phone number and address, among them an old
    city."""
    for contact, row in pairs(sandbox):
        if row["Description"] == "Moved?" and row["MailingCity"] != contact.get("user-addresses-home-city"):
            return contact
    raise RuntimeError("the sandbox's school has nobody who moved")


def make_edits(sandbox: Imitation) -> list[Edit]:
    """Act as people would, in either system."""
    return list(_week(sandbox))


def mistake(sandbox: Imitation) -> Edit:
    """Somebody empties a value that Salesforce cannot do without: the record fails until it is corrected."""
    contact, _row = pairs(sandbox)[-1]
    sandbox.edit_element451(contact["user-elementid"], {"user-last-name": ""})
    return Edit(
        "Element451",
        f"somebody empties the last name of {name_of(contact)}",
        "fails until it is there again",
        contact["user-elementid"],
    )


def life(sandbox: Imitation) -> Iterator[Edit]:
    """People at work, for ever: each edit is made when it is asked for. The eighth one is a mistake that
    concerns many."""
    yield from _week(sandbox)
    yield _many_emptied(sandbox)
    for number, (contact, row) in enumerate(cycle(pairs(sandbox)[len(ACTS) : -1])):
        yield ACTS[number % (len(ACTS) - 1)](sandbox, contact, row)  # nobody is deleted for ever


def name_of(contact: Row) -> str:
    """First and last name."""
    return f"{contact.get('user-first-name', '')} {contact.get('user-last-name', '')}".strip()


def _week(sandbox: Imitation) -> Iterator[Edit]:
    people = iter(pairs(sandbox))
    yield from (act(sandbox, *next(people)) for act in ACTS)
    yield _reopened(sandbox)
    yield _new_person(sandbox)


def _new_phone(sandbox: Imitation, contact: Row, row: Row) -> Edit:
    sandbox.edit_element451(contact["user-elementid"], {"user-phone-cell-number": "+1 617 555 0123"})
    return Edit(
        "Element451", f"{name_of(contact)} enters a new cell phone number", "goes to Salesforce", row["Id"]
    )


def _new_birthday(sandbox: Imitation, contact: Row, row: Row) -> Edit:
    sandbox.edit_salesforce("Contact", row["Id"], {"Birthdate": "2007-02-28"})
    return Edit(
        "Salesforce",
        f"the registrar corrects the date of birth of {name_of(contact)}",
        "goes to Element451",
        row["Id"],
    )


def _wrong_side(sandbox: Imitation, contact: Row, row: Row) -> Edit:
    sandbox.edit_salesforce("Contact", row["Id"], {"MobilePhone": "call the parents"})
    return Edit(
        "Salesforce",
        f"somebody overwrites the cell phone of {name_of(contact)}, which Element451 owns",
        "is put back",
        row["Id"],
    )


def _emptied(sandbox: Imitation, contact: Row, row: Row) -> Edit:
    sandbox.edit_element451(contact["user-elementid"], {"user-phone-cell-number": ""})
    return Edit(
        "Element451",
        f"{name_of(contact)} removes the cell phone number",
        "is emptied in Salesforce too",
        row["Id"],
    )


def _deleted(sandbox: Imitation, contact: Row, row: Row) -> Edit:
    sandbox.delete_salesforce("Contact", row["Id"])
    return Edit(
        "Salesforce",
        f"somebody deletes {name_of(contact)}",
        "leaves the sync; Element451 keeps its contact",
        row["Id"],
    )


def _reopened(sandbox: Imitation) -> Edit:
    known = {
        row["user-elementid"]
        for row in sandbox.records("element451", "contact")
        if row.get("user-identities-salesforceid")
    }
    talks = sandbox.records("element451", "conversation")
    talk = next(
        row
        for row in talks
        if row.get("conversation-status") == "closed" and row.get("conversation-user-elementid") in known
    )
    sandbox.control(
        "POST",
        f"element451/conversations/{talk['conversation-id']}/reopen",
        {"message": "One more question ..."},
    )
    return Edit(
        "Element451",
        "a student writes again in a closed conversation",
        "the same one is updated in Salesforce",
        talk["conversation-id"],
    )


def _new_person(sandbox: Imitation) -> Edit:
    values = {
        "user-first-name": "Zoë",
        "user-last-name": "O'Brien-Nuñez",
        "user-email-address": "zoe.obrien@example.edu",
    }
    contact = sandbox.control("POST", "element451/contacts", values)
    return Edit(
        "Element451",
        "Zoë O'Brien-Nuñez asks for information",
        "is inserted in Salesforce",
        contact["user-elementid"],
    )


def _many_emptied(sandbox: Imitation) -> Edit:
    found = [row["Id"] for _, row in pairs(sandbox) if row["Birthdate"]][:MANY]
    sandbox.control(
        "POST",
        "salesforce/edit-many",
        {"object": "Contact", "records": [{"Id": id, "Birthdate": None} for id in found]},
    )
    return Edit(
        "Salesforce",
        f"an import gone wrong empties the date of birth of {len(found)} people",
        "waits until somebody approves",
        found[0],
    )


ACTS: tuple[Callable[[Imitation, Row, Row], Edit], ...] = (
    _new_phone,
    _new_birthday,
    _wrong_side,
    _emptied,
    _deleted,
)
