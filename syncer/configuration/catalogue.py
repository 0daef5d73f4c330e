"""The catalogues of both systems, which objects and fields they have, read once a day and kept in the
database (docs/architecture.md, "A run")."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select

from syncer.configuration.document import Document, entity_name, segments, synced_kinds
from syncer.configuration.problems import Problem
from syncer.configuration.validation.check import check
from syncer.connectors.errors import Fault, FieldRefused, LimitReached, ReconnectNeeded
from syncer.connectors.field_types import field_type
from syncer.connectors.protocol import Element451, Salesforce
from syncer.core.fields import Entity, Field
from syncer.core.records import Kind, System
from syncer.core.trust.clocks import is_credible
from syncer.infra.database.engine import put
from syncer.infra.database.tables import CatalogueRow, table

_CATALOGUES = table(CatalogueRow)
_MAX_AGE = timedelta(days=1)
_ENDING = (FieldRefused, LimitReached, ReconnectNeeded)
"""Faults after which nothing goes on with an older catalogue."""


class Catalogues:
    """The catalogues of both systems. What is older than a day, or is asked for ``fresh``, is read from its
    system and stored."""

    def __init__(
        self,
        engine: Engine,
        salesforce: Callable[[], Salesforce],
        element451: Callable[[], Element451],
        clock: Callable[[], datetime] | None = None,
        *,
        old_ones_serve: bool = False,
    ) -> None:
        """``salesforce`` and ``element451`` are called when a system has to be read; ``clock`` gives the
        time. With ``old_ones_serve``, a catalogue that is older than a day and cannot be read at the moment
        is used as it is."""
        self._old_ones_serve = old_ones_serve
        self._engine, self._salesforce, self._element451 = engine, salesforce, element451
        self._clock = clock or (lambda: datetime.now(UTC))

    def entity(self, name: str, fresh: bool = False) -> Entity:
        """A Salesforce object. Raises a `Fault`; `FieldRefused` if there is no such object."""
        return _entity_from_json(
            *self._read(
                (f"salesforce:{name}"), lambda: _entity_to_json(self._salesforce().describe(name)), fresh
            )
        )

    def element_fields(self, fresh: bool = False) -> list[Field]:
        """Every field of Element451. Raises a `Fault`."""
        stored, _ = self._read(
            "element451",
            lambda: {"fields": [_field_to_json(field) for field in self._element451().catalogue()]},
            fresh,
        )
        return _fields_from_json(stored)

    def objects(self, fresh: bool = False) -> list[tuple[str, str]]:
        """(API name, label) of every Salesforce object that can be synced. Raises a `Fault`."""
        stored, _ = self._read("salesforce", lambda: {"objects": self._salesforce().entities()}, fresh)
        return _objects_from_json(stored)

    def last_entity(self, name: str) -> Entity | None:
        """A Salesforce object as last read, however long ago; None if it never was. Reads the database
        only."""
        row = self._row(f"salesforce:{name}")
        return _entity_from_json(row.document, row.read_at) if row else None

    def last_entities(self, document: Document) -> dict[str, Entity]:
        """The objects that a document names, by name, as last read; without those that never were."""
        names = {entity_name(document, kind) for kind in synced_kinds(document)}
        return {name: entity for name in names if (entity := self.last_entity(name))}

    def last_element_fields(self) -> list[Field]:
        """Every field of Element451 as last read, however long ago; empty if they never were. Reads the
        database only."""
        row = self._row("element451")
        return _fields_from_json(row.document) if row else []

    def last_objects(self) -> list[tuple[str, str]]:
        """Every Salesforce object that can be synced, as last read, however long ago; empty if they never
        were. Reads the database only."""
        row = self._row("salesforce")
        return _objects_from_json(row.document) if row else []

    def check(self, document: Document, fresh: bool = True) -> list[Problem]:
        """All problems of a configuration, compared with the catalogues, by default as they are now. Raises a
        `Fault`."""
        entities = {}
        for name in {entity_name(document, kind) for kind in synced_kinds(document)}:
            try:
                entities[name] = self.entity(name, fresh)
            except FieldRefused:  # `check` reports what is missing
                continue
        try:
            objects = self.objects(fresh)
        except _ENDING:
            raise
        except Fault:  # the list only serves suggestions
            objects = self.last_objects() or [(entity.name, entity.label) for entity in entities.values()]
        missing = [one for one in segments(document) if not self._has_segment(one, fresh)]
        return check(document, self.element_fields(fresh), entities, objects, missing)

    def members(self, segment: str) -> Iterator[list[str]]:
        """Who is in a segment of Element451 now. Raises a `Fault`; `FieldRefused` if there is no such
        segment."""
        return self._element451().members(segment)

    def _has_segment(self, segment: str, fresh: bool) -> bool:
        def ask() -> dict[str, Any]:
            try:
                next(self.members(segment), None)
            except FieldRefused:
                return {"exists": False}
            return {"exists": True}

        return bool(self._read(f"segment:{segment}", ask, fresh)[0]["exists"])

    def _read(
        self, name: str, read: Callable[[], dict[str, Any]], fresh: bool
    ) -> tuple[dict[str, Any], datetime]:
        now, row = self._clock(), None if fresh else self._row(name)
        if row and now - row.read_at < _MAX_AGE and is_credible(row.read_at, now):
            return row.document, row.read_at
        try:
            document = read()
        except Fault as fault:
            if row is None or not self._old_ones_serve or isinstance(fault, _ENDING):
                raise
            return row.document, row.read_at  # it is looked at again with the next run
        with self._engine.begin() as connection:
            put(connection, _CATALOGUES, {"name": name, "read_at": now, "document": document})
        return document, now

    def _row(self, name: str) -> Any:
        with self._engine.connect() as connection:
            return connection.execute(select(_CATALOGUES).where(_CATALOGUES.c.name == name)).one_or_none()


def _entity_to_json(entity: Entity) -> dict[str, Any]:
    plain = replace(entity, fields={}, read_at=None)
    return {**asdict(plain), "fields": [_field_to_json(field) for field in entity.fields.values()]}


def _entity_from_json(stored: dict[str, Any], read_at: datetime) -> Entity:
    return Entity(
        **{
            **stored,
            ("fields"): {raw["key"]: _field_from_json(raw) for raw in stored["fields"]},
            "read_at": read_at,
        }
    )


def _fields_from_json(stored: dict[str, Any]) -> list[Field]:
    return [_field_from_json(raw) for raw in stored["fields"]]


def _objects_from_json(stored: dict[str, Any]) -> list[tuple[str, str]]:
    return [(name, label) for name, label in stored["objects"]]


def _field_to_json(field: Field) -> dict[str, Any]:
    """A field as it is stored: its type by the name that its own system has for it."""
    plain = asdict(field)
    return plain | {"type": plain.pop("type_name")}


def _field_from_json(raw: dict[str, Any]) -> Field:
    system = System(raw["system"])
    changed = {
        "system": system,
        "type": field_type(system, raw["type"]),
        "type_name": raw["type"],
        "kind": Kind(raw["kind"]) if raw["kind"] else None,
        "options": tuple((value, label) for value, label in raw["options"]),
        "inactive": tuple(raw.get("inactive", ())),
        "refers_to": tuple(raw["refers_to"]),
    }
    return Field(**{**raw, **changed})


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of both systems' fields by their keys."""

    element451: Mapping[str, str] = field(default_factory=dict)
    salesforce: Mapping[str, str] = field(default_factory=dict)

    def of(self, system: System, key: str) -> str:
        """The label of the field with this key; the key itself if no label is known."""
        labels = self.element451 if system is System.ELEMENT451 else self.salesforce
        return labels.get(key) or key


def last_read_labels(engine: Engine, entity: str) -> Labels:
    """The labels of the fields of Element451 and of the Salesforce object ``entity``, as last read; empty if
    no catalogue was read yet."""
    return Labels(_labels(engine, "element451"), _labels(engine, f"salesforce:{entity}"))


def _labels(engine: Engine, name: str) -> dict[str, str]:
    with engine.connect() as connection:
        stored = connection.execute(
            select(_CATALOGUES.c.document).where(_CATALOGUES.c.name == name)
        ).scalar_one_or_none()
    return {raw["key"]: raw["label"] for raw in stored["fields"]} if stored else {}
