"""What every step of a run works with: the database, both systems, the configuration, and the time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Engine

from syncer.connectors.protocol import Connector
from syncer.core.mapping import FieldMapping
from syncer.core.records import Kind, System
from syncer.sync.compiled_config import CompiledConfig
from syncer.sync.pair_store import PairStore


def utc_now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class SyncContext:
    """Handed to each step, in place of its parts. ``clock`` gives the time in UTC."""

    database: Engine
    connectors: Mapping[System, Connector]
    config: CompiledConfig
    clock: Callable[[], datetime] = utc_now
    warnings: list[str] = field(default_factory=list, init=False, repr=False, compare=False)
    """What people should know of the run though it went well; a sentence each."""
    _pairs: dict[Kind, PairStore] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def kinds(self) -> list[Kind]:
        """The kinds that are synced, contacts first (rule 13)."""
        return [kind for kind in self.config.preferences.kinds if kind in self.config.mappings]

    def warn(self, sentence: str) -> None:
        """Let the run say this at its end, once."""
        if sentence not in self.warnings:
            self.warnings.append(sentence)

    def mapping(self, kind: Kind) -> FieldMapping:
        """The mapping of a kind."""
        return self.config.mappings[kind]

    def pairs(self, kind: Kind) -> PairStore:
        """The pairs of a kind."""
        if kind not in self._pairs:
            self._pairs[kind] = PairStore(self.config.mappings[kind])
        return self._pairs[kind]

    @property
    def skipped_rows(self) -> int:
        """How many rows without an ID were left out of both systems' replies so far."""
        return sum(connector.skipped for connector in self.connectors.values())

    @property
    def calls(self) -> dict[str, int]:
        """The calls sent to each system so far."""
        return {system.value: connector.calls for system, connector in self.connectors.items()}
