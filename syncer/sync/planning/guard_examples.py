"""Examples of the records that a run would change, by the kind of change, for whoever approves it (rule
19)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from syncer.core.guard import ChangeKind
from syncer.core.pair import Pair
from syncer.core.person_names import name_and_email
from syncer.core.plan import Change, Plan, Status
from syncer.core.records import Value
from syncer.journal.log import changes_json

MAX_EXAMPLES, MAX_FIELDS, MAX_LETTERS, MAX_LIST_VALUES = 10, 12, 200, 20
"""The limits of records of a kind, fields of a record, letters of a value, and values of a list: the examples
are stored with the run, which must stay small."""


class ExampleCollector:
    """Keeps the first records of each kind of change."""

    def __init__(self) -> None:
        self._examples: dict[ChangeKind, list[dict[str, Any]]] = {}

    def add(self, pair: Pair, plans: Sequence[Plan], kinds: Iterable[ChangeKind]) -> None:
        """Keep this pair as an example of its ``kinds`` (as `ChangeCounts.add` found them), unless there are
        enough. The ID that is written after a creation is not an example of a change."""
        for kind in kinds:
            examples = self._examples.setdefault(kind, [])
            if len(examples) == MAX_EXAMPLES:
                continue
            if matching := [plan for plan in plans if _is_of(plan, kind)]:
                plan = max(matching, key=lambda plan: len(_changes(plan, kind)))
                examples.append(_example(pair, plan, kind))

    def to_json(self) -> dict[str, list[dict[str, Any]]]:
        """The examples by kind, as they are stored with a waiting run: ``name``, ``direction``, ``kind``
        (contact or conversation), both IDs, the ``reason``, and the ``changes`` as in a log entry."""
        return {kind.value: examples for kind in ChangeKind if (examples := self._examples.get(kind))}


def _example(pair: Pair, plan: Plan, kind: ChangeKind) -> dict[str, Any]:
    written = changes_json(replace(plan, left_out=(), held=()))
    changes = [change for change in written if _fits(change["after"], kind)]
    name, email = name_and_email(pair.salesforce, pair.element451)
    return {
        "name": str(_short(name or email)),
        "direction": plan.direction.value,
        "kind": plan.kind.value,
        "element_id": plan.element_id,
        "salesforce_id": plan.salesforce_id,
        "reason": plan.reason,
        "changes": [
            change | {"before": _short(change["before"]), "after": _short(change["after"])}
            for change in changes[:MAX_FIELDS]
        ],
        "more": max(len(changes) - MAX_FIELDS, 0),
    }


def _is_of(plan: Plan, kind: ChangeKind) -> bool:
    if kind is ChangeKind.DEACTIVATE:
        return plan.status is Status.DEACTIVATED
    if kind is ChangeKind.CREATE:
        return plan.creates
    return plan.writes and not plan.creates and not plan.follows and bool(_changes(plan, kind))


def _changes(plan: Plan, kind: ChangeKind) -> list[Change]:
    return [change for change in plan.changes if _fits(change.after, kind)]


def _fits(after: Value, kind: ChangeKind) -> bool:
    return kind is ChangeKind.CREATE or (after is None) == (kind is ChangeKind.BLANK)


def _short(value: Value) -> Value:
    if isinstance(value, list):
        more = ["…"] if len(value) > MAX_LIST_VALUES else []
        return [str(_short(one)) for one in value[:MAX_LIST_VALUES]] + more
    return f"{value[:MAX_LETTERS]}…" if isinstance(value, str) and len(value) > MAX_LETTERS else value
