"""Some of the records that a run would change, by the kind of change: what a person looks at before they
approve it (rule 19)."""

from collections.abc import Iterable, Sequence
from typing import Any

from syncer.core.guard import ChangeKind
from syncer.core.pair import Pair
from syncer.core.person_names import name_and_email
from syncer.core.plan import Change, Plan, Status
from syncer.core.records import Value
from syncer.journal.log import changes_json

MAX_EXAMPLES, MAX_FIELDS, MAX_LETTERS, MAX_LIST_VALUES = 10, 12, 200, 20
"""At most so many records of a kind, fields of a record, letters of a value, and values of a list: a run must
stay small."""


class ExampleCollector:
    """The first records of each kind of change."""

    def __init__(self) -> None:
        self._kept: dict[ChangeKind, list[dict[str, Any]]] = {}

    def add(self, pair: Pair, plans: Sequence[Plan], kinds: Iterable[ChangeKind]) -> None:
        """Keep this pair as an example of its ``kinds`` (as `ChangeCounts.add` found them), where there are
        not enough yet. The ID that is written after a creation is no example of a change."""
        for kind in kinds:
            kept = self._kept.setdefault(kind, [])
            if len(kept) < MAX_EXAMPLES and (of_it := [plan for plan in plans if _is_of(plan, kind)]):
                kept.append(_example(pair, max(of_it, key=lambda plan: len(_changes(plan, kind))), kind))

    def to_json(self) -> dict[str, list[dict[str, Any]]]:
        """The examples by kind, as they are kept with a waiting run: ``name``, ``direction``, ``kind``
        (contact or conversation), both IDs, the ``reason``, and the ``changes`` as in a log entry."""
        return {kind.value: found for kind in ChangeKind if (found := self._kept.get(kind))}


def _example(pair: Pair, plan: Plan, kind: ChangeKind) -> dict[str, Any]:
    changes = [told for told in changes_json(plan) if _fits(told["after"], kind)]
    name, email = name_and_email(pair.salesforce, pair.element451)
    return {
        "name": str(_short(name or email)),
        "direction": plan.direction.value,
        "kind": plan.kind.value,
        "element_id": plan.element_id,
        "salesforce_id": plan.salesforce_id,
        "reason": plan.reason,
        "changes": [
            told | {"before": _short(told["before"]), "after": _short(told["after"])}
            for told in changes[:MAX_FIELDS]
        ],
        "more": max(len(changes) - MAX_FIELDS, 0),
    }


def _is_of(plan: Plan, kind: ChangeKind) -> bool:
    if kind is ChangeKind.DEACTIVATE:
        return plan.status is Status.DEACTIVATED
    if kind is ChangeKind.CREATE:
        return plan.creates
    return plan.status.writes and not plan.creates and not plan.follows and bool(_changes(plan, kind))


def _changes(plan: Plan, kind: ChangeKind) -> list[Change]:
    return [change for change in plan.changes if _fits(change.after, kind)]


def _fits(after: Value, kind: ChangeKind) -> bool:
    return kind is ChangeKind.CREATE or (after is None) == (kind is ChangeKind.BLANK)


def _short(value: Value) -> Value:
    if isinstance(value, list):
        return [
            *(str(_short(one)) for one in value[:MAX_LIST_VALUES]),
            *(["…"] if len(value) > MAX_LIST_VALUES else []),
        ]
    return f"{value[:MAX_LETTERS]}…" if isinstance(value, str) and len(value) > MAX_LETTERS else value
