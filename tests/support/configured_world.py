"""The small school of `world`, configured by a document, with changes of one to choose from."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from sqlalchemy import Engine

from syncer.configuration.catalogue import Catalogues
from syncer.configuration.config_file import validate
from syncer.configuration.document import Document
from syncer.core.records import System, Value
from syncer.sync.compiled_config import CompiledConfig
from syncer.sync.planning.forecast import Forecast, forecast
from tests.support.world import CONTACT_FIELDS, CONVERSATION_FIELDS, SLUG, World

UNGUARDED = {"records": 10**6, "percent": 100, "at_least": 10**6}
Edit = Callable[[Document], None]
"""A change of a document."""


class School(World):
    """The world, configured by a document."""

    document: Document

    def setup(self) -> CompiledConfig:
        """The document of now, compiled."""
        entities = self.salesforce.people.entities_by_name
        return CompiledConfig.compile(
            self.version, self.document, self.element451.catalogue(), entities.__getitem__
        )

    def save(self, document: Document) -> None:
        """Bring a document into force; a new version."""
        self.document, self.version = document, self.version + 1

    def forecast(self, edit: Edit, **more: Any) -> Forecast:
        """What ``edit`` would do, once saved."""
        return forecast(self.engine, self.catalogues(), self.document, edited(self.document, edit), **more)

    def catalogues(self) -> Catalogues:
        """The catalogues of both systems."""
        return Catalogues(self.engine, lambda: self.salesforce, lambda: self.element451)


def first_document() -> Document:
    """Every field of the world mapped, updates both ways, all contacts exported, and no guard."""
    contact = [
        ("user-elementid", "Element451_ID__c", System.ELEMENT451),
        (SLUG, "Id", System.SALESFORCE),
        *CONTACT_FIELDS,
    ]
    talk = [
        ("conversation-id", "Conversation_ID__c"),
        ("conversation-user-elementid", "Contact__c"),
        *CONVERSATION_FIELDS,
    ]
    mappings = {
        "contact": [
            {"element451": ours, "salesforce": theirs, "owner": owner.value}
            for ours, theirs, owner in contact
        ],
        "conversation": [
            {"element451": ours, "salesforce": theirs, "owner": "element451"} for ours, theirs in talk
        ],
    }
    export = {"mode": "update_existing_and_import_new", "scope": "all"}
    preferences = {"guard": UNGUARDED, "import": {"update_existing": True}, "export": export}
    return validate({"preferences": preferences, "mappings": mappings})


def edited(document: Document, edit: Edit) -> Document:
    """``document`` as it is after ``edit``, checked for its shape."""
    made = deepcopy(document)
    edit(made)
    return validate(made)


def mapped(document: Document, slug: str, kind: str = "contact") -> dict[str, Any]:
    """The row of a mapped field, to be changed."""
    found: dict[str, Any] = next(row for row in document["mappings"][kind] if row["element451"] == slug)
    return found


def turn(*slugs: str) -> Edit:
    """Give these fields to the other owner."""

    def edit(document: Document) -> None:
        for slug in slugs:
            row = mapped(document, slug)
            row["owner"] = System(row["owner"]).other.value

    return edit


def prefer(**preferences: Any) -> Edit:
    """Change these preferences."""
    return lambda document: document["preferences"].update(preferences)


def without(slug: str) -> Edit:
    """Remove a mapped field of contacts."""
    return lambda document: document["mappings"]["contact"].remove(mapped(document, slug))


def both(one: Edit, other: Edit) -> Edit:
    """Do one thing, then another."""

    def edit(document: Document) -> None:
        one(document)
        other(document)

    return edit


def add(row: dict[str, Any]) -> Edit:
    """Map one more field of contacts."""
    return lambda document: document["mappings"]["contact"].append(row)


def settled(engine: Engine, **preferences: Any) -> School:
    """Six people in both systems, one in each alone, two conversations; everything in step by a configuration
    with these preferences."""
    school = School(engine)
    school.document = edited(first_document(), prefer(**preferences))
    for number in range(6):
        theirs: dict[str, Value] = {
            "FirstName": f"Sal {number}",
            "LastName": "Smith",
            "Phone": f"55{number}" if number % 2 else None,
            "Student_Type__c": "FY",
        }
        ours: dict[str, Value] = {
            "user_first_name": f"Ann {number}" if number else None,
            "user_last_name": "Smith",
            "user_custom_notes": f"note {number}",
        }
        element_id, _ = school.pair(theirs, ours)
        if number < 2:
            school.conversation(
                element_id,
                conversation_channel="sms",
                conversation_subject="Hello",
                conversation_tags=["hot"],
            )
    school.ours(user_first_name="Only", user_last_name="Ours")
    school.theirs(FirstName="Only", LastName="Theirs", Phone="1")
    assert school.sync().state == "done"
    assert school.sync().state == "done"
    return school
