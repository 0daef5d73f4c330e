"""The nightly comparison of ids: puts right what the increments missed, by ids only, and reads again what
moves no stamp (docs/architecture.md, "A run")."""

from collections.abc import Iterator

from sqlalchemy import Engine, select, update

from syncer.connectors.protocol import Element451, Salesforce
from syncer.core.mapping import Mapping
from syncer.core.records import State, System
from syncer.sync.pair_store import CHUNK, PAIRS, SIDES, Pairs
from syncer.sync.pull.ingest import Absorber
from syncer.sync.pull.pull import Pull, read_by_id
from syncer.sync.pull.watermarks import Mark


def reconcile(
    engine: Engine, salesforce: Salesforce, element451: Element451, mapping: Mapping, pull: Pull
) -> None:
    """Compare the ids of both sides with the pairs: what is unknown is read, what is missing is asked for and
    is gone if it is not there.

    A side with mapped formula fields is read whole instead, since a formula moves no stamp
    (contracts/salesforce.md A5.2 point 5).
    """
    for system in System:
        if system is System.SALESFORCE and any(field.calculated for field in mapping.read_from(system)):
            pull.run(system, full=True)
        else:
            _compare(engine, salesforce, element451, mapping, pull, system)


def _compare(
    engine: Engine,
    salesforce: Salesforce,
    element451: Element451,
    mapping: Mapping,
    pull: Pull,
    system: System,
) -> None:
    pairs, side = Pairs(mapping), SIDES[system]
    with engine.begin() as connection:
        generation = Mark(mapping, system).next_generation(connection)
    absorber = Absorber(pairs, system, generation)
    for ids in _ids(salesforce, element451, mapping, system):
        known = set[str]()
        with engine.begin() as connection:
            for at in range(0, len(ids), CHUNK):
                here = (
                    pairs.here,
                    PAIRS.c[side.id].in_(ids[at : at + CHUNK]),
                    PAIRS.c[side.state] == State.LIVE.value,
                )
                known |= set(connection.execute(select(PAIRS.c[side.id]).where(*here)).scalars())
                connection.execute(update(PAIRS).where(*here).values({side.generation: generation}))
        missed = read_by_id(
            salesforce, element451, mapping, system, [identity for identity in ids if identity not in known]
        )
        with engine.begin() as connection:
            absorber.absorb(connection, missed)
        pull.on_page(system, len(ids))
    pull.find_missing(system, absorber, generation)


def _ids(
    salesforce: Salesforce, element451: Element451, mapping: Mapping, system: System
) -> Iterator[list[str]]:
    if system is System.ELEMENT451:
        yield from element451.ids(mapping.kind)
        return
    for page in salesforce.changed(mapping.entity, (), None, None):
        yield [record.id for record in page.records if record.state is State.LIVE]
