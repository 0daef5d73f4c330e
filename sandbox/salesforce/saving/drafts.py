"""Reads the records of a write: names to fields, JSON values to stored values, and what is wrong with
each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from sandbox.salesforce.errors import RowError, SalesforceError
from sandbox.salesforce.fields import Field, SObject
from sandbox.salesforce.options import SalesforceOptions
from sandbox.salesforce.saving.convert import Convert, RefusedError, UnreadableError, converter
from sandbox.salesforce.saving.habits import Habits
from sandbox.salesforce.schema import Schema
from sandbox.world import World

IGNORED = ("attributes", "id")
CHANGES = {"upper": str.upper, "lower": str.lower}


@dataclass(slots=True)
class Draft:
    """One record on its way into the org. ``id`` is empty until known; ``given`` is the id as the client
    wrote it."""

    item: SObject
    sent: Mapping[str, Any]
    values: dict[str, object] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)
    id: str = ""
    number: int = 0
    created: bool = False
    key: object = None

    @property
    def given(self) -> object:
        """The id as sent, under any spelling of its name."""
        return next((value for name, value in self.sent.items() if name.lower() == "id"), None)

    def refuse(self, code: str, message: str, *fields: str) -> None:
        """Note an error."""
        self.errors.append(RowError(code, message, fields))


class _Compiled:
    """What reading an object's records needs: its visible fields by lower-case name with their converters,
    and those that must not be empty."""

    def __init__(self, item: SObject, schema: Schema, habits: Habits) -> None:
        self.state = (schema.version, habits)
        fields = [found for found in item.visible() if found.type != "address"]
        self.fields: dict[str, tuple[Field, Convert]] = {
            found.name.lower(): (found, habits.after(found, converter(found, schema.of_id)))
            for found in fields
        }
        self.required = [found for found in fields if found.required]
        self.never_empty = [
            found for found in fields if not found.nillable and found.type != "boolean" and found.updateable
        ]


class Reader:
    """Turns sent records into drafts. What it needs of an object is compiled once per state of the schema."""

    def __init__(self, schema: Schema, world: World) -> None:
        self._schema = schema
        self._world = world
        self._known: dict[str, _Compiled] = {}

    def _compiled(self, item: SObject) -> _Compiled:
        known = self._known.get(item.name)
        habits = Habits.of(self._world.options.of(SalesforceOptions))
        if known is None or known.state != (self._schema.version, habits):
            known = self._known[item.name] = _Compiled(item, self._schema, habits)
        return known

    def read(self, item: SObject, sent: Mapping[str, Any], creating: bool, key: Field | None = None) -> Draft:
        """Read one record; ``key`` is the external id field of an upsert. Raises SalesforceError where the
        whole call is refused."""
        draft = Draft(item, sent)
        fields = self._compiled(item).fields
        locked: list[str] = []
        for name, value in sent.items():
            lowered = name.lower()
            if lowered in IGNORED:
                continue
            if lowered not in fields:
                raise SalesforceError(
                    400, "INVALID_FIELD", f"No such column '{name}' on sobject of type {item.name}"
                )
            found, convert = fields[lowered]
            if found is key:
                self._take(draft, found, convert, name, value)
                draft.key = draft.values.pop(found.column, None)
            elif not (found.can_create if creating else found.can_update):
                locked.append(found.name)
            else:
                self._take(draft, found, convert, name, value)
        if locked:
            draft.refuse(
                "INVALID_FIELD_FOR_INSERT_UPDATE",
                f"Unable to create/update fields: {', '.join(locked)}. Please check the security settings of"
                " this field and verify that it is read/write for your profile or permission set.",
                *locked,
            )
        if not item.writable:
            draft.refuse("INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id")
        return draft

    @staticmethod
    def _take(draft: Draft, found: Field, convert: Convert, name: str, value: object) -> None:
        try:
            draft.values[found.column] = convert(value)
        except RefusedError as refused:
            draft.errors.append(refused.error)
        except UnreadableError as unreadable:
            before = list(draft.sent.items())[: list(draft.sent).index(name)]
            column = len(orjson.dumps(dict(before))) + len(name) + 4
            raise SalesforceError(
                400, "JSON_PARSER_ERROR", f"{unreadable} at [line:1, column:{column}]"
            ) from None

    def check_required(self, draft: Draft) -> None:
        """Refuse a creation that lacks a required field, or an update that empties one."""
        compiled, values = self._compiled(draft.item), draft.values
        emptied = [
            found for found in compiled.never_empty if found.column in values and values[found.column] is None
        ]
        absent = (
            [
                found
                for found in compiled.required
                if found.column not in values and not _refused(draft, found)
            ]
            if draft.created
            else []
        )
        missing = (
            [found.name for found in draft.item.fields if found in emptied or found in absent]
            if emptied or absent
            else []
        )
        if missing:
            draft.refuse(
                "REQUIRED_FIELD_MISSING", f"Required fields are missing: [{', '.join(missing)}]", *missing
            )


def _refused(draft: Draft, item: Field) -> bool:
    return any(item.name in error.fields for error in draft.errors)


def apply_triggers(draft: Draft, triggers: list[Any]) -> None:
    """Alter values as the org's own automation would: ``{"object", "field", "change": "upper" | "lower" |
    "append:TEXT"}``."""
    for trigger in triggers:
        found = (
            draft.item.field(trigger["field"])
            if trigger["object"].lower() == draft.item.name.lower()
            else None
        )
        value = draft.values.get(found.column) if found else None
        if found and isinstance(value, str):
            name, _, text = trigger["change"].partition(":")
            draft.values[found.column] = value + text if name == "append" else CHANGES[name](value)
