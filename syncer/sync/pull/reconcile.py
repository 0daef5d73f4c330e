"""The nightly comparison of IDs: puts right what the increments missed, by IDs only, and reads again what
moves no stamp (docs/architecture.md, "Incremental reading")."""

from more_itertools import chunked
from sqlalchemy import select, update

from syncer.core.records import RecordState, System
from syncer.sync.pair_store import CHUNK, PAIRS, SIDES
from syncer.sync.pull.absence import listed
from syncer.sync.pull.ingest import Ingester
from syncer.sync.pull.pull import Pull
from syncer.sync.pull.watermarks import Watermark


def reconcile(pull: Pull) -> None:
    """Compare the IDs of both systems with the pairs: what is unknown is read, what is missing is asked for
    (rule 9).

    A system with mapped formula fields is read whole instead, since a formula moves no stamp
    (contracts/salesforce.md A5.2, 5).
    """
    for system in System:
        formulas = any(field.calculated for field in pull.mapping.read_from(system))
        if system is System.SALESFORCE and formulas:
            pull.run(system, full=True)
        else:
            _compare_ids(pull, system)


def _compare_ids(pull: Pull, system: System) -> None:
    context, side = pull.context, SIDES[system]
    with context.database.begin() as connection:
        generation = Watermark(pull.mapping, system).next_generation(connection)
    ingester = Ingester(pull.pairs, system, context.clock(), generation)
    for ids in context.connectors[system].ids(pull.mapping):
        known = set[str]()
        with context.database.begin() as connection:
            for chunk in chunked(ids, CHUNK):
                here = (
                    pull.pairs.here,
                    PAIRS.c[side.id].in_(chunk),
                    PAIRS.c[side.state] == RecordState.LIVE.value,
                )
                known |= set(connection.execute(select(PAIRS.c[side.id]).where(*here)).scalars())
                connection.execute(update(PAIRS).where(*here).values({side.generation: generation}))
        unknown = [identity for identity in ids if identity not in known]
        records = listed(context.connectors[system].read(pull.mapping, unknown))
        with context.database.begin() as connection:
            ingester.ingest(connection, records)
        pull.on_page(len(ids))
    pull.find_missing(system, ingester, generation)
