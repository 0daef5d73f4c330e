"""Reading one record as it is now in both systems, and finding its other half, as a run does for all (steps 1
and 2)."""

from dataclasses import dataclass

from syncer.core.plan import Direction
from syncer.core.records import Kind, RecordState, System
from syncer.sync.context import SyncContext
from syncer.sync.match.merges import Merges
from syncer.sync.match.pairing import Pairing
from syncer.sync.pair_rows import Row
from syncer.sync.pair_store import PAIRS, SIDES
from syncer.sync.pull.pull import ingest, refresh

MISSING = (RecordState.ABSENT, RecordState.GONE)
ALIKE = 50
"""How many records with the same match values are read again for one record."""


class NoSuchRecord(Exception):
    """The record that was asked for cannot be looked at; ``str()`` says why and what to do."""


@dataclass(frozen=True, slots=True)
class RecordRequest:
    """Which record, in which direction; exactly one of the IDs is given. ``existed``: it is known to have
    been there."""

    direction: Direction
    salesforce_id: str | None = None
    element_id: str | None = None
    kind: Kind = Kind.CONTACT
    existed: bool = False

    @property
    def system(self) -> System:
        """The system whose ID is given."""
        return System.SALESFORCE if self.salesforce_id is not None else System.ELEMENT451

    @property
    def identity(self) -> str | None:
        """The ID in the form in which it is kept; None where what was typed is no such ID."""
        return SIDES[self.system].normal(self.typed)

    @property
    def typed(self) -> str | None:
        """The ID as it was typed."""
        return self.salesforce_id if self.salesforce_id is not None else self.element_id


def stored_row(context: SyncContext, kind: Kind, system: System, identity: str | None) -> Row | None:
    """The row of the record that has this ID in ``system``; None where no pair has it."""
    if identity is None:
        return None
    with context.database.connect() as connection:
        return context.pairs(kind).by_ids(connection, system, [identity]).get(identity)


def read_record(context: SyncContext, request: RecordRequest) -> Row:
    """Read the record and whatever may be its other half, pair them up, and give its row. Raises
    `NoSuchRecord` where it is not there."""
    kind, system = request.kind, request.system
    if request.identity is None:
        raise NoSuchRecord(_not_an_id(request))
    refresh(context, kind, system, [request.identity])
    row = stored_row(context, kind, system, request.identity)
    other = SIDES[system].other.id
    gone = row is not None and row[SIDES[system].state] in MISSING and not row[other]
    if row is not None and gone and request.existed:
        return row
    if row is None or gone:
        raise NoSuchRecord(
            f"{system.label} has no {kind} with the ID {request.identity}. Look whether it was deleted or"
            " merged."
        )
    if not row[other]:
        _read_candidates(context, kind, system, row)
        row = stored_row(context, kind, system, request.identity) or row
    if row[other]:
        refresh(context, kind, system.other, [row[other]])
        Merges(context, kind).run()
    else:
        pair_up(context, kind, system, [row])
    return stored_row(context, kind, system, request.identity) or row


def pair_up(context: SyncContext, kind: Kind, system: System, rows: list[Row]) -> None:
    """Find the other halves of these unpaired rows of ``system``."""
    pairing = Pairing(context, kind)
    pairing.look_up(system, rows)
    pairing.pair_up(system, [row for row in rows if row[SIDES[system].state] == RecordState.LIVE])


def read_conversations(context: SyncContext, contact: str) -> None:
    """Read the known conversations of the contact with this Element ID again, in both systems."""
    rows = conversations_of(context, contact)
    for system in (System.ELEMENT451, System.SALESFORCE):
        refresh(context, Kind.CONVERSATION, system, (row[SIDES[system].id] for row in rows))


def conversations_of(context: SyncContext, contact: str) -> list[Row]:
    """The rows of the conversations of the contact with this Element ID."""
    with context.database.connect() as connection:
        return context.pairs(Kind.CONVERSATION).page(connection, PAIRS.c.contact_id == contact)


def _not_an_id(request: RecordRequest) -> str:
    expected = (
        "a Salesforce ID (15 or 18 letters and digits)"
        if request.system is System.SALESFORCE
        else "an Element ID (24 hexadecimal digits)"
    )
    return f"“{request.typed}” is not {expected}. Copy it from the record's page."


def _read_candidates(context: SyncContext, kind: Kind, system: System, row: Row) -> None:
    """Ask both systems for whatever may be the other half: by the stored IDs, and by the match fields."""
    _read_alike(context, kind, system, row)
    mapping, connectors = context.mapping(kind), context.connectors
    link = mapping.link(system.other)
    if link is not None:
        field = link.of(system.other)
        found = connectors[system.other].find(mapping, field, [str(row[SIDES[system].id])])
        ingest(context, kind, system.other, found)
    for matched in mapping.match_on[:1]:
        value = (row[system.value] or {}).get(matched.of(system).key)
        if isinstance(value, str):
            for each, connector in connectors.items():
                ingest(context, kind, each, connector.find_alike(mapping, matched, value))


def _read_alike(context: SyncContext, kind: Kind, system: System, row: Row) -> None:
    """Read the records again that were known to have the same match values: somebody may have corrected one
    of them."""
    key, pairs = row[SIDES[system].match], context.pairs(kind)
    for each in System if key else ():
        side = SIDES[each]
        with context.database.connect() as connection:
            alike = pairs.page(
                connection, PAIRS.c[side.match] == key, PAIRS.c[side.id].is_not(None), limit=ALIKE
            )
        refresh(context, kind, each, (other[side.id] for other in alike if other["id"] != row["id"]))
