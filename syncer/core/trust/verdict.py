"""What is assumed of a connected system, and whether that was proved on it. Pure; standard library only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from syncer.core.records import System, Value


class State(StrEnum):
    """What became of an assumption when it was tried."""

    PROVED = "proved"
    DISPROVED = "disproved"
    NOT_PROVED = "not proved"  # it could not be tried, or nothing was there to try it on


@dataclass(frozen=True, slots=True)
class Check:
    """An assumption that can be tried: its short name, the assumption as a sentence, where it is stated, and
    whether trying it writes to a test record."""

    name: str
    assumes: str
    reference: str
    writes: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What trying an assumption brought. ``found`` and ``remedy`` are sentences without anybody's values.
    ``restore`` holds the values, by field, that a test record held before and could not be given back.
    ``wait_until`` is when the system allows calls again, where it asked not to be called before that."""

    state: State
    found: str
    remedy: str = ""
    restore: Mapping[str, Value] = field(default_factory=dict)
    wait_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A finding about one check of one system."""

    check: str
    system: System
    finding: Finding

    @property
    def state(self) -> State:
        """Whether it was proved."""
        return self.finding.state

    def to_json(self) -> dict[str, Any]:
        """As the command line prints it (docs/architecture.md, "Surfaces")."""
        found = {
            "check": self.check,
            "system": self.system.value,
            "state": self.state.value,
            "found": self.finding.found,
            "remedy": self.finding.remedy,
        }
        return found | ({"restore": dict(self.finding.restore)} if self.finding.restore else {})

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Verdict":
        """The verdict that `to_json` gave, without values."""
        finding = Finding(State(stored["state"]), stored["found"], stored["remedy"])
        return cls(stored["check"], System(stored["system"]), finding)


def proved(found: str) -> Finding:
    """The assumption holds."""
    return Finding(State.PROVED, found)


def disproved(found: str, remedy: str) -> Finding:
    """The assumption does not hold, and what to do about it."""
    return Finding(State.DISPROVED, found, remedy)


def not_proved(found: str, remedy: str = "", wait_until: datetime | None = None) -> Finding:
    """Why it cannot be told; ``wait_until``: see `Finding`."""
    return Finding(State.NOT_PROVED, found, remedy, wait_until=wait_until)
