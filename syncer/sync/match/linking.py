"""A person says which two records are the same: they become one pair, where no rule could tell (rule 7)."""

from syncer.core.compiled.planner import PairPlanner
from syncer.core.plan import Plan
from syncer.core.records import Kind, RecordState, System
from syncer.sync.context import SyncContext
from syncer.sync.match.join import join
from syncer.sync.pair_rows import Row
from syncer.sync.pair_store import SIDES, to_pair
from syncer.sync.pull.pull import refresh


class CannotLink(Exception):
    """The two cannot become one pair; ``str()`` says why."""


def link(context: SyncContext, element_id: str, salesforce_id: str, *, dry_run: bool = False) -> list[Plan]:
    """Make one pair of a contact of Element451 and one of Salesforce, which are both read first; gives what
    the next run does to it. What either stores of another record counts as empty from then on. Nothing is
    written to a system here, and with ``dry_run`` nothing is kept either.

    Raises `CannotLink` where one does not exist or belongs to another pair, and the connectors' `Fault`s.
    """
    kind, ids = Kind.CONTACT, {System.ELEMENT451: element_id, System.SALESFORCE: salesforce_id}
    asked = {system: SIDES[system].normal(identity) for system, identity in ids.items()}
    for system, identity in asked.items():
        if identity is None:
            raise CannotLink(f"{ids[system]} is no ID of {system.label}.")
        refresh(context, kind, system, [identity])
    pairs, rules = context.pairs(kind), context.config.rules(context.clock().date())[kind]
    with context.database.connect() as connection, connection.begin() as transaction:
        halves = {
            system: _half(pairs.by_ids(connection, system, [identity]).get(identity), system, str(identity))
            for system, identity in asked.items()
        }
        join(connection, pairs, [(halves[System.ELEMENT451], halves[System.SALESFORCE], False)])
        row = pairs.by_ids(connection, System.ELEMENT451, [asked[System.ELEMENT451]])
        plans = PairPlanner(rules).plans(to_pair(row[asked[System.ELEMENT451]]))
        if dry_run:
            transaction.rollback()
    return plans


def _half(row: Row | None, system: System, identity: str) -> Row:
    side = SIDES[system]
    if row is None or row[side.state] != RecordState.LIVE:
        raise CannotLink(f"{system.label} has no contact {identity} that the connected user can see.")
    if other := row[side.other.id]:
        raise CannotLink(
            f"{identity} of {system.label} is paired with {other} of {system.other.label} already."
        )
    return row
