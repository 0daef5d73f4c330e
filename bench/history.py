"""``python -m bench.history``: the Integration Logs with a million entries, on SQLite and PostgreSQL.

A database is filled by the statement that a run logs with, a transaction per batch. Then every question that
the log page can ask is asked for its first page, one from the middle and one from the far end; the median of
five counts. Told are the slowest questions with the database's own plan, and whether any step looked at every
entry. Last, a day is deleted by its retention, and the migrations go down to the first revision and up again
on that very database.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any

from alembic import command
from sqlalchemy import Engine, insert, text

from bench.entries import PER_RUN, SPAN, START, entries
from bench.questions import Timed, ask, questions
from syncer.infra.database import alembic_commands
from syncer.infra.database.engine import engine_for
from syncer.infra.database.migrate import migrate
from syncer.journal.log import ENTRIES, delete_old, empty_counts
from syncer.journal.runs import RUNS
from tests.support.postgres import NoServer, running_postgres

BATCH = 2000
SHOWN = 5
WHOLE = "LOOKED AT EVERY ENTRY"
DATABASES = ("sqlite", "postgresql")


@contextmanager
def database(sort: str) -> Iterator[Engine]:
    """An engine on an empty database of this sort, on disk as in production; gone afterwards. Raises
    `NoServer`."""
    if sort == "postgresql":
        with running_postgres() as server:
            engine = engine_for(server.url(server.create()))
            yield engine
            engine.dispose()
    else:
        with tempfile.TemporaryDirectory(prefix="history-") as folder:
            engine = engine_for(f"sqlite:///{Path(folder) / 'history.sqlite3'}")
            yield engine
            engine.dispose()


def fill(engine: Engine, total: int) -> float:
    """Migrate, and write ``total`` entries and their runs; the seconds that the database took to write the
    entries."""
    migrate(engine)
    with engine.begin() as connection:
        row = {
            "trigger": "schedule",
            "state": "done",
            "version": 1,
            "counts": empty_counts(),
            "calls": {},
            "seconds": 1.0,
            "reason": "",
            "code": "",
        }
        row |= {"detail": "", "cancelled_by": ""}
        connection.execute(
            insert(RUNS),
            [
                row | {"started_at": START + SPAN * (at * PER_RUN / total)}
                for at in range(total // PER_RUN + 1)
            ],
        )
    source, seconds = entries(total), 0.0
    while batch := list(islice(source, BATCH)):
        began = perf_counter()
        with engine.begin() as connection:
            connection.execute(insert(ENTRIES), batch)
        seconds += perf_counter() - began
    if engine.dialect.name == "postgresql":  # which does so by itself, within a minute
        with engine.begin() as connection:
            connection.execute(text("ANALYZE"))
    return seconds


def again(engine: Engine) -> tuple[float, float]:
    """Seconds of the migrations down to the first revision, and up to the newest."""
    began = perf_counter()
    with engine.begin() as connection:
        command.downgrade(alembic_commands.config(connection), "0001")
    down = perf_counter() - began
    began = perf_counter()
    migrate(engine)
    return down, perf_counter() - began


def measure(sort: str, total: int) -> Iterator[str]:
    """Everything about one database, line by line. Raises `NoServer`."""
    with database(sort) as engine:
        seconds = fill(engine, total)
        yield f"\n{sort}: {total:,} entries written in {seconds:.0f} s, {total / seconds:,.0f} a second"
        timed = sorted(
            (
                one
                for name, chosen in questions(total // PER_RUN).items()
                for one in ask(engine, name, chosen)
            ),
            key=lambda one: -one.milliseconds,
        )
        yield from _told(timed)
        began = perf_counter()
        deleted = delete_old(engine, 179, now=START + SPAN)
        yield f"{deleted:,} entries past their retention deleted in {perf_counter() - began:.2f} s"
        down, up = again(engine)
        yield f"migrations down to the first revision in {down:.1f} s, up to the newest in {up:.1f} s"


def _told(timed: Sequence[Timed]) -> Iterator[str]:
    yield f"{len(timed)} pages asked for; the slowest:"
    yield from (
        f"  {one.milliseconds:7.1f} ms  {one.entries:4} entries  {one.question}" for one in timed[:SHOWN]
    )
    yield f"  {timed[len(timed) // 2].milliseconds:7.1f} ms  the median page"
    yield f"plan of the slowest ({timed[0].question}):"
    yield from (f"  {line}" for line in timed[0].plan)
    whole = [one.question for one in timed if one.scans]
    yield f"{WHOLE}: {'; '.join(whole)}" if whole else "no page looked at every entry"


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit status: 0 when everything was measured and no page looked at every entry, else 1."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.history",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--entries", type=int, default=1_000_000, metavar="N", help="how many (default %(default)s)"
    )
    parser.add_argument("--on", choices=DATABASES, action="append", help="only on this database")
    options: Any = parser.parse_args(arguments)
    status = 0
    for sort in options.on or DATABASES:
        try:
            for line in measure(sort, options.entries):
                print(line, flush=True)
                status |= line.startswith(WHOLE)
        except NoServer as reason:
            print(f"\n{sort}: {reason}", flush=True)
            status = 1
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
