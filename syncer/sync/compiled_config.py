"""What a run works by: one version of the configuration, checked and compiled."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

from syncer.configuration.compilation import to_mapping, to_preferences
from syncer.configuration.document import Document, entity_name, synced_kinds
from syncer.core.fields import Entity, Field
from syncer.core.mapping import FieldMapping
from syncer.core.plan import Rules
from syncer.core.preferences import Preferences
from syncer.core.records import Kind


@dataclass(frozen=True)
class CompiledConfig:
    """One version of the configuration: its number, the preferences and the mapping of each kind that is
    synced."""

    version: int
    preferences: Preferences
    mappings: dict[Kind, FieldMapping]

    @classmethod
    def compile(
        cls,
        version: int,
        document: Document,
        element_fields: Sequence[Field],
        entity: Callable[[str], Entity],
    ) -> Self:
        """Compile a document. ``entity`` gives the Salesforce object of a name. Raises KeyError if the
        document names what does not exist, and what ``entity`` raises."""
        mappings = {
            kind: to_mapping(document, kind, element_fields, entity(entity_name(document, kind)))
            for kind in synced_kinds(document)
        }
        return cls(version, to_preferences(document), mappings)

    def rules(self, previous_run: int = 0) -> dict[Kind, Rules]:
        """The rules that each kind is planned by."""
        return {
            kind: Rules(mapping, self.preferences, previous_run) for kind, mapping in self.mappings.items()
        }

    @property
    def entities(self) -> dict[str, str]:
        """The Salesforce object of each kind."""
        return {kind.value: mapping.entity.name for kind, mapping in self.mappings.items()}
