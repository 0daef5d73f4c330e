"""Two rows become one pair, and a pair moves to the survivor of a merge: what that does to the rows. Called
in the caller's transaction."""

from typing import Any

from sqlalchemy import Connection

from syncer.core.records import Kind, State, System
from syncer.sync.pair_store import SIDES, Pairs, Row, change, conversations_due, due_again, remove

KEPT_FORMER = 20
"""How many former IDs a pair remembers; older ones have long been overwritten in both systems."""


def join(connection: Connection, pairs: Pairs, halves: list[tuple[Row, Row, bool]]) -> None:
    """Make one pair of each (Element451 half, Salesforce half, found by values)."""
    remove(connection, [theirs["id"] for _, theirs, _ in halves])
    change(
        connection,
        [_joined(pairs, ours, theirs) | {"by_values": by_values} for ours, theirs, by_values in halves],
    )
    if (
        pairs.mapping.kind is Kind.CONTACT
    ):  # what failed for want of the other half is forgotten, so that nobody else would free them (rule 13)
        conversations_due(connection, (ours["element_id"] for ours, _, _ in halves if ours["failing"]))


def move(connection: Connection, pairs: Pairs, system: System, moves: list[tuple[Row, Row]]) -> None:
    """Move each (pair, survivor) to the record that now stands for its half in ``system``; the former ID
    counts as empty from now on."""
    side = SIDES[system]
    remove(connection, [survivor["id"] for _, survivor in moves])
    rows = []
    for row, survivor in moves:
        moved = {column: survivor[column] for column in side.columns}
        moved |= {"account": survivor["account"]} if system is System.SALESFORCE else {}
        former = [*(row["former"] or []), row[side.id]]
        both = row | moved | {"former": former}
        moved |= {"former": _former(pairs, both), "merged_into": None, "left_sync": False, side.changed: True}
        moved |= {"search": pairs.search(both["element451"], both["salesforce"])}
        rows.append(due_again(row) | moved)
    change(connection, rows)


def split(row: Row) -> tuple[Row, Row]:
    """Undo a pairing that was found by values and never written: (changes to the row, a new row for its
    Salesforce half)."""
    side = SIDES[System.SALESFORCE]
    half = {column: row[column] for column in (*side.columns, "account")} | {"due": True, side.changed: True}
    emptied = dict.fromkeys((*side.columns, "account"), None) | {
        side.state: State.LIVE.value,
        side.generation: 0,
        side.changed: False,
    }
    return due_again(row) | {"by_values": False} | emptied, half


def _joined(pairs: Pairs, ours: Row, theirs: Row) -> dict[str, Any]:
    side = SIDES[System.SALESFORCE]
    joined = {column: theirs[column] for column in (*side.columns, "account", "merged_into")}
    joined |= {"search": pairs.search(ours["element451"], theirs["salesforce"])}
    joined |= {side.changed: theirs[side.changed], "in_scope": ours["in_scope"] or theirs["in_scope"]}
    joined |= {
        "former": _former(pairs, ours | joined),
        "problem": None,
        "failures": None,
        "failing": False,
        "left_sync": False,
    }
    return due_again(ours) | {"revision": max(ours["revision"], theirs["revision"]) + 1} | joined


def _former(pairs: Pairs, row: Row) -> list[str]:
    """The IDs that either side stores and that do not name the other half: stale at this moment, so that they
    count as empty."""
    former = list(row["former"] or ())
    for system in System:
        link = pairs.mapping.link(system)
        side, wanted = SIDES[system], row[SIDES[system.other].id]
        stored = (row[side.values] or {}).get(link.of(system).key) if link else None
        if stored is not None and row[side.link] != wanted:
            former += [str(stored), row[side.link] or str(stored)]
    return list(dict.fromkeys(former))[-KEPT_FORMER:]
