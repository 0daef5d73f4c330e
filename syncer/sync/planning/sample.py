"""A random sample of the pairs of one kind, so that what is seen of it holds for all of them: the first ones
by number are the oldest, and differ from the rest. Reads the database alone."""

from random import Random

from sqlalchemy import ColumnElement, Connection, func, select

from syncer.sync.pair_store import CHUNK, PAIRS, PairStore

_SPARSE = 50
"""After so many numbers drawn for each pair that is wanted, fewer pairs have to do."""


def random_ids(
    connection: Connection, pairs: PairStore, condition: ColumnElement[bool], size: int, random: Random
) -> list[int]:
    """The numbers of at most ``size`` pairs that meet the condition, each as likely as any other, in random
    order; all of them where there are no more."""
    here = (pairs.here, condition)
    first, last, known = connection.execute(
        select(func.min(PAIRS.c.id), func.max(PAIRS.c.id), func.count()).where(*here)
    ).one()
    if known <= size:
        every = list(connection.execute(select(PAIRS.c.id).where(*here)).scalars())
        random.shuffle(every)
        return every
    # Numbers are drawn, and those without a pair left aside: no query has to read or sort everything.
    found: dict[int, None] = {}
    for _ in range(_SPARSE * -(-size // CHUNK)):
        drawn = [number for number in _draw(first, last, random) if number not in found]
        hits = set(connection.execute(select(PAIRS.c.id).where(*here, PAIRS.c.id.in_(drawn))).scalars())
        found |= dict.fromkeys(number for number in drawn if number in hits)
        if len(found) >= size:
            break
    return list(found)[:size]


def _draw(first: int, last: int, random: Random) -> list[int]:
    return list(dict.fromkeys(random.randint(first, last) for _ in range(CHUNK)))
