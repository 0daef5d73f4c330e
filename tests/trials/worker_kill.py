"""``python -m tests.trials.worker_kill``: kill every part of the worker at random moments while people edit
at both sides, and look at the end.

``python -m worker all`` keeps a school in step with a tick every few seconds. Prints a line for each kill, a
summary and every violation: an edit that was lost, a record that is there twice, a run that never ended, a
slot that nobody served, a write that no log entry tells. Exits with 1 if there was one.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from syncer.infra.database.tables import LeaseRow, table
from tests.support.postgres import running_postgres
from tests.support.sandbox import RunningSandbox, running_sandbox
from tests.trials import agreement, trace
from tests.trials.people import People
from tests.trials.picture import Picture, ids
from tests.trials.school import USED_WRONGLY
from tests.trials.stand import FLUSH, HORSE, POSTGRES, REDIS, SCHEDULER, SUPERVISOR, WORKER, Stand, standing
from tests.trials.verdict import verdict
from tests.trials.worker_kill_options import parser
from tests.worker.installation import Installation

LATENCY_MS = 40
"""How long a call takes, so that a run is long enough to be killed anywhere."""
SETTLE_SECONDS = 300
SHARE = 0.05
"""Of the pairs, how many are edited in a round at either side."""
Row = dict[str, Any]


class Staff(People):
    """People who never enter the same person at both sides: whether the sync pairs the two or sees the second
    one too late is a matter of time."""

    def _newcomers(self, sandbox: RunningSandbox) -> None:
        number = self._round
        theirs = [
            {
                "LastName": f"O'Theirs {number}",
                "Email": f"theirs.{number}.{place}@new.example.edu",
                "Description": "Ñ",
            }
            for place in range(2)
        ]
        sandbox.create_many("Contact", theirs)
        email = f"ours.{number}@new.example.edu"
        sandbox.create_element451(
            "contact", user_first_name="Ñew", user_last_name=f"O'Ours {number}", user_email_address=email
        )


class Trial:
    """Kills ``stand``'s parts, each of ``victims`` as often, in random order, with a ``pause`` of so many
    seconds (from, to) before each.

    ``tell`` is handed a line for each kill.
    """

    def __init__(
        self,
        stand: Stand,
        seed: int,
        victims: list[str],
        pause: tuple[float, float],
        tell: Callable[[str], None],
    ) -> None:
        self.stand, self.sandbox, self.tell = stand, stand.installation.sandbox, tell
        self.victims, self.random, self.pause = victims, Random(f"worker kill {seed}"), pause
        self.began = time.time()
        self.at_start = ids(self.sandbox)
        self.before = trace.held(self.sandbox)
        self.people = Staff(self.sandbox, seed, SHARE)

    def run(self, count: int) -> list[str]:
        """Kill, let it settle, stop it, and look. Returns every violation."""
        began, turns = time.monotonic(), [self.victims[place % len(self.victims)] for place in range(count)]
        self.random.shuffle(turns)
        for number, victim in enumerate(turns, 1):
            done = self._strike(victim)
            self.tell(f"kill {number:2}: {time.monotonic() - began:6.1f} s  {done}")
        self._settle()
        violations = self._stop()
        return violations + self.look()

    def _strike(self, victim: str) -> str:
        """Wait for a random moment, with edits on the way, and kill. A work horse is awaited: it is there
        most of the time."""
        pause = self.random.uniform(*self.pause)
        edit_at = self.random.random()
        time.sleep(pause * edit_at)
        self.people.act([self.sandbox])
        time.sleep(pause * (1 - edit_at))
        deadline = time.monotonic() + 60
        while (done := self.stand.kill(victim)) is None:
            if time.monotonic() > deadline:
                raise AssertionError(f"there was no {victim} to kill for a minute; see {self.stand.log}")
            self.stand.keep()
            time.sleep(0.02)
        return done

    def _settle(self) -> None:
        """Wait until the runs of two slots that began after the last edit are done."""
        edited, deadline = time.time(), time.monotonic() + SETTLE_SECONDS
        while time.monotonic() < deadline:
            later = {
                row["slot"] for row in self._runs() if row["state"] == "done" and (row["slot"] or 0) > edited
            }
            if len(later) >= 2:
                return
            self.stand.keep()
            time.sleep(0.2)

    def _stop(self) -> list[str]:
        status = self.stand.stop()
        # One that begins while the database is being restarted says so, and is started again.
        ended = [status] + [
            refused
            for refused in self.stand.refusals
            if refused != USED_WRONGLY or POSTGRES not in self.victims
        ]
        wrong = [f"the supervisor ended with {status}" for status in ended if status]
        return wrong + [f"process {pid} was left running" for pid in self.stand.leftovers()]

    def look(self) -> list[str]:
        """What is wrong now that all is quiet, a line each."""
        runs, journal, entries = self._runs(), self.sandbox.journal(), self.stand.installation.entries()
        picture = Picture.of(self.sandbox, self.at_start)
        found = agreement.disagreements(self.sandbox) + agreement.lost_edits(self.sandbox, journal)
        found += [f"{key} is there twice, or was created twice" for key in picture.twice]
        found += agreement.unlogged(self.before, journal, entries)
        found += trace.untrue(journal, [entry | {"entry": entry["id"]} for entry in entries])
        found += [f"run {row['id']} is still called running" for row in runs if row["state"] == "running"]
        found += [f"the lease “{name}” is still held by {owner}" for name, owner in self._leases() if owner]
        found += [f"nobody served the slot of second {slot}" for slot in self._missed(runs)]
        found += [
            f"run {row['id']} ended {row['state']} without a reason"
            for row in runs
            if row["state"] != "done" and not row["reason"]
        ]
        found += self._busy_at_the_end(runs, journal)
        for line in [*self._summary(runs, journal), *(self._story(runs) if found else [])]:
            self.tell(line)
        return found

    def _story(self, runs: list[Row]) -> list[str]:
        """Every run, and what the worker complained of: where something is wrong, nobody can ask again."""
        told = [
            f"run {row['id']}, slot {row['slot']}: {row['started_at']}, {row['seconds']:.1f} s,"
            f" {row['state']} {row['code']}"
            for row in runs
        ]
        return told + [
            f"log: {line}" for line in self.stand.lines() if line.get("level") in ("warning", "error")
        ]

    def _busy_at_the_end(self, runs: list[Row], journal: list[Row]) -> list[str]:
        """The last run had nothing to do: whatever was edited was carried before."""
        last = [row for row in scheduled(runs) if row["state"] == "done"][-1]
        late = [
            line
            for line in journal
            if line["by"] == "api" and datetime.fromisoformat(line["time"]) >= last["started_at"]
        ]
        return [
            f"the last run, {last['id']}, wrote {line['object']} {line['id']}, though nobody edited"
            for line in late
        ]

    def _summary(self, runs: list[Row], journal: list[Row]) -> list[str]:
        slots = [row["slot"] for row in runs if row["slot"] is not None]
        states = Counter(f"{row['state']} {row['code']}".strip() for row in runs)
        writes = Counter(f"{line['operation']}s by {line['by']}" for line in journal)
        alone = set(slots) - {row["slot"] for row in runs if row["code"] != "PROCESS_ENDED"}
        return [
            f"{len(set(slots))} slots of {self._interval()} s, {len(runs)} runs: "
            + ", ".join(f"{count} {state}" for state, count in states.items()),
            f"slots whose run was killed and not begun again: {len(alone)}",
            f"starts that were refused while the database came back: {len(self.stand.refusals)}",
            "journal: " + ", ".join(f"{count} {what}" for what, count in sorted(writes.items())),
        ]

    def _missed(self, runs: list[Row]) -> list[int]:
        """The slots that nobody served. One that passed, and the next one with it, before a killed
        scheduler was there again is told, but is no violation: one run for all the time that was slept
        away is enough."""
        interval = self._interval()
        missed, asleep = list[int](), list[int]()
        # An emptied Redis is given the slots of the last minute anew, which may reach back to before there
        # was a scheduler.
        ours = [row for row in runs if row["slot"] and row["slot"] > self.began - interval]
        for slot in missed_slots(ours, interval):
            slept = any(
                begin < slot + 1 and end > slot + 2 * interval - 1 for begin, end in self.stand.asleep()
            )
            (asleep if slept else missed).append(slot)
        self.tell(f"slots that passed while no scheduler was alive: {len(asleep)}")
        return missed

    def _interval(self) -> int:
        return int(self.stand.installation.environment["SYNC_INTERVAL_SECONDS"])

    def _runs(self) -> list[Row]:
        for _ in range(20):
            try:
                return self.stand.installation.runs()
            except SQLAlchemyError:
                time.sleep(0.5)  # the database is coming back
        return self.stand.installation.runs()

    def _leases(self) -> list[tuple[str, str | None]]:
        leases = table(LeaseRow)
        with self.stand.installation.application.database.connect() as connection:
            return [
                (name, owner) for name, owner in connection.execute(select(leases.c.name, leases.c.owner))
            ]


def scheduled(runs: list[Row]) -> list[Row]:
    """The runs that ticks made, oldest first."""
    return [row for row in runs if row["trigger"] == "schedule"]


def missed_slots(runs: list[Row], interval: int) -> list[int]:
    """The slots between the first and the last that no run was made for."""
    slots = sorted({row["slot"] for row in runs if row["slot"] is not None})
    return sorted(set(range(slots[0], slots[-1], interval)) - set(slots)) if slots else []


def prepared(installation: Installation) -> None:
    """Small batches and a little latency: a run takes long enough to be killed anywhere."""
    installation.configure(batch_size=20)
    installation.sandbox.options(delay_ms=LATENCY_MS)


def trial(folder: Path, options: argparse.Namespace, tell: Callable[[str], None]) -> list[str]:
    """A whole trial in ``folder``. Returns every violation."""
    with ExitStack() as stack:
        on_postgres = options.database == "postgresql"
        postgres = stack.enter_context(running_postgres(synchronous_commit="on")) if on_postgres else None
        sandbox = stack.enter_context(running_sandbox())
        sandbox.reset(contacts=options.contacts, conversations=options.contacts // 8, seed=options.seed)
        stand = stack.enter_context(
            standing(
                sandbox,
                folder,
                options.interval,
                prepare=prepared,
                own_redis=options.redis == "own",
                postgres=postgres,
            )
        )
        victims = [HORSE, WORKER, SCHEDULER, REDIS, SUPERVISOR]
        victims += [POSTGRES] * bool(postgres) + [FLUSH] * (options.redis == "own")
        return Trial(stand, options.seed, victims, options.pause, tell).run(options.count)


def main() -> int:
    """Returns the exit status: 1 where a violation was found."""
    options = parser(__doc__).parse_args()
    with ExitStack() as stack:
        if options.keep:
            options.keep.mkdir(parents=True)
        folder = options.keep or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="sync-worker-kill-"))
        )
        violations = trial(folder, options, lambda line: print(line, flush=True))
    return verdict(f"{options.count} kills", violations)


if __name__ == "__main__":
    sys.exit(main())
