"""What has to be done when a run works by another configuration than the one before it: pairs become due, are
matched and named again."""

from typing import Any

from sqlalchemy import Engine

from syncer.core.records import Kind, System
from syncer.infra.database import key_value
from syncer.sync.compiled_config import CompiledConfig
from syncer.sync.context import SyncContext
from syncer.sync.match.join import split
from syncer.sync.pair_store import PAIRS, SIDES, PairStore, Row, make_due, update_rows

APPLIED, NAMED = "applied", "named"
"""Facts: what the pairs were last planned by, and the fields that they are found by."""


def apply_changes(context: SyncContext) -> None:
    """Make every pair due that a changed mapping, owner or mode touches; pair and name anew where the match
    fields, or those with names, changed. Safe to repeat."""
    engine, setup = context.database, context.config
    with engine.begin() as connection:
        before = key_value.read(connection, APPLIED)
    for kind, mapping in setup.mappings.items():
        now, known = _fingerprint(setup, kind), before.get(kind.value)
        if known == now:
            continue
        if known and known["match_on"] != now["match_on"]:
            _match_again(engine, PairStore(mapping))
        if known:
            with engine.begin() as connection:
                make_due(connection, PairStore(mapping).here, PAIRS.c.left_sync.is_(False))
    with engine.begin() as connection:
        fingerprints = {kind.value: _fingerprint(setup, kind) for kind in setup.mappings}
        key_value.write(connection, APPLIED, before | fingerprints)
    _name_again(engine, PairStore(setup.mappings[Kind.CONTACT]))


def _fingerprint(setup: CompiledConfig, kind: Kind) -> dict[str, Any]:
    """Everything of a configuration that decides what is planned for a kind."""
    mapping, preferences = setup.mappings[kind], setup.preferences
    every = [m for m in (mapping.element_id, mapping.salesforce_id, mapping.contact, *mapping.fields) if m]
    modes = [
        preferences.update_existing,
        preferences.create_new,
        preferences.export_mode.value,
        preferences.scope.value,
    ]
    return {
        "entity": mapping.entity.name,
        "match_on": [mapped.element451.key for mapped in mapping.match_on],
        "modes": [*modes, preferences.sync_conversations],
        "fields": [
            [m.element451.key, m.salesforce.key, m.owner.value, [list(value) for value in m.values]]
            for m in every
        ],
    }


def _match_again(engine: Engine, pairs: PairStore) -> None:
    """Compute every row's match values again; pairs that were found by values and never written are taken
    apart."""
    after = 0
    while True:
        with engine.begin() as connection:
            rows = pairs.page(connection, after=after)
            if not rows:
                return
            after = rows[-1]["id"]
            apart = [row for row in rows if row["by_values"]]
            changed, halves = [], []
            for row in apart:
                rest, half = split(row)
                changed.append(rest)
                halves.append(
                    half
                    | _match(pairs, row, System.SALESFORCE)
                    | {"search": pairs.search(None, row["salesforce"])}
                )
            update_rows(connection, changed)
            pairs.insert(connection, halves)
            update_rows(connection, [{"id": row["id"]} | _matches(pairs, row) for row in rows])


def _name_again(engine: Engine, pairs: PairStore) -> None:
    """Where contacts were named by other fields until now, or not at all, write anew by what each is
    found."""
    now = {"entity": pairs.mapping.entity.name} | {
        system.value: list(keys) for system, keys in pairs.naming.items()
    }
    with engine.begin() as connection:
        if key_value.read(connection, NAMED) == now:
            return
    after = 0
    while True:
        with engine.begin() as connection:
            rows = pairs.page(connection, after=after)
            if not rows:
                key_value.write(connection, NAMED, now)
                return
            after = rows[-1]["id"]
            update_rows(
                connection,
                [
                    {"id": row["id"], "search": pairs.search(row["element451"], row["salesforce"])}
                    for row in rows
                ],
            )


def _matches(pairs: PairStore, row: Row) -> dict[str, Any]:
    kept = [System.ELEMENT451] if row["by_values"] else list(System)
    return {column: value for system in kept for column, value in _match(pairs, row, system).items()}


def _match(pairs: PairStore, row: Row, system: System) -> dict[str, Any]:
    side = SIDES[system]
    return {side.match: pairs.derived_columns(system, row[side.values] or {})[side.match]}
