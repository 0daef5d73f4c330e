"""Both systems are read at once: while a page of one is absorbed, the next pages of both are on their way."""

from collections.abc import Generator, Sequence

from syncer.connectors.errors import Fault


def read_both(readings: Sequence[Generator[int, None, None]]) -> None:
    """Go through all ``readings``, each of which gives the number of records of its pages: the next page is
    always of the one that brought the fewest so far. Connectors fetch ahead of their caller, so that nobody
    waits for one system while the other has something to do; no page is held for it, and the order depends on
    nothing but what the systems answer.

    A `Fault` leaves what would have been read after it unread, were they read one after the other, and not
    what would have been read before: it is raised once that is done. Anything else ends all of them at once.
    """
    brought = dict.fromkeys(range(len(readings)), 0)
    failed: Fault | None = None
    try:
        while brought:
            place = min(brought, key=lambda one: brought[one])
            try:
                brought[place] += next(readings[place])
            except StopIteration:
                del brought[place]
            except Fault as fault:
                failed = fault
                brought = {before: records for before, records in brought.items() if before < place}
        if failed:
            raise failed
    finally:
        for reading in readings:
            reading.close()
