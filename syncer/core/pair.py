"""A pair: one contact or conversation seen from both sides, with the mapped values last seen on each. Pure;
standard library only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from syncer.core.records import Kind, RecordState, System, Value
from syncer.core.trust.holds import Hold

ALTERED_RUNS = 3
"""After so many runs in a row that found a written value altered, it is not written again."""
NEW = "(new)"
"""Stands for the ID of a record that is still to be created, in the plans that follow a creation."""


class Rewrite(NamedTuple):
    """A value that was written, how many runs in a row it had to be written again, and in which run last
    (rule 5)."""

    value: Value
    times: int
    run: int


class ContactLink(NamedTuple):
    """What a conversation needs to know of its contact: its Salesforce ID, or why there is none, or, with
    ``left``, why it is not synced."""

    salesforce_id: str | None = None
    left: bool = False
    failed: str | None = None
    known: bool = True


@dataclass(frozen=True, slots=True)
class Pair:
    """One record and its other half. A missing key in the values is *unknown*.

    ``former`` holds IDs that count as empty where the other system still stores them (merged away, or
    confirmed gone). ``problem`` is what pairing found (rule 7), ``problem_code`` its code. ``left``:
    deactivated, remembered so that neither half is taken for new (rule 9). ``changed``: the systems whose own
    side changed since the last outcome (rule 3). ``emptied``: the fields that held a value and came back
    empty since then, by system and key (rule 6). ``missed``: a change was found that should have been known
    before (rule 23). ``contact`` is given for conversations that have one. ``damaged``: the fields, by system
    and key, whose text could not be decoded (rule 22). ``holds``: what may not be written (rule 20).
    """

    kind: Kind
    element_id: str | None = None
    salesforce_id: str | None = None
    element451: Mapping[str, Value] = field(default_factory=dict)
    salesforce: Mapping[str, Value] = field(default_factory=dict)
    element_state: RecordState = RecordState.LIVE
    salesforce_state: RecordState = RecordState.LIVE
    in_scope: bool = False
    left: bool = False
    problem: str | None = None
    problem_code: str = ""
    missed: bool = False
    former: frozenset[str] = frozenset()
    rewrites: Mapping[str, Rewrite] = field(default_factory=dict)
    changed: frozenset[System] = frozenset()
    emptied: frozenset[tuple[System, str]] = frozenset()
    contact: ContactLink | None = None
    damaged: frozenset[tuple[System, str]] = frozenset()
    holds: tuple[Hold, ...] = ()

    def is_altered(self, key: str, value: Value, previous_run: int) -> bool:
        """Whether ``value`` was found altered after each of the last writes to the field ``key``, and is not
        written again (rule 5)."""
        before = self.rewrites.get(key)
        if before is None or before.run != previous_run:
            return False
        return before.value == value and before.times >= ALTERED_RUNS

    def id(self, system: System) -> str | None:
        """The record's ID in ``system``; None where it has no half there."""
        return self.element_id if system is System.ELEMENT451 else self.salesforce_id

    def known_id(self, system: System) -> str | None:
        """The record's ID in ``system``; None too where it is still to be created there."""
        return None if self.id(system) == NEW else self.id(system)

    def values(self, system: System) -> Mapping[str, Value]:
        """The mapped values last seen in ``system``."""
        return self.element451 if system is System.ELEMENT451 else self.salesforce

    def state(self, system: System) -> RecordState:
        """Whether the record is live in ``system``."""
        return self.element_state if system is System.ELEMENT451 else self.salesforce_state
