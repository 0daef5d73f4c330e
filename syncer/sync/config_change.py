"""What has to be done when a run works by another configuration than the one before it: pairs become due, are
matched and named again."""

import hashlib
from dataclasses import dataclass, replace
from typing import Any, Self

from sqlalchemy import Connection, Engine, func, select

from syncer.core.mapping import FieldMapping
from syncer.core.plan import Rules
from syncer.core.records import Kind, System
from syncer.core.text import counted
from syncer.infra.database import key_value
from syncer.journal.approvals import ENTITIES
from syncer.sync.context import SyncContext
from syncer.sync.match.join import split
from syncer.sync.pair_rows import APPLIED, NAMED, Row
from syncer.sync.pair_store import PAIRS, SIDES, PairStore, make_due, update_rows
from syncer.sync.planning.plan_inputs import PlanInputs


@dataclass(frozen=True)
class _Applied:
    """What pairs of one kind were last planned and matched by. ``match_on`` holds the slugs of the match
    fields, ``no_creations`` the systems in which nothing was created; ``limits`` stands for what the mapped
    fields take (see `_limits`)."""

    inputs: PlanInputs
    match_on: tuple[str, ...]
    no_creations: tuple[str, ...] = ()
    limits: str = ""

    @classmethod
    def of(cls, rules: Rules) -> Self:
        match_on = tuple(mapped.element451.key for mapped in rules.mapping.match_on)
        stopped = tuple(sorted(rules.no_creations))
        return cls(PlanInputs.of(rules), match_on, stopped, _limits(rules.mapping))

    def to_json(self) -> dict[str, Any]:
        return {
            **self.inputs.to_json(),
            "match_on": list(self.match_on),
            "no_creations": list(self.no_creations),
            "limits": self.limits,
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        return cls(
            PlanInputs.from_json(stored),
            tuple(stored["match_on"]),
            tuple(stored.get("no_creations", ())),
            stored.get("limits", ""),
        )


def _limits(mapping: FieldMapping) -> str:
    """A digest of what the catalogues say of the values that the mapped fields take."""
    fields = (mapped.of(system) for mapped in mapping.fields for system in System)
    taken = [
        replace(field, label="", options=field.options if field.limited else (), inactive=())
        for field in fields
    ]
    return hashlib.blake2b(repr(taken).encode(), digest_size=16).hexdigest()


def apply_changes(context: SyncContext) -> None:
    """Make every pair due that a changed mapping, owner or mode touches, and every failing one where a field
    takes other values now; match pairs again where the match fields changed, and name them again where the
    fields with names did. Safe to repeat."""
    database, rules = context.database, context.config.rules(context.clock().date())
    with database.begin() as connection:
        stored = key_value.read(connection, APPLIED)
    before = {kind: _Applied.from_json(stored[kind.value]) for kind in rules if kind.value in stored}
    now = {kind: _Applied.of(kind_rules) for kind, kind_rules in rules.items()}
    for kind, applied in before.items():
        if applied in (now[kind], replace(now[kind], limits="")):  # what fields took was not kept before
            continue
        pairs = PairStore(rules[kind].mapping)
        if applied.match_on != now[kind].match_on:
            _match_again(database, pairs)
        touched = [pairs.here, PAIRS.c.left_sync.is_(False)]
        if replace(applied, limits="") == replace(now[kind], limits=""):
            touched.append(PAIRS.c.failing)
        with database.begin() as connection:
            make_due(connection, *touched)
    with database.begin() as connection:
        changed = {
            kind.value: (applied.inputs.entity, now[kind].inputs.entity) for kind, applied in before.items()
        }
        _note_entities(connection, changed)
        key_value.write(
            connection, APPLIED, stored | {kind.value: applied.to_json() for kind, applied in now.items()}
        )
    _name_again(database, PairStore(rules[Kind.CONTACT].mapping))


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """The Salesforce object of a kind was changed, and nobody approved that yet: so many pairs with the one
    before are left behind."""

    kind: str
    before: str
    now: str
    pairs: int

    @property
    def sentence(self) -> str:
        """What it means."""
        pairs = counted(self.pairs, "pair")
        return (
            f"Every {self.kind} is to be synced with {self.now} in place of {self.before}. That leaves"
            f" {pairs} with {self.before} behind: they stay as they are, and nothing goes between them."
            f" Everybody is matched anew with {self.now}, and gets its ID in Element451."
        )


def left_behind(context: SyncContext) -> list[LeftBehind]:
    """Which changes of a Salesforce object leave pairs behind and wait for approval (rule 19)."""
    found = []
    with context.database.connect() as connection:
        for kind, before in key_value.read(connection, ENTITIES).items():
            paired = (
                PAIRS.c.kind == kind,
                PAIRS.c.entity == before,
                PAIRS.c.element_id.is_not(None),
                PAIRS.c.salesforce_id.is_not(None),
                PAIRS.c.left_sync.is_(False),
            )
            pairs = connection.execute(select(func.count()).select_from(PAIRS).where(*paired)).scalar_one()
            mapping = context.config.mappings.get(Kind(kind))
            if pairs and mapping:
                found.append(LeftBehind(kind, before, mapping.entity.name, pairs))
    return found


def _note_entities(connection: Connection, changed: dict[str, tuple[str, str]]) -> None:
    """Note which object each kind was synced with before; none where it is that one again."""
    stored = key_value.read(connection, ENTITIES)
    noted = dict(stored)
    for kind, (before, now) in changed.items():
        if before != now:
            noted.setdefault(kind, before)
        if noted.get(kind) == now:
            del noted[kind]
    if noted != stored:
        key_value.write(connection, ENTITIES, noted)


def _match_again(engine: Engine, pairs: PairStore) -> None:
    """Compute every row's match values again; pairs that were found by values and never written are taken
    apart."""
    after = 0
    while True:
        with engine.begin() as connection:
            rows = pairs.page(connection, after=after, most=True)
            if not rows:
                return
            after = rows[-1]["id"]
            apart = [row for row in rows if _comes_apart(row)]
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
            rows = pairs.page(connection, after=after, most=True)
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


def _comes_apart(row: Row) -> bool:
    """Whether a pair was found by values and never written; what somebody holds stays together."""
    return row["by_values"] and not row["held"]


def _matches(pairs: PairStore, row: Row) -> dict[str, Any]:
    kept = [System.ELEMENT451] if _comes_apart(row) else list(System)
    return {column: value for system in kept for column, value in _match(pairs, row, system).items()}


def _match(pairs: PairStore, row: Row, system: System) -> dict[str, Any]:
    side = SIDES[system]
    return {side.match: pairs.derived_columns(system, row[side.values] or {})[side.match]}
