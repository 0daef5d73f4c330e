"""Both catalogues at one moment, as far as a configuration needs them: as last read where a system cannot be
read now."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from syncer.configuration.catalogue import Catalogues
from syncer.configuration.document import Document, entity_name, synced_kinds
from syncer.configuration.problems import Problem
from syncer.configuration.validation.check import check
from syncer.connectors.errors import Fault, FieldRefused, ReconnectNeeded
from syncer.core.fields import Entity, Field
from syncer.core.records import Kind, System

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class UnreadableSystem:
    """Why a system's fields could not be read: a sentence, and whether to reconnect is the remedy."""

    system: System
    sentence: str
    reconnect: bool


@dataclass(frozen=True, slots=True)
class CatalogueSnapshot:
    """Element451's fields by key, and the Salesforce objects that the configuration names. ``missing`` lists
    the systems that could not be read; their fields are as last read, or missing."""

    element451: Mapping[str, Field]
    entities: Mapping[str, Entity]
    objects: tuple[tuple[str, str], ...]
    missing: tuple[UnreadableSystem, ...]

    def entity(self, document: Document, kind: Kind) -> Entity | None:
        """The Salesforce object of a kind; None if it is unknown."""
        return self.entities.get(entity_name(document, kind))

    def fields(self, system: System, document: Document, kind: Kind) -> Mapping[str, Field]:
        """The fields of one system by key; empty if they are unknown."""
        if system is System.ELEMENT451:
            return self.element451
        entity = self.entity(document, kind)
        return entity.fields if entity else {}

    @property
    def complete(self) -> bool:
        """Whether both systems' fields are known, so that a configuration can be checked."""
        return bool(self.element451) and bool(self.objects)

    def check(self, document: Document) -> list[Problem]:
        """All problems of a configuration (see `validation.check`), as far as the fields are known."""
        named = {entity_name(document, kind) for kind in synced_kinds(document)}
        unanswered = any(one.system is System.SALESFORCE for one in self.missing)
        unread = unanswered and any(name not in self.entities for name in named & dict(self.objects).keys())
        objects = None if unread or not self.objects else self.objects
        return check(document, self.element451.values() or None, self.entities, objects)


def take_snapshot(
    catalogues: Catalogues, entities: tuple[str, ...], fresh: bool = False
) -> CatalogueSnapshot:
    """The fields of Element451 and of these Salesforce objects: from the catalogues, which read a system once
    a day, or now if ``fresh``. After its first fault a system is not asked again, and what was last read is
    taken."""
    missing: dict[System, UnreadableSystem] = {}

    def ask(system: System, read: Callable[[bool], T], last: Callable[[], T]) -> T:
        if system not in missing:
            try:
                return read(fresh)
            except FieldRefused:
                raise
            except Fault as fault:
                missing[system] = UnreadableSystem(system, fault.sentence, isinstance(fault, ReconnectNeeded))
        return last()

    element_fields = ask(System.ELEMENT451, catalogues.element_fields, catalogues.last_element_fields)
    objects = ask(System.SALESFORCE, catalogues.objects, catalogues.last_objects)
    found: dict[str, Entity] = {}
    for name in entities:
        with suppress(FieldRefused):  # there is no such object, which `check` reports
            entity = ask(
                System.SALESFORCE, partial(catalogues.entity, name), partial(catalogues.last_entity, name)
            )
            if entity:
                found[name] = entity
    return CatalogueSnapshot(
        {field.key: field for field in element_fields}, found, tuple(objects), tuple(missing.values())
    )
