"""What a run works by: one version of the configuration, checked and compiled."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from syncer.configuration.compilation import to_mapping, to_preferences
from syncer.configuration.document import Document, entity_name, synced_kinds
from syncer.configuration.suspension import NOTHING, Suspension, suspend
from syncer.core.fields import Entity, Field
from syncer.core.mapping import FieldMapping
from syncer.core.plan import Rules
from syncer.core.preferences import Preferences
from syncer.core.records import Kind


@dataclass(frozen=True)
class CompiledConfig:
    """One version of the configuration: its number, the preferences, the mapping of each kind that is synced,
    and what is suspended (rule 22)."""

    version: int
    preferences: Preferences
    mappings: dict[Kind, FieldMapping]
    suspension: Suspension = NOTHING

    @classmethod
    def compile(
        cls,
        version: int,
        document: Document,
        element_fields: Sequence[Field],
        entity: Callable[[str], Entity],
        suspension: Suspension = NOTHING,
    ) -> Self:
        """Compile a document, which is without what is in ``suspension``; where there is none, without what
        the document itself suspends. ``entity`` gives the Salesforce
        object of a name. Raises KeyError if the document names what does not exist, and what ``entity``
        raises."""
        if suspension == NOTHING:
            document, suspension = suspend(document, (), {})
        mappings = {
            kind: to_mapping(document, kind, element_fields, entity(entity_name(document, kind)))
            for kind in synced_kinds(document)
            if suspension.syncs(kind)
        }
        return cls(version, to_preferences(document), mappings, suspension)

    def rules(self, today: date, previous_run: int = 0) -> dict[Kind, Rules]:
        """The rules that each kind is planned by on ``today`` (UTC)."""
        return {
            kind: Rules(mapping, self.preferences, previous_run, self.suspension.no_creations(kind), today)
            for kind, mapping in self.mappings.items()
        }

    @property
    def entities(self) -> dict[str, str]:
        """The Salesforce object of each kind."""
        return {kind.value: mapping.entity.name for kind, mapping in self.mappings.items()}
