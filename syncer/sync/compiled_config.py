"""What a run works by: one version of the configuration, checked and compiled."""

from dataclasses import dataclass

from syncer.core.mapping import FieldMapping
from syncer.core.plan import Rules
from syncer.core.preferences import Preferences
from syncer.core.records import Kind


@dataclass(frozen=True)
class CompiledConfig:
    """One mapping version: its number, the preferences and the mapping of each kind that is synced."""

    version: int
    preferences: Preferences
    mappings: dict[Kind, FieldMapping]

    def rules(self, previous_run: int = 0) -> dict[Kind, Rules]:
        """The rules that each kind is planned by."""
        return {
            kind: Rules(mapping, self.preferences, previous_run) for kind, mapping in self.mappings.items()
        }

    @property
    def entities(self) -> dict[str, str]:
        """The Salesforce object of each kind."""
        return {kind.value: mapping.entity.name for kind, mapping in self.mappings.items()}
