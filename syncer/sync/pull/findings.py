"""What a check of the increments found: how many records it looked at in each system, and how many of them
differed from what their pairs held (rule 23)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from syncer.core.records import System
from syncer.infra.database import key_value

_NAME = "audit"
WORTH_AN_ALERT = 0.001
"""The share of records with a missed change above which people are told."""


@dataclass
class Findings:
    """Counted while records are read again. ``fields``: how often each field differed, by its key in the
    system where it did."""

    seen: Counter[System] = field(default_factory=Counter)
    differed: Counter[System] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)

    def saw(self, system: System, records: int) -> None:
        """So many records were looked at."""
        self.seen[system] += records

    def missed(self, system: System, fields: Iterable[str]) -> None:
        """A record differed, in these fields; a record that was unknown, or deleted, in none."""
        self.differed[system] += 1
        self.fields.update(fields)

    def to_json(self) -> dict[str, Any]:
        """As the command line prints it (docs/architecture.md, "Surfaces")."""
        sides = {
            system.value: {"seen": self.seen[system], "differed": self.differed[system]} for system in System
        }
        return {"type": "audit"} | sides | {"fields": dict(self.fields.most_common())}


def save(engine: Engine, findings: Findings, at: datetime) -> None:
    """Keep them, in place of those of the check before."""
    with engine.begin() as connection:
        key_value.write(connection, _NAME, findings.to_json() | {"at": at.isoformat()})


def latest(engine: Engine) -> dict[str, Any]:
    """What the latest check found, as `Findings.to_json`, and when (``at``); empty before the first."""
    with engine.connect() as connection:
        return key_value.read(connection, _NAME)


def worth_an_alert(found: dict[str, Any]) -> bool:
    """Whether more differed than now and then may happen: somebody edits while it is looked at."""
    return any(
        found[system.value]["differed"] > found[system.value]["seen"] * WORTH_AN_ALERT for system in System
    )
