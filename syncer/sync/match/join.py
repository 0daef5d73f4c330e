"""Two rows become one pair, and a pair moves to the survivor of a merge: what that does to the rows. Called
in the caller's transaction."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from syncer.core.records import Kind, RecordState, System
from syncer.sync.holds import store as holds
from syncer.sync.pair_rows import Columns, Row
from syncer.sync.pair_store import (
    SIDES,
    PairStore,
    delete_rows,
    due_columns,
    make_conversations_due,
    update_rows,
)

KEPT_FORMER = 20
"""How many former IDs a pair remembers; older ones have long been overwritten in both systems."""


def join(connection: Connection, pairs: PairStore, halves: list[tuple[Row, Row, bool]]) -> None:
    """Make one pair of each (Element451 half, Salesforce half, found by values)."""
    holds.follow(connection, {salesforce["id"]: element451["id"] for element451, salesforce, _ in halves})
    delete_rows(connection, [salesforce["id"] for _, salesforce, _ in halves])
    update_rows(
        connection,
        [
            _joined(pairs, element451, salesforce) | {"by_values": by_values}
            for element451, salesforce, by_values in halves
        ],
    )
    if pairs.mapping.kind is Kind.CONTACT:
        # What failed for want of the other half is forgotten: nothing else would make them due (rule 13).
        make_conversations_due(
            connection, (element451["element_id"] for element451, _, _ in halves if element451["failing"])
        )


def move(connection: Connection, pairs: PairStore, system: System, moves: list[tuple[Row, Row]]) -> None:
    """Move each (pair, survivor) to the record that now stands for its half in ``system``; the former ID
    counts as empty from now on."""
    side = SIDES[system]
    holds.follow(connection, {survivor["id"]: row["id"] for row, survivor in moves})
    delete_rows(connection, [survivor["id"] for _, survivor in moves])
    rows = []
    for row, survivor in moves:
        moved: Columns = {column: survivor[column] for column in side.columns}
        moved |= {"account": survivor["account"]} if system is System.SALESFORCE else {}
        former = [*(row["former"] or []), row[side.id]]
        both: Columns = {**row, **moved, "former": former}
        moved |= {"former": _former(pairs, both), "merged_into": None, "left_sync": False, side.changed: True}
        moved |= {"search": pairs.search(both["element451"], both["salesforce"])}
        rows.append(due_columns(row) | moved)
    update_rows(connection, rows)


def split(row: Row) -> tuple[Columns, Columns]:
    """Undo a pairing that was found by values and never written: (changes to the row, a new row for its
    Salesforce half)."""
    side = SIDES[System.SALESFORCE]
    half: Columns = {column: row[column] for column in (*side.columns, "account")}
    half |= {"due": True, side.changed: True}
    emptied: Columns = dict.fromkeys((*side.columns, "account"), None)
    emptied |= {
        side.state: RecordState.LIVE.value,
        side.generation: 0,
        side.changed: False,
    }
    return due_columns(row) | {"by_values": False} | emptied, half


def _joined(pairs: PairStore, element451: Row, salesforce: Row) -> Columns:
    side = SIDES[System.SALESFORCE]
    joined: Columns = {column: salesforce[column] for column in (*side.columns, "account", "merged_into")}
    joined |= {"search": pairs.search(element451["element451"], salesforce["salesforce"])}
    joined |= {
        side.changed: salesforce[side.changed],
        "in_scope": element451["in_scope"] or salesforce["in_scope"],
    }
    joined |= {
        "former": _former(pairs, {**element451, **joined}),
        "problem": None,
        "failures": None,
        "failing": False,
        "left_sync": False,
    }
    return (
        due_columns(element451)
        | {"revision": max(element451["revision"], salesforce["revision"]) + 1}
        | joined
    )


def _former(pairs: PairStore, row: Mapping[str, Any]) -> list[str]:
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
